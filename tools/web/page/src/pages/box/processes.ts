/** Every process in a table: feeds, exec, journal and export before agents. */
import { count, percent } from '../../format/count';
import { shownName } from '../../format/names';
import { age } from '../../format/time';
import { h, Keyed, mark, say } from '../../shell/dom';
import type { Context } from '../page';
import type { Process, State } from '../../source/types';
import { placement } from './machine';

const HEADS: readonly (readonly [string, string, string])[] = [
  ['process', '', ''], ['is', '', "an agent's or a feed's name in the battle file"], ['state', '', ''], ['core', 'number', ''],
  ['beat', 'number', 'since it copied its counters out'], ['busy', 'number', 'time in which it had work, of all'],
  ['a second', 'number', ''], ['behind', 'number', 'what it still has to read'], ['ring', 'number', 'how full the ring is that it reads'],
  ['lost', 'number', 'gaps, overruns, what had no room: not to be had again'],
];

export class ProcessTable {
  readonly element: HTMLElement;
  private readonly rows: Keyed<HTMLTableRowElement>;
  private readonly field: HTMLInputElement;
  private readonly context: Context;

  constructor(context: Context) {
    this.context = context;
    const body = h('tbody');
    this.rows = new Keyed(body, (name) => h('tr', {}, h('th', { scope: 'row' }, name), ...HEADS.slice(1).map(([, kind]) => h('td', { class: kind }))));
    this.field = h('input', {
      type: 'search', placeholder: 'filter  /', 'aria-label': 'filter processes', spellcheck: 'false', autocomplete: 'off',
      on: {
        input: () => context.wake(),
        keydown: (event) => {
          if (event.key !== 'Escape' && event.key !== 'Enter') return;
          if (event.key === 'Escape') this.field.value = '';
          this.field.blur();
          event.preventDefault();
          context.wake();
        },
      },
    });
    this.element = h('section', { class: 'panel processes', 'aria-label': 'processes' },
      h('header', {}, h('h2', {}, 'Processes'), this.field),
      h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'processes table' },
        h('table', { class: 'list' }, h('thead', {}, h('tr', {}, ...HEADS.map(([word, kind, title]) => h('th', { scope: 'col', class: kind, title: title || undefined }, word)))), body)));
  }

  filter(): void {
    this.field.focus();
  }

  unfilter(): boolean {
    if (this.field.value === '') return false;
    this.field.value = '';
    this.context.wake();
    return true;
  }

  draw(state: State): void {
    const wanted = this.field.value.trim().toLowerCase();
    const names = [...placement(state).values()].flat();
    const house = (name: string): number => (name.startsWith('agent') ? 1 : 0);
    const shown = names.filter((name) => `${name} ${state.processes?.[name]?.own ?? ''}`.toLowerCase().includes(wanted))
      .sort((a, b) => house(a) - house(b) || a.localeCompare(b, 'en', { numeric: true }));
    this.rows.arrange(shown);
    for (const name of shown) {
      const process = state.processes?.[name], row = this.rows.get(name);
      if (process && row) fill(row, process);
    }
  }
}

function amount(value: number | null | undefined, unit: string | null | undefined): string {
  return value == null || !unit ? '-' : `${count(value)} ${unit}`;
}

function fill(row: HTMLTableRowElement, process: Process): void {
  const texts = [
    process.own != null ? shownName(process.own) : '', process.state, process.core != null && process.core >= 0 ? String(process.core) : '-',
    age(process.heartbeat_age_ns ?? null), percent(process.busy_permille ?? null), amount(process.rate, process.rate_unit),
    amount(process.lag, process.lag_unit), percent(process.ring_fill_permille ?? null), count(process.lost),
  ];
  texts.forEach((text, i) => {
    const cell = row.cells[i + 1];
    if (cell) say(cell, text);
  });
  mark(row, 'data-state', process.state);
  mark(row, 'data-lost', process.lost > 0 ? '' : null);
}
