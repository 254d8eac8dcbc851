/** Depths to draw: columns of a book that is written down by hand. */
import { appendLadder, emptyColumns } from '../src/map/depth';
import type { DepthColumns, Ladder } from '../src/map/depth';

export const STEP_NS = 1e9;

/** A column a pair of ladders, of a tick of 1 and 8 levels a side. */
export function film(books: readonly (readonly [Ladder, Ladder])[]): DepthColumns {
  const depth = emptyColumns(8, 1_000_000_000_000n, STEP_NS, 1, 2);
  books.forEach(([bids, asks], n) => appendLadder(depth, n * STEP_NS, n + 1, bids, asks));
  return depth;
}
