/** Who is winning, why, and what the box does: three sentences, the race, the board, who beats whom. */
import { over, ranked } from '../parts/board';
import { h, show } from '../shell/dom';
import { Pace } from '../shell/frames';
import type { View } from '../source/source';
import type { State } from '../source/types';
import { Heroes } from './battle/heroes';
import { Happened } from './battle/happened';
import { Leaderboard } from './battle/leaderboard';
import { Matrix } from './battle/matrix';
import { Race } from './battle/race';
import type { Mount } from './page';

/** The matrix has a cell for each pair: it follows a few times a second. */
const MATRIX_MS = 400;

export const mountBattle: Mount = (element, context) => {
  const chosen = { hover: null as string | null };
  const hover = (name: string | null): void => {
    if (chosen.hover === name) return;
    chosen.hover = name;
    context.wake();
  };
  const heroes = new Heroes(context);
  const board = new Leaderboard(context, hover);
  const race = new Race(context, hover);
  const matrix = new Matrix(context);
  const happened = new Happened(context);
  const empty = h('p', { class: 'empty large', hidden: true });
  const grid = h('div', { class: 'battle-grid' }, race.element, board.element, matrix.element, happened.element);
  element.append(heroes.element, empty, grid);

  const pace = new Pace(MATRIX_MS);
  let drawn: State | null = null;
  let filmed = -1;

  return {
    draw(view: View) {
      const state = view.shown;
      const nothing = emptyText(view);
      show(empty, nothing !== null);
      show(grid, nothing === null);
      show(heroes.element, nothing === null);
      if (nothing !== null) empty.textContent = nothing;
      if (!state) return;
      const placed = ranked(state), now_ms = performance.now();
      heroes.draw(state, view.newest ?? state, placed);
      board.draw(state, placed, now_ms, view.at, chosen.hover);
      race.draw(view, state, placed, chosen.hover);
      const jumped = drawn !== null && view.at === 'past';
      if (state !== drawn && (jumped || over(state) || pace.due(now_ms))) {
        matrix.draw(state, placed);
        drawn = state;
      }
      if (context.film.version !== filmed || view.at === 'past') {
        filmed = context.film.version;
        happened.draw(state, context.film.course);
      }
    },
    key(event) {
      if (event.key === '/') {
        board.filter();
        return true;
      }
      return event.key === 'Escape' && board.unfilter();
    },
    close() {
      race.close();
      element.replaceChildren();
    },
  };
};

/** Why there is no battle to see; null: there is one. */
function emptyText(view: View): string | null {
  if (!view.shown)
    return view.connection === 'key' ? 'A key is wanted.' : view.trouble !== null ? 'The name in the top left corner leads to all battles of this server.' : (view.connection === 'lost' ? 'No connection.' : 'Waiting for the first figures\u2026');
  if (view.shown.battle.state === 'none') return 'No battle has begun here yet. It shows by itself when one does.';
  if (Object.keys(view.shown.agents).length === 0)
    return view.shown.battle.time_ns === '0' ? 'The battle has no agents yet.' : 'This battle has no agents: nobody leads. Page 2 shows its market.';
  return null;
}
