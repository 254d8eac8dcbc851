/** Trades as bubbles: which of them are drawn, how large, and which one lies under a finger. */
import type { View } from './view';
import { xOf, yOf } from './view';

export type Aggressor = 'buy' | 'sell' | 'unknown';

export interface Bubble {
  readonly t: number;
  readonly price: number;
  readonly qty: number;
  readonly side: Aggressor;
  readonly input: number;
  /** Whether an agent was in it. */
  readonly agent: boolean;
}

export interface Placed {
  readonly bubble: Bubble;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

const RADIUS_MIN = 2;
const RADIUS_MAX = 13;

/** Larger first; of two alike the earlier. */
function before(a: Bubble, b: Bubble): number {
  return b.qty - a.qty || a.input - b.input;
}

/** Sorted in place, once a scene: a drawing takes the first that it sees. */
export function largestFirst(bubbles: Bubble[]): Bubble[] {
  return bubbles.sort(before);
}

/**
 * The first `most` of `bubbles`, the largest first, that lie within the view; the largest of them has the largest
 * radius: areas go with lots. The smallest stand last, so that they are drawn over larger ones.
 */
export function placed(bubbles: readonly Bubble[], view: View, most: number): Placed[] {
  const within: Placed[] = [];
  let largest = 1;
  for (const bubble of bubbles) {
    if (within.length >= most) break;
    if (bubble.t < view.t0 || bubble.t > view.t1 || bubble.price < view.p0 || bubble.price > view.p1) continue;
    if (within.length === 0) largest = bubble.qty;
    const radius = Math.max(RADIUS_MIN, RADIUS_MAX * Math.sqrt(bubble.qty / largest));
    within.push({ bubble, x: xOf(view, bubble.t), y: yOf(view, bubble.price), radius });
  }
  return within;
}

/** The one that lies nearest to a point, within its radius and `slack`. */
export function hit<T extends { x: number; y: number; radius: number }>(all: readonly T[], x: number, y: number, slack: number): T | null {
  let best: T | null = null;
  let least = Infinity;
  for (const each of all) {
    const away = Math.hypot(each.x - x, each.y - y);
    if (away > each.radius + slack) continue;
    if (away / each.radius < least) {
      least = away / each.radius;
      best = each;
    }
  }
  return best;
}

/** `most` bubbles of all, the largest, in the order of their inputs: what is kept of a long day. */
export function kept(bubbles: Bubble[], most: number): Bubble[] {
  if (bubbles.length <= most) return bubbles;
  const largest = largestFirst([...bubbles]);
  largest.length = most;
  return largest.sort((a, b) => a.input - b.input);
}
