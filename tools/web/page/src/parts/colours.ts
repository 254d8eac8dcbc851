/**
 * Agents' colours: eight that people of every colour vision tell apart, then the same eight with
 * dashed lines, then dotted ones. An agent keeps its own for the whole battle; its name always stands
 * beside it.
 */
import { ink } from '../shell/theme';

const COLOURS = 8;
const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3], [14, 5]];

export function agentColour(id: number): string {
  return ink(`--agent-${id % COLOURS}`);
}

export function agentDash(id: number): number[] {
  return [...(DASHES[Math.floor(id / COLOURS) % DASHES.length] ?? [])];
}

/** For `data-hue`, which the style sheet colours. */
export function agentHue(id: number): string {
  return String(id % COLOURS);
}

/** For `data-dash`. */
export function agentStroke(id: number): string {
  return String(Math.floor(id / COLOURS) % DASHES.length);
}
