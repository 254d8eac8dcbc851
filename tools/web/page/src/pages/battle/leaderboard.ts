/** The board: best first. A row that changes its place glides there and says for a while how far it went. */
import { count } from '../../format/count';
import { signOf, signedMoney, money } from '../../format/money';
import { shownName } from '../../format/names';
import { Moves, over } from '../../parts/board';
import type { Placed } from '../../parts/board';
import { agentHue, agentStroke } from '../../parts/colours';
import { h, Keyed, mark, say, show, tint } from '../../shell/dom';
import { calm, Pace } from '../../shell/frames';
import { address, inputAddress } from '../../shell/router';
import { member } from '../../state';
import type { Context } from '../page';
import type { Agent, CourseEvent, State } from '../../source/types';

const MOVE_MS = 8000;
const GLIDE_MS = 450;
/** More than that would fly through one another: they stand in their new places at once. */
const GLIDERS_MAX = 8;
/** Between two orders of the rows: a glide gets to its end, and the eye has a rest behind it. */
const ORDER_MS = 700;
/** As the style sheet has it: rows glide without a look at the layout. */
const ROW_PX = 30;

interface Cells {
  row: HTMLTableRowElement;
  rank: HTMLElement;
  move: HTMLAnchorElement;
  swatch: HTMLElement;
  name: HTMLAnchorElement;
  note: HTMLElement;
  out: HTMLAnchorElement;
  round: HTMLElement;
  gain: HTMLElement;
  drawdown: HTMLElement;
  positions: HTMLElement;
  fills: HTMLElement;
  rejects: HTMLElement;
}

const HEADS: readonly (readonly [string, string, string])[] = [
  ['#', 'rank', 'number'], ['agent', '', ''], ['round', 'growth of its value since the round began', 'number'],
  ['gain', 'of the whole battle', 'number'], ['drawdown', 'the largest fall of its equity from a peak', 'number wide'],
  ['pos', 'instruments that it holds lots of', 'number wide'], ['fills', '', 'number wide'], ['rejects', '', 'number wide'],
];

export class Leaderboard {
  readonly element: HTMLElement;
  private readonly context: Context;
  private readonly hover: (name: string | null) => void;
  private readonly cells = new Map<string, Cells>();
  private readonly rows: Keyed<HTMLTableRowElement>;
  private readonly moves = new Moves(MOVE_MS);
  private readonly field: HTMLInputElement;
  private places = new Map<string, number>();
  private seen: State | null = null;
  private readonly pace = new Pace(ORDER_MS);
  private ordered: readonly Placed[] = [];
  private wanted = '';

  constructor(context: Context, hover: (name: string | null) => void) {
    this.context = context;
    this.hover = hover;
    const body = h('tbody');
    this.rows = new Keyed(body, (name) => this.make(name));
    this.field = h('input', {
      type: 'search', placeholder: 'filter  /', 'aria-label': 'filter agents', spellcheck: 'false', autocomplete: 'off',
      on: {
        input: () => context.wake(),
        keydown: (event) => {
          if (event.key === 'Escape' || event.key === 'Enter') this.field.blur();
          if (event.key === 'Escape') this.field.value = '';
          if (event.key === 'Escape' || event.key === 'Enter') event.preventDefault();
          context.wake();
        },
      },
    });
    this.element = h('section', { class: 'panel board', 'aria-label': 'leaderboard' },
      h('header', {}, h('h2', {}, 'Leaderboard'), this.field),
      h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'leaderboard table' },
        h('table', { class: 'list' },
          h('thead', {}, h('tr', {}, ...HEADS.map(([word, title, kind]) => h('th', { scope: 'col', class: kind, title: title || undefined }, word)))),
          body)));
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

  draw(state: State, placed: readonly Placed[], now_ms: number, at: 'now' | 'past', hovered: string | null): void {
    if (state !== this.seen) this.moves.look(state, placed, now_ms, at === 'past');
    this.seen = state;
    const wanted = this.field.value.trim().toLowerCase();
    if (at === 'past' || over(state) || wanted !== this.wanted || placed.length !== this.ordered.length || this.pace.due(now_ms))
      this.ordered = placed;
    this.wanted = wanted;
    const shown = this.ordered.filter(({ name }) => name.toLowerCase().includes(wanted));
    const changed = this.rows.arrange(shown.map(({ name }) => name));
    if (changed) this.glide(shown);
    for (const { name, agent } of shown) {
      const cells = this.cells.get(name);
      if (!cells) continue;
      /* Its number is that of the place in which it stands; all other figures are of now. */
      say(cells.rank, String(agent.rank));
      mark(cells.row, 'data-first', agent.rank === 1 ? '' : null);
      this.fill(cells, name, member(state.agents, name) ?? agent, state, now_ms, hovered);
    }
  }

  private glide(shown: readonly Placed[]): void {
    const places = new Map(shown.map(({ name }, i) => [name, i]));
    const moved = [...places].filter(([name, place]) => this.places.has(name) && this.places.get(name) !== place);
    if (!calm() && moved.length <= GLIDERS_MAX)
      for (const [name, place] of moved) {
        const before = this.places.get(name);
        const row = this.rows.get(name);
        if (before === undefined || before === place || !row || typeof row.animate !== 'function') continue;
        row.animate([{ transform: `translateY(${(before - place) * ROW_PX}px)` }, { transform: 'none' }], { duration: GLIDE_MS, easing: 'cubic-bezier(.2,.7,.2,1)' });
      }
    this.places = places;
  }

  private make(name: string): HTMLTableRowElement {
    const number = (kind = ''): HTMLElement => h('td', { class: `number ${kind}` });
    const rank = h('span'), move = h('a', { class: 'move', hidden: true });
    const swatch = h('i', { class: 'swatch', 'aria-hidden': 'true' });
    const link = h('a', { class: 'name', href: address({ ...this.context.route, page: 'agent', of: name, why: null }), title: shownName(name) }, shownName(name));
    const note = h('span', { class: 'note', 'data-kind': 'next', title: 'would go if the round ended now', hidden: true }, 'next out');
    const out = h('a', { class: 'note', 'data-kind': 'out', hidden: true });
    const cells = {
      rank, move, swatch, name: link, note, out, round: h('span', {}), gain: number(), drawdown: number('wide'),
      positions: number('wide'), fills: number('wide'), rejects: number('wide'),
    };
    const row = h('tr', { on: { pointerenter: () => this.hover(name), pointerleave: () => this.hover(null) } },
      h('td', { class: 'number rank' }, move, rank), h('th', { scope: 'row' }, h('span', { class: 'agent' }, swatch, link, note)),
      h('td', { class: 'number' }, out, cells.round), cells.gain, cells.drawdown, cells.positions, cells.fills, cells.rejects);
    this.cells.set(name, { row, ...cells });
    return row;
  }

  private fill(cells: Cells, name: string, agent: Agent, state: State, now_ms: number, hovered: string | null): void {
    mark(cells.swatch, 'data-hue', agentHue(agent.id));
    mark(cells.swatch, 'data-dash', agentStroke(agent.id));
    mark(cells.row, 'data-out', agent.out != null ? '' : null);
    mark(cells.row, 'data-hover', hovered === name ? '' : null);
    show(cells.round, agent.out == null);
    amount(cells.round, agent.round_gain);
    amount(cells.gain, agent.gain);
    say(cells.drawdown, money(agent.drawdown));
    say(cells.positions, String(Object.values(agent.positions).filter((lots) => lots !== 0).length));
    say(cells.fills, count(agent.fills));
    say(cells.rejects, count(agent.rejects));
    mark(cells.rejects, 'title', agent.reject_most != null ? `most: ${agent.reject_most} (${agent.reject_count})` : null);
    this.fillNote(cells, name, agent, state);
    this.fillMove(cells, name, now_ms);
  }

  private fillNote(cells: Cells, name: string, agent: Agent, state: State): void {
    show(cells.note, agent.goes_next && agent.out == null && !over(state));
    show(cells.out, agent.out != null);
    if (agent.out == null) return;
    say(cells.out, `out R${agent.out_round ?? '?'}`);
    mark(cells.out, 'title', `${agent.out} in round ${agent.out_round ?? '?'}`);
    const event = this.last('out', name);
    mark(cells.out, 'href', event ? inputAddress(this.context.source.battle, event.input) : null);
  }

  private fillMove(cells: Cells, name: string, now_ms: number): void {
    const move = this.moves.of(name, now_ms);
    show(cells.move, move !== null);
    if (!move) return;
    const input = this.last('rank', name)?.input ?? move.input;
    say(cells.move, `${move.places > 0 ? '\u25b2' : '\u25bc'}${Math.abs(move.places)}`);
    tint(cells.move, move.places);
    mark(cells.move, 'href', inputAddress(this.context.source.battle, Math.min(input, move.input)));
    mark(cells.move, 'aria-label', `${move.places > 0 ? 'up' : 'down'} ${Math.abs(move.places)}`);
  }

  private last(what: CourseEvent['what'], name: string): CourseEvent | undefined {
    return this.context.film.course?.events.findLast((event) => event.what === what && event.agent === name);
  }
}

function amount(element: HTMLElement, value: string): void {
  say(element, signedMoney(value));
  mark(element, 'title', value);
  tint(element, signOf(value));
}
