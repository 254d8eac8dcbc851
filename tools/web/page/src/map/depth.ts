/**
 * The depth of one instrument over time, a column a step: what GET depth answers, and columns that a running
 * battle adds. Prices are price units (10^-priceScale), times nanoseconds behind `fromNs`: both are whole
 * numbers below 2^53. A price that is none is NaN.
 */
import type { Depth } from '../source/types';
import { DEPTH_NONE } from '../source/types';

/** More columns than that are halved: two become one. */
export const COLUMNS_MAX = 4096;

export interface DepthColumns {
  columns: number;
  capacity: number;
  readonly levels: number;
  readonly fromNs: bigint;
  stepNs: number;
  readonly tick: number;
  readonly priceScale: number;
  input: Float64Array;
  bid: Float64Array;
  ask: Float64Array;
  /** Lots at bid - i * tick, at ask + i * tick: `levels` a column. */
  bidQty: Uint32Array;
  askQty: Uint32Array;
}

export function emptyColumns(levels: number, fromNs: bigint, stepNs: number, tick: number, priceScale: number): DepthColumns {
  return {
    columns: 0,
    capacity: 0,
    levels,
    fromNs,
    stepNs,
    tick,
    priceScale,
    input: new Float64Array(0),
    bid: new Float64Array(0),
    ask: new Float64Array(0),
    bidQty: new Uint32Array(0),
    askQty: new Uint32Array(0),
  };
}

function reserve(depth: DepthColumns, columns: number): void {
  if (columns <= depth.capacity) return;
  let capacity = Math.max(64, depth.capacity);
  while (capacity < columns) capacity *= 2;
  const wide = <T extends Float64Array | Uint32Array>(from: T, to: T): T => {
    to.set(from);
    return to;
  };
  depth.input = wide(depth.input, new Float64Array(capacity));
  depth.bid = wide(depth.bid, new Float64Array(capacity));
  depth.ask = wide(depth.ask, new Float64Array(capacity));
  depth.bidQty = wide(depth.bidQty, new Uint32Array(capacity * depth.levels));
  depth.askQty = wide(depth.askQty, new Uint32Array(capacity * depth.levels));
  depth.capacity = capacity;
}

export function columnsOf(answer: Depth): DepthColumns {
  const { levels, columns } = answer;
  const depth = emptyColumns(levels, answer.from_ns, Number(answer.step_ns), Number(answer.tick), answer.price_scale);
  const price = (units: bigint): number => (units === DEPTH_NONE ? NaN : Number(units));
  reserve(depth, columns);
  for (let c = 0; c < columns; c++) {
    depth.input[c] = Number(answer.input[c]!);
    depth.bid[c] = price(answer.bid[c]!);
    depth.ask[c] = price(answer.ask[c]!);
  }
  depth.bidQty.set(answer.bid_qty.subarray(0, columns * levels));
  depth.askQty.set(answer.ask_qty.subarray(0, columns * levels));
  depth.columns = columns;
  return depth;
}

/** A side of a book: [price in price units, lots], best first. */
export type Ladder = readonly (readonly [number, number])[];

function setSide(depth: DepthColumns, c: number, ladder: Ladder, best: Float64Array, qty: Uint32Array, sign: number): void {
  const first = ladder[0];
  qty.fill(0, c * depth.levels, (c + 1) * depth.levels);
  best[c] = first === undefined ? NaN : first[0];
  if (first === undefined) return;
  for (const [price, lots] of ladder) {
    const level = Math.round(((price - first[0]) * sign) / depth.tick);
    if (level >= 0 && level < depth.levels) qty[c * depth.levels + level] = lots;
  }
}

function copyColumn(depth: DepthColumns, to: number, from: number): void {
  for (const each of [depth.input, depth.bid, depth.ask]) each[to] = each[from]!;
  for (const each of [depth.bidQty, depth.askQty])
    each.copyWithin(to * depth.levels, from * depth.levels, (from + 1) * depth.levels);
}

/** Two columns become one, which shows what the later of both does. */
function halve(depth: DepthColumns): void {
  const half = Math.ceil(depth.columns / 2);
  for (let c = 0; c < half; c++) copyColumn(depth, c, Math.min(2 * c + 1, depth.columns - 1));
  depth.columns = half;
  depth.stepNs *= 2;
}

/**
 * The book at a moment, which is not before the last column's. Columns between it and the last one show the last
 * one. Returns the first column that has changed; null: a moment of the past, nothing has.
 */
export function appendLadder(depth: DepthColumns, atNs: number, input: number, bids: Ladder, asks: Ladder): number | null {
  let first = depth.columns;
  if (atNs < 0) return null;
  while (Math.floor(atNs / depth.stepNs) >= COLUMNS_MAX) {
    halve(depth);
    first = 0;
  }
  const c = Math.floor(atNs / depth.stepNs);
  if (c < depth.columns - 1) return null;
  reserve(depth, c + 1);
  for (let between = Math.max(depth.columns, 1); between < c && depth.columns > 0; between++)
    copyColumn(depth, between, depth.columns - 1);
  if (depth.columns === 0) {
    depth.bid.fill(NaN, 0, c);
    depth.ask.fill(NaN, 0, c);
  }
  setSide(depth, c, bids, depth.bid, depth.bidQty, -1);
  setSide(depth, c, asks, depth.ask, depth.askQty, 1);
  depth.input[c] = input;
  depth.columns = c + 1;
  return Math.min(first, c);
}

/** Lots that stood at a price at a moment; null: no column, or beyond the levels that are known. */
export function quantityAt(depth: DepthColumns, atNs: number, price: number): { side: 'bid' | 'ask'; lots: number } | null {
  const c = Math.floor(atNs / depth.stepNs);
  if (c < 0 || c >= depth.columns) return null;
  const below = Math.round((depth.bid[c]! - price) / depth.tick);
  const above = Math.round((price - depth.ask[c]!) / depth.tick);
  if (below >= 0 && below < depth.levels) return { side: 'bid', lots: depth.bidQty[c * depth.levels + below]! };
  if (above >= 0 && above < depth.levels) return { side: 'ask', lots: depth.askQty[c * depth.levels + above]! };
  return null;
}
