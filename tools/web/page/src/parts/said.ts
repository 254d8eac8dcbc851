/**
 * The sentences: who leads and why, who goes next or earned most. The server says them (the words of
 * `royale top`); here stands which label each has, and where the agent's name in it ends.
 */
import { shownText } from '../format/names';
import type { State } from '../source/types';
import { over, ranked, stillIn } from './board';

export interface Sentence {
  label: string;
  /** The agent that the sentence begins with, as the battle names it; null: none. */
  agent: string | null;
  /** What follows the name; without an agent, all. */
  text: string;
}

/* A name may hold any character, so that the longest that fits is meant. */
function sentence(state: State, label: string, text: string): Sentence {
  const names = Object.keys(state.agents).filter((name) => text === name || text.startsWith(`${name} `) || text.startsWith(`${name},`));
  const agent = names.reduce<string | null>((best, name) => (best === null || name.length > best.length ? name : best), null);
  return { label, agent, text: shownText(agent === null ? text : text.slice(agent.length).replace(/^,? /, '')) };
}

export function sentences(state: State): { leads: Sentence; next: Sentence } {
  const placed = ranked(state);
  const won = over(state) || (placed.length > 1 && stillIn(placed) <= 1);
  const { said } = state;
  return {
    leads: sentence(state, won ? 'first' : 'leads', said.leads ?? ''),
    next: said.earned != null ? sentence(state, 'earned most', said.earned.replace(/^most: /, '')) : sentence(state, 'next out', said.next_out ?? ''),
  };
}
