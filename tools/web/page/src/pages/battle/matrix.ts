/**
 * Who earned from whom: a row is an agent, a column whom it met; the market comes first. Blue is won,
 * orange lost, the number says how much. With many agents the cells are small and one line reads them.
 */
import { placeOf, shortMoney, signOf, signedMoney } from '../../format/money';
import { shownName } from '../../format/names';
import type { Placed } from '../../parts/board';
import { agentHue, agentStroke } from '../../parts/colours';
import { h, mark, say } from '../../shell/dom';
import type { Context } from '../page';
import type { State } from '../../source/types';

/** From so many agents on cells have no text. */
const SMALL_FROM = 13;
const SHADES = 5;

interface Cell {
  element: HTMLTableCellElement;
  shade: string;
}

export class Matrix {
  readonly element: HTMLElement;
  private readonly table = h('table', { class: 'matrix' });
  private readonly readout = h('output', { class: 'dim readout' });
  private cells: Cell[][] = [];
  private names: string[] = [];
  private state: State | null = null;

  constructor(context: Context) {
    void context;
    this.table.addEventListener('pointerover', (event) => this.read(event.target));
    this.table.addEventListener('focusin', (event) => this.read(event.target));
    this.element = h('section', { class: 'panel matrix-panel', 'aria-label': 'head to head' },
      h('header', {}, h('h2', {}, 'Who earned from whom'), this.readout),
      h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'head to head table' }, this.table));
    this.idle();
  }

  draw(state: State, placed: readonly Placed[]): void {
    this.state = state;
    const names = placed.map(({ name }) => name);
    if (names.length !== this.names.length || names.some((name, i) => name !== this.names[i])) this.make(state, names);
    let most = 0;
    for (const { agent } of placed)
      for (const value of [agent.from_market, ...Object.values(agent.head_to_head)]) most = Math.max(most, Math.abs(placeOf(value)));
    placed.forEach(({ name }, y) => {
      for (let x = 0; x <= names.length; x++) this.fill(y, x, this.value(name, x), most);
    });
  }

  /** null: nothing can have gone between them. */
  private value(name: string, x: number): string | null {
    const agent = this.state?.agents[name];
    if (!agent) return null;
    if (x === 0) return agent.from_market;
    const other = this.names[x - 1];
    return other === undefined || other === name ? null : (agent.head_to_head[other] ?? '0');
  }

  private fill(y: number, x: number, value: string | null, most: number): void {
    const cell = this.cells[y]?.[x];
    if (!cell) return;
    const share = value === null || most === 0 ? 0 : Math.abs(placeOf(value)) / most;
    /* By roots: small flows are to be seen beside a large one. */
    const shade = value === null ? 'self' : `${signOf(value)}/${Math.ceil(Math.sqrt(share) * SHADES)}`;
    if (cell.shade !== shade) {
      cell.shade = shade;
      mark(cell.element, 'data-sign', value === null ? 'self' : signOf(value) > 0 ? 'up' : signOf(value) < 0 ? 'down' : 'flat');
      mark(cell.element, 'data-shade', String(Math.ceil(Math.sqrt(share) * SHADES)));
    }
    if (this.names.length < SMALL_FROM) say(cell.element, value === null ? '' : signOf(value) === 0 ? '\u00b7' : shortMoney(value));
  }

  private make(state: State, names: string[]): void {
    this.names = names;
    this.cells = [];
    const small = names.length >= SMALL_FROM;
    mark(this.table, 'data-small', small ? '' : null);
    const swatch = (name: string): HTMLElement => {
      const id = state.agents[name]?.id ?? 0;
      return h('i', { class: 'swatch', 'aria-hidden': 'true', 'data-hue': agentHue(id), 'data-dash': agentStroke(id) });
    };
    const place = (y: number): HTMLElement => h('span', { class: 'place', 'aria-hidden': 'true' }, String(y + 1));
    const head = h('tr', {}, h('td', { class: 'corner' }, small ? '' : 'earned \u2193 from \u2192'), h('th', { scope: 'col', title: 'the recorded market' }, small ? 'm' : 'market'),
      ...names.map((name, x) => h('th', { scope: 'col', title: shownName(name) }, small ? h('span', { class: 'unseen' }, shownName(name)) : h('span', { class: 'clip' }, shownName(name)), small && place(x))));
    const rows = names.map((name, y) => {
      const row = Array.from({ length: names.length + 1 }, (_, x) => h('td', { 'data-y': y, 'data-x': x }));
      this.cells.push(row.map((element) => ({ element, shade: '' })));
      return h('tr', {}, h('th', { scope: 'row', title: shownName(name) }, small && place(y), swatch(name), h('span', { class: 'clip' }, shownName(name))), ...row);
    });
    this.table.replaceChildren(h('thead', {}, head), h('tbody', {}, ...rows));
  }

  private read(target: EventTarget | null): void {
    const cell = target instanceof Element ? target.closest('td[data-x]') : null;
    if (!(cell instanceof HTMLElement)) return this.idle();
    const name = this.names[Number(cell.dataset.y)], x = Number(cell.dataset.x);
    if (name === undefined) return;
    const value = this.value(name, x);
    const other = x === 0 ? 'the market' : shownName(this.names[x - 1] ?? '');
    say(this.readout, value === null ? '' : `${shownName(name)} ${signedMoney(value)} from ${other}`);
  }

  private idle(): void {
    say(this.readout, 'blue: won, orange: lost');
  }
}
