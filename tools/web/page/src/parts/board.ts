/** Who leads, in which order, and what moved. */
import type { Agent, State } from '../source/types';

export interface Placed {
  name: string;
  agent: Agent;
}

/** Best first, as the machine ranks them; equals by id. */
export function ranked(state: State): Placed[] {
  return Object.keys(state.agents)
    .map((name) => ({ name, agent: state.agents[name] as Agent }))
    .sort((a, b) => a.agent.rank - b.agent.rank || a.agent.id - b.agent.id);
}

/** It was over at the moment that is shown: of an earlier one somebody still goes next. */
export function over(state: State): boolean {
  return (state.battle.state === 'ended' || state.battle.state === 'stopped') && state.said.next_out == null;
}

export function stillIn(placed: readonly Placed[]): number {
  return placed.filter(({ agent }) => agent.out == null).length;
}

export interface Move {
  /** Places won (above 0) or lost. */
  places: number;
  /** The input that it was seen with. */
  input: number;
  /** As performance.now(). */
  at_ms: number;
}

/** Remembers places, and says for a while who moved. A jump to another moment is no move. */
export class Moves {
  private readonly keep_ms: number;
  private before = new Map<string, number>();
  private moved = new Map<string, Move>();
  private input = -1;

  constructor(keep_ms: number) {
    this.keep_ms = keep_ms;
  }

  /** After each new state. */
  look(state: State, placed: readonly Placed[], now_ms: number, jumped: boolean): void {
    const back = jumped || state.battle.input < this.input;
    if (back) this.moved.clear();
    for (const { name, agent } of placed) {
      const before = this.before.get(name);
      if (!back && before !== undefined && before !== agent.rank && agent.out == null) {
        const last = this.moved.get(name);
        const places = before - agent.rank + (last && now_ms - last.at_ms < this.keep_ms ? last.places : 0);
        this.moved.set(name, { places, input: state.battle.input, at_ms: now_ms });
      }
    }
    this.before = new Map(placed.map(({ name, agent }) => [name, agent.rank]));
    this.input = state.battle.input;
  }

  /** null: it stands where it stood. */
  of(name: string, now_ms: number): Move | null {
    const move = this.moved.get(name);
    return move && move.places !== 0 && now_ms - move.at_ms < this.keep_ms ? move : null;
  }
}
