import { describe, expect, it } from 'vitest';
import { address, inputAddress, LIBRARY, orderAddress, parse } from '../src/shell/router';
import type { Route } from '../src/shell/router';

const battle: Route = { ...LIBRARY, page: 'battle', battle: 'demo' };

describe('addresses', () => {
  const routes: Route[] = [
    LIBRARY, battle,
    { ...battle, page: 'market', of: 'ES/H6 100%' },
    { ...battle, page: 'agent', of: '<b>#?&/\u00e9' },
    { ...battle, page: 'box', at: 4711 },
    { ...battle, battle: 'a b/c', page: 'market', of: 'RYA', at: 0, agent: 'x&y=z' },
    { ...battle, why: { input: 12 } },
    { ...battle, page: 'agent', of: 'a/1', why: { agent: 'a/1', cl_ord_id: '18446744073709551615' } },
  ];
  it.each(routes.map((route) => [address(route), route] as const))('%s comes back', (text, route) => {
    expect(parse(text)).toEqual(route);
  });

  it('of an input keep the page', () => {
    const before: Route = { ...battle, page: 'agent', of: 'a', at: 5 };
    expect(parse(inputAddress('demo', 77), before)).toEqual({ ...before, why: { input: 77 } });
    expect(parse(inputAddress('other', 77), before)).toEqual({ ...battle, battle: 'other', why: { input: 77 } });
    expect(parse(orderAddress('demo', 'x/y', '9'), before)).toEqual({ ...before, why: { agent: 'x/y', cl_ord_id: '9' } });
  });

  it('that make no sense lead somewhere harmless', () => {
    expect(parse('#/nonsense')).toEqual(LIBRARY);
    expect(parse('#/battle/')).toEqual(LIBRARY);
    expect(parse('#/battle/demo/nonsense')).toEqual(battle);
    expect(parse('#/battle/demo/input/x', battle)).toEqual(battle);
    expect(parse('#/battle/demo?at=-1&why=99999999999999999999')).toEqual(battle);
    expect(parse('#/battle/%E0%A4%A')).toMatchObject({ page: 'battle', battle: '%E0%A4%A' });
  });
});
