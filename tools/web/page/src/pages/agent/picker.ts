/** Which agent: all of them by rank, with their gain; a filter; arrows up and down go along. */
import { signOf, signedMoney } from '../../format/money';
import { shownName } from '../../format/names';
import type { Placed } from '../../parts/board';
import { agentHue, agentStroke } from '../../parts/colours';
import { h, Keyed, mark, say, tint } from '../../shell/dom';
import { address } from '../../shell/router';
import type { Context } from '../page';

export class Picker {
  readonly element: HTMLElement;
  private readonly context: Context;
  private readonly field: HTMLInputElement;
  private readonly items: Keyed<HTMLLIElement>;
  private names: string[] = [];

  constructor(context: Context) {
    this.context = context;
    const list = h('ul', {});
    this.field = h('input', {
      type: 'search', placeholder: 'filter  /', 'aria-label': 'filter agents', spellcheck: 'false', autocomplete: 'off',
      on: {
        input: () => context.wake(),
        keydown: (event) => {
          if (event.key !== 'Escape' && event.key !== 'Enter') return;
          const first = this.names[0];
          if (event.key === 'Enter' && first !== undefined) context.go({ ...context.route, of: first });
          this.field.value = '';
          this.field.blur();
          event.preventDefault();
          context.wake();
        },
      },
    });
    this.items = new Keyed(list, (name) => h('li', {},
      h('a', { title: shownName(name) }, h('span', { class: 'number rank' }), h('i', { class: 'swatch', 'aria-hidden': 'true' }), h('span', { class: 'clip' }, shownName(name)), h('span', { class: 'number gain' }))));
    this.element = h('nav', { class: 'picker panel', 'aria-label': 'agents' }, h('header', {}, h('h2', {}, 'Agents'), this.field), h('div', { class: 'scroll', tabindex: -1 }, list));
  }

  filter(): void {
    this.field.focus();
    this.field.select();
  }

  unfilter(): boolean {
    if (this.field.value === '') return false;
    this.field.value = '';
    this.context.wake();
    return true;
  }

  /** null: there is none. */
  beside(name: string | null, step: number): string | null {
    const at = name === null ? -1 : this.names.indexOf(name);
    return this.names[at + step] ?? null;
  }

  draw(placed: readonly Placed[], chosen: string | null): void {
    const wanted = this.field.value.trim().toLowerCase();
    const shown = placed.filter(({ name }) => name.toLowerCase().includes(wanted));
    this.names = shown.map(({ name }) => name);
    this.items.arrange(this.names);
    for (const { name, agent } of shown) {
      const link = this.items.get(name)?.firstElementChild;
      const [rank, swatch, , gain] = link?.children ?? [];
      if (!link || !rank || !swatch || !gain) continue;
      mark(link, 'href', address({ ...this.context.route, page: 'agent', of: name, why: null }));
      mark(link, 'aria-current', name === chosen ? 'true' : null);
      mark(link, 'data-out', agent.out != null ? '' : null);
      say(rank, String(agent.rank));
      mark(swatch, 'data-hue', agentHue(agent.id));
      mark(swatch, 'data-dash', agentStroke(agent.id));
      say(gain, signedMoney(agent.gain));
      tint(gain, signOf(agent.gain));
    }
  }
}
