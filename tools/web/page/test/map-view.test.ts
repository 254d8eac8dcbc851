import { describe, expect, it } from 'vitest';
import { candles, columnsACandle } from '../src/map/candles';
import { clamped, panned, priceAt, roundStep, tickAt, timeAt, timeStep, xOf, yOf, zoomed } from '../src/map/view';
import { MapClock } from '../src/map/words';

const view = { t0: 1000e9, t1: 3000e9, p0: 100, p1: 200, width: 800, height: 400 };
const bounds = { t0: 0, t1: 10_000e9, p0: 0, p1: 1000, tick: 5 };

describe('pixels', () => {
  it('go to prices and moments and back', () => {
    for (const x of [0, 1, 399.5, 800]) expect(xOf(view, timeAt(view, x))).toBeCloseTo(x, 6);
    for (const y of [0, 7, 200, 400]) expect(yOf(view, priceAt(view, y))).toBeCloseTo(y, 6);
    expect(xOf(view, 2000e9)).toBe(400);
    expect(yOf(view, 200)).toBe(0);
    expect(yOf(view, 100)).toBe(400);
  });
  it('lie in the row of the nearest tick', () => {
    expect(tickAt(view, yOf(view, 147.4), 5)).toBe(145);
    expect(tickAt(view, yOf(view, 147.6), 5)).toBe(150);
  });
});

describe('moving', () => {
  it('zooms around what is pointed at', () => {
    const near = zoomed(view, 200, 100, 0.5, 0.25);
    expect(timeAt(near, 200)).toBeCloseTo(timeAt(view, 200), 3);
    expect(priceAt(near, 100)).toBeCloseTo(priceAt(view, 100), 9);
    expect(near.t1 - near.t0).toBeCloseTo(1000e9, 3);
    expect(near.p1 - near.p0).toBeCloseTo(25, 9);
  });
  it('pans with the hand', () => {
    const moved = panned(view, 80, 40);
    expect(xOf(moved, timeAt(view, 0))).toBeCloseTo(80, 6);
    expect(yOf(moved, priceAt(view, 0))).toBeCloseTo(40, 6);
  });
  it('stays where something is', () => {
    expect(clamped(panned(view, 1e6, 1e6), bounds)).toMatchObject({ t0: 0, t1: 2000e9, p1: 1000 });
    expect(clamped(zoomed(view, 400, 200, 1e6, 1e6), bounds)).toMatchObject({ t0: 0, t1: 10_000e9, p0: 0, p1: 1000 });
    const near = clamped(zoomed(view, 400, 200, 1e-12, 1e-12), bounds);
    expect(near.t1 - near.t0).toBeCloseTo(1e6, 0);
    expect(near.p1 - near.p0).toBeCloseTo(20, 9);
  });
});

describe('scales', () => {
  it('have round steps, none finer than a tick', () => {
    expect(roundStep(100, 10, 1)).toBe(10);
    expect(roundStep(100, 12, 1)).toBe(10);
    expect(roundStep(13, 3, 1)).toBe(5);
    expect(roundStep(3, 10, 5)).toBe(5);
  });
  it('have whole seconds, minutes and hours', () => {
    expect(timeStep(6 * 3600e9, 6)).toBe(3600e9);
    expect(timeStep(100e9, 8)).toBe(15e9);
    expect(timeStep(1e7, 8)).toBe(2e6);
  });
  it('begin in the zone', () => {
    /* 2026-01-05 09:30:00 in New York. */
    const clock = new MapClock(1_767_623_400_000_000_000n, 'America/New_York');
    expect(clock.text(0, 0)).toBe('09:30:00');
    expect(clock.text(1_500_000, 3)).toBe('09:30:00.001');
    expect(clock.ofDay(0)).toBe(9.5 * 3600e9);
    expect(clock.ns(12)).toBe(1_767_623_400_000_000_012n);
  });
});

describe('candles', () => {
  const of = {
    t0: 100, stepNs: 10,
    open: [5, null, 7, 1, null], high: [9, null, 8, 2, null], low: [4, null, 3, 1, null], close: [6, null, 7, 2, null],
    volume: [10, 0, 20, 5, 0],
  };
  it('put columns together', () => {
    expect(candles(of, 2)).toEqual([
      { t0: 100, t1: 120, open: 5, high: 9, low: 4, close: 6, volume: 10 },
      { t0: 120, t1: 140, open: 7, high: 8, low: 1, close: 2, volume: 25 },
    ]);
    expect(candles(of, 8)).toEqual([{ t0: 100, t1: 180, open: 5, high: 9, low: 1, close: 2, volume: 35 }]);
  });
  it('are as wide as can be seen', () => {
    expect(columnsACandle(10, 7)).toBe(1);
    expect(columnsACandle(2, 7)).toBe(4);
    expect(columnsACandle(0.1, 7)).toBe(128);
  });
});
