import { describe, expect, it } from 'vitest';
import type { Bubble } from '../src/map/bubbles';
import { hit, kept, largestFirst, placed } from '../src/map/bubbles';
import { leftOut, placeFills, placeOrders } from '../src/map/overlay';
import { Own, unitsOf } from '../src/map/own';
import { paletteOf } from '../src/map/palette';

const view = { t0: 0, t1: 1000, p0: 0, p1: 100, width: 1000, height: 100 };
const bubble = (t: number, qty: number, input: number, price = 50): Bubble => ({ t, price, qty, side: 'buy', input, agent: false });

describe('bubbles', () => {
  it('are the largest within the view, larger ones first', () => {
    const all = [bubble(10, 5, 1), bubble(20, 100, 2), bubble(5000, 999, 3), bubble(30, 25, 4), bubble(40, 5, 5), bubble(50, 70, 6, 200)];
    expect(placed(largestFirst(all), view, 3).map((each) => each.bubble.input)).toEqual([2, 4, 1]);
  });
  it('have areas as their lots', () => {
    const [large, small] = placed([bubble(10, 400, 1), bubble(20, 100, 2)], view, 9);
    expect(large!.radius / small!.radius).toBeCloseTo(2, 9);
    expect([large!.x, large!.y]).toEqual([10, 50]);
  });
  it('are hit within their radius, the one whose middle is nearest', () => {
    const all = placed([bubble(100, 400, 1), bubble(110, 25, 2)], view, 9);
    expect(hit(all, 100, 50, 0)?.bubble.input).toBe(1);
    expect(hit(all, 110, 50, 0)?.bubble.input).toBe(2);
    expect(hit(all, 300, 50, 4)).toBeNull();
  });
  it('that are kept are the largest, in order', () => {
    expect(kept([bubble(1, 5, 1), bubble(2, 9, 2), bubble(3, 7, 3)], 2).map((each) => each.input)).toEqual([2, 3]);
  });
});

describe("an agent's orders", () => {
  const row = (name: string, input: number, more: object): never =>
    ({ type: name, input, n: 1, time_ns: String(1000 + input), instrument: 'X', side: 'buy', price: '1.50', ...more }) as never;

  it('stand from when they rest until nothing of them is open', () => {
    const own = new Own('X', 2, 1000n);
    expect(
      own.add([
        row('rested', 1, { cl_ord_id: '7', qty: 10 }),
        row('fill', 5, { cl_ord_id: '7', qty: 4, leaves: 6 }),
        row('fill', 8, { cl_ord_id: '7', qty: 6, leaves: 0 }),
        row('rested', 9, { cl_ord_id: '8', qty: 3, side: 'sell' }),
        row('cancel', 20, { cl_ord_id: '8', qty: 3, side: 'sell' }),
        row('rested', 30, { cl_ord_id: '9', qty: 1 }),
        row('rested', 31, { cl_ord_id: '10', qty: 1, instrument: 'Y' }),
      ]),
    ).toBe(true);
    expect(own.orders.map(({ clOrdId, from, to, side, price }) => [clOrdId, from, to, side, price])).toEqual([
      ['7', 1, 8, 'buy', 150],
      ['8', 9, 20, 'sell', 150],
      ['9', 30, NaN, 'buy', 150],
    ]);
    expect(own.fills.map(({ t, qty }) => [t, qty])).toEqual([[5, 4], [8, 6]]);
  });
  it('are counted once, however often a row comes', () => {
    const own = new Own('X', 2, 1000n);
    const rows = [row('fill', 5, { cl_ord_id: '7', qty: 4, leaves: 0 })];
    own.add(rows);
    expect(own.add(rows)).toBe(false);
    expect(own.fills).toHaveLength(1);
  });
  it('lie on the map, an open one until now', () => {
    const own = new Own('X', 0, 0n);
    own.add([row('rested', 100, { cl_ord_id: '1', qty: 1, price: '40', time_ns: '100' })]);
    expect(placeOrders(own.orders, view, 600)).toEqual([{ order: own.orders[0], x0: 100, x1: 600, y: 60 }]);
    expect(placeFills(own.fills, view)).toEqual([]);
  });
  it('are of the whole view where they are thinned, and the map says so', () => {
    const own = new Own('X', 0, 0n);
    own.add(Array.from({ length: 600 }, (_, n) => row('fill', n + 1, { cl_ord_id: String(n), qty: 1, leaves: 0, price: '40', time_ns: String(n + 1) })));
    const drawn = placeFills(own.fills, view).map(({ fill }) => fill.t);
    expect([Math.min(...drawn) < 5, Math.max(...drawn), drawn.length]).toEqual([true, 600, 200]);
    expect(leftOut(own.orders, own.fills, view, 600)).toBe('Drawn: 1 of 3 of the 600 fills in view; zoom in for all.');
    expect(leftOut(own.orders, own.fills, { ...view, t1: 200 }, 600)).toBeNull();
  });
  it('have exact prices', () => {
    expect([unitsOf('19.87', 4), unitsOf('-0.5', 2), unitsOf(null, 2), unitsOf('5000.2500', 9)]).toEqual([198700, -50, NaN, 5000250000000]);
  });
});

describe('colours', () => {
  it('are clear where nothing is and grow away from the ground, in both themes', () => {
    for (const [ink, sign] of [['rgb(240, 240, 240)', 1], ['rgb(10, 10, 10)', -1]] as const) {
      const element = document.createElement('div');
      element.style.color = ink;
      document.body.append(element);
      const { ramps } = paletteOf(element);
      for (const side of [0, 256]) {
        const light = (byte: number): number => {
          const at = 4 * (side + byte);
          return 0.299 * ramps[at]! + 0.587 * ramps[at + 1]! + 0.114 * ramps[at + 2]!;
        };
        expect(ramps[4 * side + 3]).toBe(0);
        for (let byte = 2; byte < 256; byte++) expect(sign * (light(byte) - light(byte - 1))).toBeGreaterThan(-0.7);
        expect(sign * (light(255) - light(1))).toBeGreaterThan(100);
      }
    }
  });
});
