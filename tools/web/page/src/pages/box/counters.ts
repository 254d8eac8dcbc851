/** What the processes and the machine have counted: of one at a time, what is not zero. */
import { whole } from '../../format/count';
import { shownText } from '../../format/names';
import { h, say, show } from '../../shell/dom';
import { Pace } from '../../shell/frames';
import type { Source } from '../../source/source';
import type { Counters as Answer, State } from '../../source/types';
import { refused } from '../../shell/why_panel';

const ASK_MS = 3000;
const MACHINE = 'the machine';

export class Counters {
  readonly element: HTMLElement;
  private readonly source: Source;
  private readonly wake: () => void;
  private readonly select: HTMLSelectElement;
  private readonly body = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'counters' });
  private readonly pace = new Pace(ASK_MS);
  private answer: Answer | null = null;
  private input = -1;
  private asking = false;
  private drawn = '';

  constructor(source: Source, wake: () => void) {
    this.source = source;
    this.wake = wake;
    this.select = h('select', { 'aria-label': 'whose counters', on: { change: () => this.list() } });
    this.element = h('section', { class: 'panel counters', 'aria-label': 'what was counted' },
      h('header', {}, h('h2', {}, 'Counted'), this.select), this.body);
    show(this.element, source.counters !== undefined);
  }

  draw(state: State): void {
    if (this.source.counters === undefined || this.asking || state.battle.input === this.input || !this.pace.due()) return;
    this.asking = true;
    void this.ask(state.battle.input);
  }

  private async ask(input: number): Promise<void> {
    try {
      this.answer = (await this.source.counters?.()) ?? null;
      this.input = input;
      this.options();
      this.list();
    } catch (error) {
      this.body.replaceChildren(...refused(error));
      this.drawn = '';
    } finally {
      this.asking = false;
      this.wake();
    }
  }

  private options(): void {
    const names = [...Object.keys(this.answer?.processes ?? {}), MACHINE];
    const key = names.join('\n');
    if (this.select.dataset.key === key) return;
    this.select.dataset.key = key;
    const before = this.select.value;
    this.select.replaceChildren(...names.map((name) => h('option', { value: name }, shownText(name))));
    this.select.value = names.includes(before) ? before : (names.find((name) => name.startsWith('feed')) ?? MACHINE);
  }

  private list(): void {
    const of = this.select.value;
    const values = Object.entries((of === MACHINE ? this.answer?.machine : this.answer?.processes[of]) ?? {}).filter(([, value]) => value !== 0);
    const key = of + JSON.stringify(values);
    if (key === this.drawn) return;
    this.drawn = key;
    if (values.length === 0) {
      this.body.replaceChildren(h('p', { class: 'empty' }, 'Nothing yet.'));
      return;
    }
    this.body.replaceChildren(h('dl', { class: 'pairs' }, ...values.map(([name, value]) => {
      const amount = h('dd', { class: 'number' });
      say(amount, typeof value === 'number' ? whole(value) : shownText(value));
      return h('div', {}, h('dt', { class: 'dim clip' }, shownText(name)), amount);
    })));
  }
}
