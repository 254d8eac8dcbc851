import { describe, expect, it } from 'vitest';
import { coloured } from '../src/map/flat';
import { appendLadder } from '../src/map/depth';
import type { Ladder } from '../src/map/depth';
import { BYTES_AN_OCTAVE, decodeLots, encodeLots, gridOf, Mips } from '../src/map/mips';
import { colourByte, place } from '../src/map/painter';
import { film, STEP_NS } from './map-rig';

const book = (bid: number, lots: number): readonly [Ladder, Ladder] => [
  [[bid, lots], [bid - 1, 2 * lots], [bid - 3, 5]],
  [[bid + 1, 3], [bid + 2, 7 * lots]],
];
const books = Array.from({ length: 13 }, (_, n) => book(1000 + (n % 5), 10 + n));

describe('levels', () => {
  it('sum rows and average columns', () => {
    const mips = new Mips(film(books));
    const total = (sums: Float64Array): number => sums.reduce((sum, lots) => sum + lots, 0);
    const all = total(mips.sums(0, 13, 0));
    expect(all * 13).toBeCloseTo(books.flat(2).reduce((sum, [, lots]) => sum + lots, 0), 6);
    for (let j = 1; j <= mips.levelsUp; j++) expect(total(mips.sums(0, 13, j))).toBeCloseTo(all, 9);
    const [left, right] = [total(mips.sums(0, 4, 2)), total(mips.sums(4, 8, 2))];
    expect(total(mips.sums(0, 8, 2))).toBeCloseTo((left + right) / 2, 9);
  });
  it('keep bids and asks apart, each in its row', () => {
    const depth = film([[[[100, 9]], [[102, 4]]]]);
    const mips = new Mips(depth);
    const sums = mips.sums(0, 1, 0);
    const row = (price: number): number[] => [...sums.subarray(2 * (price - mips.grid.firstTick), 2 * (price - mips.grid.firstTick) + 2)];
    expect([row(100), row(101), row(102)]).toEqual([[9, 0], [0, 0], [0, 4]]);
  });
  it('have as many texels as the zoom needs', () => {
    const mips = new Mips(film(books));
    const level = mips.level(2, 3);
    expect(level.height).toBe(Math.ceil(mips.grid.rows / 8));
    expect(level.bytes.length).toBe(2 * level.width * level.height);
    expect(mips.level(2, 3)).toBe(level);
  });
  it('change only where a column has changed', () => {
    const depth = film(books);
    const mips = new Mips(depth);
    const level = mips.level(1, 0);
    const before = level.bytes.slice();
    level.changed = { from: 0, to: 0 };
    mips.touch(appendLadder(depth, 12 * STEP_NS, 99, [[1003, 999]], [])!);
    expect(level.changed).toEqual({ from: 6, to: 7 });
    const differs = [...level.bytes].flatMap((byte, n) => (byte === before[n] ? [] : [Math.floor(n / 2) % level.width]));
    expect(new Set(differs)).toEqual(new Set([6]));
  });
  it('are not stretched by a stray quote', () => {
    const many = Array.from({ length: 300 }, () => book(1000, 10));
    const grid = gridOf(film([...many, [[[1, 5]], [[199_999, 5]]]]));
    expect(grid.rows).toBeLessThan(40);
    const depth = film([...many, [[[1, 5]], [[199_999, 6]]]]);
    expect(new Mips(depth).outside(300)).toBe(11);
  });
  it('of a wide day share rows among ticks', () => {
    const grid = gridOf(film([book(1000, 1), book(100_000, 1)]));
    expect(grid.rows).toBeLessThanOrEqual(4096);
    expect(grid.ticksPerRow).toBe(32);
  });
});

describe('the logarithmic scale', () => {
  it('grows, keeps 0 apart, and goes back within its step', () => {
    expect(encodeLots(0)).toBe(0);
    expect(encodeLots(0.01)).toBeGreaterThan(0);
    for (const lots of [1, 3, 10, 99, 1234, 1e6]) {
      expect(encodeLots(2 * lots + 1) - encodeLots(lots)).toBe(BYTES_AN_OCTAVE);
      expect(decodeLots(encodeLots(lots)) / lots).toBeCloseTo(1, 0);
    }
    expect(encodeLots(1e15)).toBe(255);
  });
  it('gives clear, the first and the last colour', () => {
    const range = { low: 50, high: 150 };
    expect([0, 20, 50, 100, 150, 255].map((byte) => colourByte(byte, range))).toEqual([0, 1, 1, 128, 255, 255]);
  });
});

describe('a wall', () => {
  /* Lots of 5,000 at 1,010 through columns 20 to 39, between lots of 10. */
  const wall = film(
    Array.from({ length: 64 }, (_, n): readonly [Ladder, Ladder] => [
      [[1000, 10], [999, 10]],
      [[1003, 10], [1007, n >= 20 && n < 40 ? 5000 : 10]],
    ]),
  );
  const mips = new Mips(wall);
  const scene = { depth: wall, mips, t0: 0 };

  it('lies where it was, at each zoom', () => {
    const { firstTick, rows } = mips.grid;
    for (const [width, height] of [[64, rows], [32, rows], [64, rows / 2], [16, rows / 4], [128, 2 * rows]] as const) {
      const at = place(scene, { t0: 0, t1: 64 * STEP_NS, p0: firstTick - 0.5, p1: firstTick + rows - 0.5, width, height }, width, height)!;
      const brightest = at.level.bytes.reduce((best, byte, n) => (byte > at.level.bytes[best]! ? n : best), 0);
      const x = (Math.floor(brightest / 2) % at.level.width) * (64 / (at.width || 1));
      const y = Math.floor(brightest / 2 / at.level.width);
      expect(brightest % 2).toBe(1);
      expect(x).toBeGreaterThanOrEqual(20 - 64 / at.width);
      expect(x).toBeLessThan(40);
      const price = firstTick + y * (rows / (rows / 2 ** Math.round(Math.log2(rows / (height >= rows ? rows : height)))));
      expect(Math.abs(price - 1007)).toBeLessThanOrEqual(4);
    }
  });
  it('is one texel a pixel or more, never less', () => {
    for (const width of [1000, 64, 33, 10]) {
      const at = place(scene, { t0: 0, t1: 64 * STEP_NS, p0: 990, p1: 1010, width, height: 100 }, width, 100)!;
      expect(at.xStep).toBeLessThanOrEqual(1 + 1e-9);
    }
  });
  it('is coloured as its byte says, with the lowest price below', () => {
    const level = mips.level(0, 0);
    const ramps = Uint8Array.from({ length: 2048 }, (_, n) => (n % 4 === 3 ? 255 : Math.floor(n / 4) % 256));
    const range = mips.range(0);
    const pixels = coloured(level, range, ramps, 0, level.width);
    const pixel = (c: number, price: number): number => 4 * ((level.height - 1 - (price - mips.grid.firstTick)) * level.width + c);
    expect(pixels[pixel(25, 1007)]).toBe(255);
    expect(pixels[pixel(10, 1007)]).toBe(colourByte(encodeLots(10), range));
    expect(pixels[pixel(25, 1005) + 3]).toBe(0);
  });
});
