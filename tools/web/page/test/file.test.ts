import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FileSource, unpack } from '../src/source/file';

/** Entries as tools/page/store.h packs them, written by hand. */
function packed(entries: Record<string, unknown>): string {
  const parts = Object.entries(entries).flatMap(([name, value]) => {
    const body = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value));
    const head = Buffer.alloc(8);
    head.writeUInt32LE(Buffer.byteLength(name), 0);
    head.writeUInt32LE(body.length, 4);
    return [head, Buffer.from(name), body];
  });
  return gzipSync(Buffer.concat(parts)).toString('base64');
}

const state = (input: number, time_ns: string, gain: string): object => ({
  battle: { battle_id: 'b', name: 'demo', state: 'ended', input, time_ns },
  said: { leads: `a ${gain}` },
  agents: { a: { gain } },
  instruments: {},
});
const row = (type: string, input: number, n = 1): object => ({ type, input, n, agent: 'a', instrument: input % 2 ? 'X' : 'Y' });

const entries = {
  file: { format: 1, battle: 'demo', limits: ['two later fills have no reason'] },
  state: state(90, '900', '9'),
  states: [
    [10, '100', state(10, '100', '1')],
    [20, '200', { battle: { input: 20, time_ns: '200' }, agents: { a: { gain: '2' } }, said: { leads: 'a 2' } }],
    [30, '300', { battle: { input: 30, time_ns: '300' } }],
    [40, '400', state(40, '400', '4')],
  ],
  course: { columns: 64 },
  rows: [row('round', 1), row('out', 50)],
  'rows/a': [row('order', 3), row('fill', 3, 2), row('fill', 4), row('cancel', 5), row('fill', 7)],
  'explanations/a': [{ input: 3, n: 1, text: 'because' }],
  why: { 7: [{ text: 'a bought', facts: { agent: 'a', cl_ord_id: '12' } }, { text: 'b sold', facts: { agent: 'b', cl_ord_id: '1' } }] },
};

async function opened(of: Record<string, unknown> = entries): Promise<FileSource> {
  const source = new FileSource('demo', packed(of));
  await new Promise<void>((done) => source.subscribe(done));
  return source;
}

describe('a battle in a file', () => {
  it('has its entries, whatever their bytes', async () => {
    const all = await unpack(packed({ 'depth/Ä': Buffer.from([0, 255, 7]), x: {} }));
    expect([...all.keys()]).toEqual(['depth/Ä', 'x']);
    expect([...all.get('depth/Ä')!]).toEqual([0, 255, 7]);
  });
  it('shows its end, and says what it leaves out', async () => {
    const { newest, connection, notes } = (await opened()).view();
    expect(newest?.battle.input).toBe(90);
    expect(connection).toBe('none');
    expect(notes).toEqual(['This file leaves something out: two later fills have no reason.']);
  });
  it('jumps to the last moment at or before', async () => {
    const source = await opened();
    const at = async (to: Parameters<FileSource['jump']>[0]): Promise<unknown[]> => {
      await source.jump(to);
      const { shown, at } = source.view();
      return [shown?.battle.input, shown?.agents['a']?.gain, at];
    };
    expect(await at({ input: 39 })).toEqual([30, '2', 'past']);
    expect(await at({ input: 20 })).toEqual([20, '2', 'past']);
    expect(await at({ time_ns: '399' })).toEqual([30, '2', 'past']);
    expect(await at({ input: 1 })).toEqual([10, '1', 'past']);
    expect(await at({ time_ns: '5000' })).toEqual([40, '4', 'past']);
    source.now();
    expect(source.view().shown?.battle.input).toBe(90);
  });
  it('pages through its rows', async () => {
    const source = await opened();
    const first = await source.rows({ agent: 'a', type: ['fill'], limit: 2 });
    expect(first.rows.map(({ input }) => input)).toEqual([3, 4]);
    const second = await source.rows({ agent: 'a', type: ['fill'], limit: 2, after: first.next! });
    expect([second.rows.map(({ input }) => input), second.next]).toEqual([[7], null]);
    expect((await source.rows({ agent: 'a', instrument: 'Y' })).rows.map(({ input }) => input)).toEqual([4]);
    expect((await source.rows({})).rows.map(({ type }) => type)).toEqual(['round', 'out']);
    expect((await source.explanations('a')).explanations.map(({ text }) => text)).toEqual(['because']);
  });
  it('says why, or that it does not', async () => {
    const source = await opened();
    expect((await source.why({ input: 7 })).text).toBe('a bought\n\nb sold');
    expect((await source.why({ agent: 'a', cl_ord_id: '12' })).text).toBe('a bought');
    await expect(source.why({ input: 8 })).rejects.toMatchObject({ code: 'not_in_file' });
    await expect(source.depth('X')).rejects.toMatchObject({ code: 'not_in_file' });
    await expect(source.course({ range: { from_ns: '1', to_ns: '2' } })).rejects.toMatchObject({ code: 'not_in_file' });
  });
  it('of another form is refused in words', async () => {
    expect((await opened({ ...entries, file: { format: 2 } })).view().trouble).toContain('format 2');
    const broken = new FileSource('demo', 'AAAA');
    await new Promise<void>((done) => broken.subscribe(done));
    expect(broken.view().trouble).toContain('cannot be read');
  });
});
