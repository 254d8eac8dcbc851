import { describe, expect, it } from 'vitest';
import { Moves, over, ranked, stillIn } from '../src/parts/board';
import { sentences } from '../src/parts/said';
import { split } from '../src/pages/battle/heroes';
import { spread } from '../src/pages/battle/race';
import { agent, state } from './rig';

describe('the order of the board', () => {
  it('is the machine\'s rank, equals by id', () => {
    const one = state({ z: agent(2, 1), a: agent(1, 2), m: agent(0, 2) });
    expect(ranked(one).map(({ name }) => name)).toEqual(['z', 'm', 'a']);
  });

  it('counts who is in, and knows when it is over', () => {
    const one = state({ a: agent(0, 1), b: agent(1, 2, { out: 'last', out_round: 1 }) }, { state: 'stopped' });
    expect(stillIn(ranked(one))).toBe(1);
    expect(over(one)).toBe(false);
    one.said = { leads: 'a gain +1.00', next_out: null, earned: 'nobody traded' };
    expect(over(one)).toBe(true);
    expect(over(state({}))).toBe(false);
  });
});

describe('moves', () => {
  const looks = (moves: Moves, ranks: Record<string, number>, input: number, at_ms: number, jumped = false): void => {
    const one = state(Object.fromEntries(Object.entries(ranks).map(([name, rank], id) => [name, agent(id, rank)])), { input });
    moves.look(one, ranked(one), at_ms, jumped);
  };

  it('are said for a while, and summed up', () => {
    const moves = new Moves(1000);
    looks(moves, { a: 1, b: 2, c: 3 }, 1, 0);
    expect(moves.of('c', 0)).toBeNull();
    looks(moves, { a: 1, b: 3, c: 2 }, 2, 100);
    looks(moves, { a: 2, b: 3, c: 1 }, 3, 200);
    expect(moves.of('c', 200)).toMatchObject({ places: 2, input: 3 });
    expect(moves.of('a', 200)).toMatchObject({ places: -1 });
    expect(moves.of('c', 1200)).toBeNull();
  });

  it('that were taken back are none', () => {
    const moves = new Moves(1000);
    looks(moves, { a: 1, b: 2 }, 1, 0);
    looks(moves, { a: 2, b: 1 }, 2, 10);
    looks(moves, { a: 1, b: 2 }, 3, 20);
    expect(moves.of('a', 20)).toBeNull();
  });

  it('are none when another moment is shown', () => {
    const moves = new Moves(1000);
    looks(moves, { a: 1, b: 2 }, 9, 0);
    looks(moves, { a: 2, b: 1 }, 5, 10, true);
    expect(moves.of('a', 10)).toBeNull();
    looks(moves, { a: 1, b: 2 }, 4, 20);
    expect(moves.of('a', 20)).toBeNull();
  });
});

describe('the three sentences', () => {
  it('begin with the longest name that fits', () => {
    const one = state({ 'a b': agent(0, 1), a: agent(1, 2, { goes_next: true }) });
    one.said.leads = 'a b +1.00 this round';
    one.said.next_out = 'a -1.00 this round, 2.00 behind a b';
    const said = sentences(one);
    expect(said.leads).toEqual({ label: 'leads', agent: 'a b', text: '+1.00 this round' });
    expect(said.next).toEqual({ label: 'next out', agent: 'a', text: '-1.00 this round, 2.00 behind a b' });
  });

  it('are those of the end when it is over', () => {
    const one = state({ a: agent(0, 1), b: agent(1, 2, { out: 'last' }) }, { state: 'ended' });
    one.said = { leads: 'a gain +1.00', earned: 'most: b +3.00, who was out in round 2' };
    const said = sentences(one);
    expect([said.leads.label, said.next.label]).toEqual(['first', 'earned most']);
    expect(said.next).toMatchObject({ agent: 'b', text: '+3.00, who was out in round 2' });
  });
});

describe('the parts of a gain', () => {
  it('are what is not zero, as they count', () => {
    const one = agent(0, 1, { from_market: '12.450000', from_agents: '0.000000', fees: '-0.690000', haircut: '1.000000' });
    expect(split(one)).toEqual([{ word: 'market', money: '12.450000' }, { word: 'rebates', money: '0.690000' }, { word: 'haircut', money: '-1.000000' }]);
  });
});

describe('names at the lines\' ends', () => {
  it('do not lie on each other, and stay inside', () => {
    const labels = [{ y: 50 }, { y: 50 }, { y: 51 }, { y: 99 }, { y: 98 }];
    spread(labels, 10, 0, 100);
    const ys = labels.map(({ y }) => y);
    for (let i = 1; i < ys.length; i++) expect((ys[i] ?? 0) - (ys[i - 1] ?? 0)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...ys)).toBeLessThanOrEqual(100);
  });
});
