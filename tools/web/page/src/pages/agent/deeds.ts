/** What it did last, in words; and why, in sentences. Each is a link to its input. */
import { shownText } from '../../format/names';
import { clockOf } from '../../format/time';
import { rowText } from '../../parts/row_text';
import { h, say, show } from '../../shell/dom';
import { RECENT_TYPES } from '../../source/history';
import type { History } from '../../source/history';
import type { State } from '../../source/types';
import type { Context } from '../page';

const KINDS: readonly (readonly [string, readonly string[]])[] = [
  ['all', RECENT_TYPES], ['orders', ['order', 'cancel_request', 'cancel']], ['fills', ['fill']], ['rejects', ['reject']], ['decisions', ['decision']],
];
const SHOWN_MAX = 100;

export class Deeds {
  readonly element: HTMLElement;
  readonly said: HTMLElement;
  private readonly context: Context;
  private readonly list = h('ol', { class: 'events' });
  private readonly empty = h('p', { class: 'empty' });
  private readonly sentences = h('ol', { class: 'events tall' });
  private readonly silent = h('p', { class: 'empty' });
  private readonly select: HTMLSelectElement;
  private drawn = '';

  constructor(context: Context) {
    this.context = context;
    this.select = h('select', { 'aria-label': 'which rows', on: { change: () => context.wake() } }, ...KINDS.map(([word]) => h('option', { value: word }, word)));
    this.element = h('section', { class: 'panel deeds', 'aria-label': 'orders, fills, decisions' },
      h('header', {}, h('h2', {}, 'What it did'), this.select), h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'its last rows' }, this.empty, this.list));
    this.said = h('section', { class: 'panel explained', 'aria-label': 'explanations' },
      h('header', {}, h('h2', {}, 'Explained')), h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'sentences' }, this.silent, this.sentences));
  }

  /** What is chosen. */
  get types(): readonly string[] {
    return KINDS.find(([word]) => word === this.select.value)?.[1] ?? RECENT_TYPES;
  }

  choose(word: 'rejects'): void {
    this.select.value = word;
    this.select.focus();
    this.context.wake();
  }

  reset(): void {
    this.drawn = '';
  }

  draw(state: State, history: History): void {
    const { types } = this;
    const read = history.of === types && history.version > 0;
    const key = `${history.version}/${this.select.value}/${state.battle.zone}/${this.context.route.of}`;
    if (key === this.drawn) return;
    this.drawn = key;
    const clock = clockOf(state.battle.zone);
    const rows = history.recent.filter((row) => types.includes(row.type)).slice(-SHOWN_MAX).reverse();
    this.list.replaceChildren(...rows.map((row) => this.item(row.input, clock.fine(row.time_ns), rowText(row), row.type, String(row.side ?? ''))));
    show(this.empty, rows.length === 0);
    say(this.empty, history.trouble ?? (!read ? 'Reading\u2026' : 'Nothing of that kind so far.'));
    const said = [...history.explanations].slice(-SHOWN_MAX).reverse();
    this.sentences.replaceChildren(...said.map((one) => this.item(one.input, clock.fine(one.time_ns), shownText(one.text), 'said', '')));
    show(this.silent, said.length === 0);
    say(this.silent, history.version === 0 ? 'Reading\u2026' : 'A sentence comes with each fill, reject and elimination.');
  }

  private item(input: number, time: string, text: string, what: string, side: string): HTMLElement {
    const link = this.context.inputLink(input, '');
    link.append(h('time', {}, time), h('span', {}, text));
    return h('li', { 'data-what': what, 'data-side': side || undefined }, link);
  }
}
