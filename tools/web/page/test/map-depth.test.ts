import { describe, expect, it } from 'vitest';
import { appendLadder, COLUMNS_MAX, columnsOf, emptyColumns, quantityAt } from '../src/map/depth';
import { readDepth } from '../src/source/depth';
import { film, STEP_NS } from './map-rig';

/** RYDEPTH1 as docs/API.md says it, written by hand: two columns, two levels, the second without a bid. */
function bytes(): ArrayBuffer {
  const out = new DataView(new ArrayBuffer(48 + 2 * (24 + 16)));
  [...'RYDEPTH1'].forEach((letter, n) => out.setUint8(n, letter.charCodeAt(0)));
  out.setUint32(8, 2, true);
  out.setUint32(12, 2, true);
  out.setBigInt64(16, 1_767_623_400_000_000_000n, true);
  out.setBigInt64(24, 5n, true);
  out.setBigInt64(32, 100n, true);
  out.setUint32(40, 4, true);
  const column = (at: number, input: bigint, bid: bigint, ask: bigint, lots: readonly number[]): void => {
    out.setBigInt64(at, input, true);
    out.setBigInt64(at + 8, bid, true);
    out.setBigInt64(at + 16, ask, true);
    lots.forEach((each, n) => out.setUint32(at + 24 + 4 * n, each, true));
  };
  column(48, 7n, 2000n, 2100n, [10, 20, 30, 40]);
  column(88, 9n, -(2n ** 63n), 2200n, [0, 0, 50, 4_000_000_000]);
  return out.buffer;
}

describe('columns of RYDEPTH1', () => {
  it('has what the bytes say', () => {
    const depth = columnsOf(readDepth('X', bytes()));
    expect(depth).toMatchObject({ columns: 2, levels: 2, fromNs: 1_767_623_400_000_000_000n, stepNs: 5, tick: 100, priceScale: 4 });
    expect([...depth.input.subarray(0, 2)]).toEqual([7, 9]);
    expect([...depth.bid.subarray(0, 2)]).toEqual([2000, NaN]);
    expect([...depth.ask.subarray(0, 2)]).toEqual([2100, 2200]);
    expect([...depth.bidQty.subarray(0, 4)]).toEqual([10, 20, 0, 0]);
    expect([...depth.askQty.subarray(0, 4)]).toEqual([30, 40, 50, 4_000_000_000]);
  });
  it('knows the lots at a price and a moment, and what it does not know', () => {
    const depth = columnsOf(readDepth('X', bytes()));
    expect(quantityAt(depth, 4, 1900)).toEqual({ side: 'bid', lots: 20 });
    expect(quantityAt(depth, 4, 2100)).toEqual({ side: 'ask', lots: 30 });
    expect(quantityAt(depth, 9, 2300)).toEqual({ side: 'ask', lots: 4_000_000_000 });
    expect(quantityAt(depth, 4, 1800)).toBeNull();
    expect(quantityAt(depth, 9, 2100)).toBeNull();
    expect(quantityAt(depth, 10, 2200)).toBeNull();
    expect(quantityAt(depth, -1, 2200)).toBeNull();
  });
});

describe('columns that a battle adds', () => {
  it('shows the last book until the next', () => {
    const depth = film([[[[100, 5], [98, 7]], [[101, 9]]]]);
    expect(appendLadder(depth, 3.5 * STEP_NS, 8, [[102, 1]], [[103, 2]])).toBe(1);
    expect(depth.columns).toBe(4);
    expect([...depth.bid.subarray(0, 4)]).toEqual([100, 100, 100, 102]);
    expect(quantityAt(depth, 2 * STEP_NS, 98)).toEqual({ side: 'bid', lots: 7 });
    expect(quantityAt(depth, 3 * STEP_NS, 102)).toEqual({ side: 'bid', lots: 1 });
    expect([...depth.input.subarray(0, 4)]).toEqual([1, 1, 1, 8]);
  });
  it('writes a column again while it lasts, and none of the past', () => {
    const depth = film([[[[100, 5]], [[101, 9]]], [[[100, 6]], [[101, 9]]]]);
    expect(appendLadder(depth, 1.5 * STEP_NS, 9, [[99, 4]], [])).toBe(1);
    expect(quantityAt(depth, STEP_NS, 99)).toEqual({ side: 'bid', lots: 4 });
    expect(quantityAt(depth, STEP_NS, 101)).toBeNull();
    expect(appendLadder(depth, 0, 9, [[99, 4]], [])).toBeNull();
    expect(quantityAt(depth, 0, 100)).toEqual({ side: 'bid', lots: 5 });
  });
  it('halves itself before it grows without end', () => {
    const depth = emptyColumns(1, 0n, 1, 1, 0);
    for (let n = 0; n < 3 * COLUMNS_MAX; n++) appendLadder(depth, n, n, [[n, n + 1]], []);
    expect(depth.stepNs).toBe(4);
    expect(depth.columns).toBe((3 * COLUMNS_MAX) / 4);
    expect(quantityAt(depth, 4001, 4003)).toEqual({ side: 'bid', lots: 4004 });
  });
});
