/**
 * What is drawn of a depth: bytes on a logarithmic scale, a texture a zoom. Level (i, j) has a texel for 2^i columns
 * and 2^j rows: the lots of its rows are summed, those of its columns averaged, so that a wall keeps its weight
 * whatever the zoom, and a draw looks at one texel a pixel however long the day. Levels are made when they are first
 * drawn; a column that changes is made anew in those that are there.
 */
import type { DepthColumns } from './depth';

/** Bytes of an octave of lots, so that 2^25 lots are the last byte. */
export const BYTES_AN_OCTAVE = 10;
/** Rows that a texture may have; more ticks than that share rows. */
export const ROWS_MAX = 4096;
/** Of the columns' best prices, so many on each side may lie outside of the rows. */
const STRAY = 0.01;
/** Columns that are looked at to find out which colours stand for what. */
const RANGE_COLUMNS = 128;

/** The rows of a depth: row r holds the ticks from firstTick + r * ticksPerRow on. */
export interface Grid {
  readonly firstTick: number;
  readonly ticksPerRow: number;
  readonly rows: number;
}

export interface Level {
  readonly width: number;
  readonly height: number;
  /** Two bytes a texel: bids, asks. Row 0 is the lowest price. */
  readonly bytes: Uint8Array;
  /** Texels across, [from, to), that have changed since they were last drawn; the painter empties it. */
  changed: { from: number; to: number };
}

export interface ByteRange {
  readonly low: number;
  readonly high: number;
}

export function encodeLots(lots: number): number {
  return lots <= 0 ? 0 : Math.min(255, 1 + Math.round(BYTES_AN_OCTAVE * Math.log2(1 + lots)));
}

export function decodeLots(byte: number): number {
  return byte === 0 ? 0 : 2 ** ((byte - 1) / BYTES_AN_OCTAVE) - 1;
}

/** Where most of the best prices lie, and the levels around them; a few stray quotes do not stretch it. */
export function gridOf(depth: DepthColumns): Grid {
  const best: number[] = [];
  for (let c = 0; c < depth.columns; c++)
    for (const price of [depth.bid[c]!, depth.ask[c]!]) if (!Number.isNaN(price)) best.push(price / depth.tick);
  if (best.length === 0) return { firstTick: 0, ticksPerRow: 1, rows: 1 };
  best.sort((a, b) => a - b);
  const stray = Math.floor(best.length * STRAY);
  const low = Math.floor(best[stray]!) - depth.levels;
  const high = Math.ceil(best[best.length - 1 - stray]!) + depth.levels;
  const ticks = high - low + 1;
  const ticksPerRow = 2 ** Math.max(0, Math.ceil(Math.log2(ticks / ROWS_MAX)));
  return { firstTick: low, ticksPerRow, rows: Math.ceil(ticks / ticksPerRow) };
}

export class Mips {
  readonly grid: Grid;
  private readonly made = new Map<string, Level>();
  private readonly ranges = new Map<number, ByteRange>();

  constructor(
    private readonly depth: DepthColumns,
    grid?: Grid,
  ) {
    this.grid = grid ?? gridOf(depth);
  }

  /** Lots of each row, both sides, averaged over the columns [from, to) that there are: 2 * height numbers. */
  sums(from: number, to: number, j: number): Float64Array {
    const { depth, grid } = this;
    const height = Math.ceil(grid.rows / 2 ** j);
    const out = new Float64Array(2 * height);
    const end = Math.min(to, depth.columns);
    const ticksPerTexel = grid.ticksPerRow * 2 ** j;
    for (let c = from; c < end; c++) {
      this.add(out, 0, Math.round(depth.bid[c]! / depth.tick), -1, depth.bidQty, c, ticksPerTexel, height);
      this.add(out, 1, Math.round(depth.ask[c]! / depth.tick), 1, depth.askQty, c, ticksPerTexel, height);
    }
    for (let n = 0; n < out.length && end - from > 1; n++) out[n]! /= end - from;
    return out;
  }

  private add(
    out: Float64Array,
    side: number,
    best: number,
    sign: number,
    qty: Uint32Array,
    c: number,
    ticksPerTexel: number,
    height: number,
  ): void {
    if (Number.isNaN(best)) return;
    const at = c * this.depth.levels;
    for (let i = 0; i < this.depth.levels; i++) {
      const lots = qty[at + i]!;
      if (lots === 0) continue;
      const row = Math.floor((best + sign * i - this.grid.firstTick) / ticksPerTexel);
      if (row >= 0 && row < height) out[2 * row + side]! += lots;
    }
  }

  /** Lots that no row shows, in a column: of stray quotes. */
  outside(c: number): number {
    let all = 0;
    for (let i = c * this.depth.levels; i < (c + 1) * this.depth.levels; i++)
      all += this.depth.bidQty[i]! + this.depth.askQty[i]!;
    return all - this.sums(c, c + 1, 0).reduce((sum, lots) => sum + lots, 0);
  }

  /** The highest levels there are. */
  get levelsAcross(): number {
    return Math.ceil(Math.log2(Math.max(1, this.depth.capacity)));
  }
  get levelsUp(): number {
    return Math.ceil(Math.log2(Math.max(1, this.grid.rows)));
  }

  level(i: number, j: number): Level {
    const name = `${i},${j}`;
    const there = this.made.get(name);
    const width = Math.ceil(Math.max(1, this.depth.capacity) / 2 ** i);
    if (there !== undefined && there.width === width) return there;
    const height = Math.ceil(this.grid.rows / 2 ** j);
    const level = { width, height, bytes: new Uint8Array(2 * width * height), changed: { from: 0, to: width } };
    this.fill(level, i, j, 0, Math.ceil(this.depth.columns / 2 ** i));
    this.made.set(name, level);
    return level;
  }

  has(level: Level): boolean {
    for (const each of this.made.values()) if (each === level) return true;
    return false;
  }

  private fill(level: Level, i: number, j: number, from: number, to: number): void {
    for (let x = from; x < to; x++) {
      const sums = this.sums(x * 2 ** i, (x + 1) * 2 ** i, j);
      for (let y = 0, n = 0; y < level.height; y++, n += 2) {
        const at = 2 * (y * level.width + x);
        level.bytes[at] = encodeLots(sums[n]!);
        level.bytes[at + 1] = encodeLots(sums[n + 1]!);
      }
    }
  }

  /** Columns from `first` on have changed. */
  touch(first: number): void {
    this.ranges.clear();
    for (const [name, level] of this.made) {
      const [i, j] = name.split(',').map(Number) as [number, number];
      if (level.width !== Math.ceil(this.depth.capacity / 2 ** i)) {
        this.made.delete(name); /* it has grown: made anew when it is drawn */
        continue;
      }
      const from = Math.floor(first / 2 ** i);
      const to = Math.ceil(this.depth.columns / 2 ** i);
      this.fill(level, i, j, from, to);
      const before = level.changed;
      level.changed =
        before.from < before.to ? { from: Math.min(from, before.from), to: Math.max(to, before.to) } : { from, to };
    }
  }

  /** Bytes between which most texels of level (., j) with lots lie: the first and the last colour stand for them. */
  range(j: number): ByteRange {
    const there = this.ranges.get(j);
    if (there !== undefined) return there;
    const range = this.rangeOf(j);
    this.ranges.set(j, range);
    return range;
  }

  private rangeOf(j: number): ByteRange {
    const count = new Uint32Array(256);
    const step = Math.max(1, Math.floor(this.depth.columns / RANGE_COLUMNS));
    let all = 0;
    for (let c = 0; c < this.depth.columns; c += step)
      for (const lots of this.sums(c, c + 1, j)) {
        if (lots <= 0) continue;
        count[encodeLots(lots)]!++;
        all++;
      }
    const at = (share: number): number => {
      let seen = 0;
      for (let byte = 1; byte < 256; byte++) {
        seen += count[byte]!;
        if (seen > share * all) return byte;
      }
      return 255;
    };
    if (all === 0) return { low: 1, high: 255 };
    const low = at(0.05);
    return { low, high: Math.max(low + BYTES_AN_OCTAVE, at(0.995)) };
  }
}
