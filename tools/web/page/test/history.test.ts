import { afterEach, expect, it, vi } from 'vitest';
import { History, RECENT_TYPES } from '../src/source/history';
import type { Source } from '../src/source/source';
import type { Row, RowsPage, RowsQuery } from '../src/source/types';

afterEach(() => vi.restoreAllMocks());

/** A server that looks at so many inputs a page, whatever it finds in them. */
const LOOKED = 262_144;
const NEWEST = 938_720;

function rows(of: readonly Row[], query: RowsQuery): RowsPage {
  const after = Number((query.after ?? '0').split('.')[0]);
  const to = after + LOOKED;
  const found = of.filter((row) => query.type?.includes(row.type) && row.input > after && row.input <= to);
  return { rows: found, next: to < NEWEST ? `${to}.0` : null, complete: to >= NEWEST };
}

it('finds the only reject of its agent behind pages that are empty', async () => {
  const row = (type: string, input: number): Row => ({ type, input, n: 1, time_ns: String(input), agent: 'a' }) as unknown as Row;
  const all = [row('reject', 291_428), ...Array.from({ length: 100 }, (_, i) => row('order', NEWEST - 200 + i))];
  const asked: RowsQuery[] = [];
  const source = {
    rows: (query: RowsQuery) => {
      asked.push(query);
      return Promise.resolve(rows(all, query));
    },
    explanations: () => Promise.resolve({ explanations: [], next: null }),
  } as unknown as Source;
  const history = new History(source, 'a', () => undefined);
  history.look(NEWEST);
  await vi.waitFor(() => expect(history.recent).toHaveLength(100));
  expect(history.of).toBe(RECENT_TYPES);
  await vi.waitFor(() => expect(history.whole).toBe(true));
  const rejects = ['reject'];
  history.want(rejects);
  await vi.waitFor(() => {
    history.look(NEWEST);
    expect(history.of).toBe(rejects);
  });
  expect(history.recent.map(({ input }) => input)).toEqual([291_428]);
  expect(asked.some(({ after }) => after === '262144.0')).toBe(true);
});
