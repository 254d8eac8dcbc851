import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepKey } from '../src/source/key';
import { LiveSource } from '../src/source/live';
import { agent, FakeSocket, refuses, settle, state } from './rig';

const first = state({ a: agent(0, 1), b: agent(1, 2) });
const snapshot = { type: 'snapshot', id: '100', cursor: 'aa-100-1', state: first };

function delta(since: string, cursor: string, patch: unknown, rows: unknown[] = []): unknown {
  return { type: 'delta', id: '101', cursor, since, patch, rows, rows_left_out: 0 };
}

let answer: () => Response = () => refuses(404, { code: 'not_found', message: 'no such thing' });
let asked: URL[] = [];
let source: LiveSource;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  FakeSocket.made = [];
  asked = [];
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('fetch', (url: URL) => {
    asked.push(new URL(url));
    return Promise.resolve(answer());
  });
  keepKey(null);
  source = new LiveSource('current');
});

afterEach(() => {
  source.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('the stream', () => {
  it('opens at the battle, and takes a snapshot and deltas', () => {
    expect(FakeSocket.last.url.href).toBe('ws://localhost:3000/v1/battles/current/stream');
    expect(FakeSocket.last.protocols).toEqual(['royale.v1']);
    FakeSocket.last.opens();
    FakeSocket.last.says(snapshot);
    FakeSocket.last.says(delta('aa-100-1', 'aa-101-2', { battle: { input: 101 }, agents: { b: { rank: 1 }, a: { rank: 2 } } }));
    const view = source.view();
    expect(view.connection).toBe('open');
    expect(view.shown?.battle.input).toBe(101);
    expect(view.shown?.agents.b?.rank).toBe(1);
    expect(view.shown?.said).toEqual(first.said);
  });

  it('hands rows on', () => {
    const rows = vi.fn();
    source.onRows(rows);
    FakeSocket.last.says(snapshot);
    FakeSocket.last.says(delta('aa-100-1', 'aa-101-2', {}, [{ type: 'fill', input: 101, n: 1 }]));
    expect(rows).toHaveBeenCalledWith([{ type: 'fill', input: 101, n: 1 }], 0);
  });

  it('resumes behind the last frame, backing off', () => {
    FakeSocket.last.opens();
    FakeSocket.last.says(snapshot);
    FakeSocket.last.breaks();
    expect(source.view().connection).toBe('lost');
    expect(source.view().shown?.battle.input).toBe(100);
    expect(FakeSocket.made).toHaveLength(1);
    vi.advanceTimersByTime(251);
    expect(FakeSocket.made).toHaveLength(2);
    expect(FakeSocket.last.url.searchParams.get('since')).toBe('aa-100-1');
    FakeSocket.last.opens();
    FakeSocket.last.says(delta('aa-100-1', 'aa-101-2', { battle: { input: 101 } }));
    expect(source.view().shown?.battle.input).toBe(101);
    expect(source.view().connection).toBe('open');
  });

  it('waits longer each time, to a limit, and hurries when somebody looks', async () => {
    answer = () => { throw new TypeError('refused'); };
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      FakeSocket.last.breaks();
      await settle();
      const before = FakeSocket.made.length;
      let waited = 0;
      while (FakeSocket.made.length === before && waited < 20_000) {
        vi.advanceTimersByTime(50);
        waited += 50;
      }
      waits.push(waited);
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
    FakeSocket.last.breaks();
    await settle();
    const before = FakeSocket.made.length;
    document.dispatchEvent(new Event('visibilitychange'));
    expect(FakeSocket.made).toHaveLength(before + 1);
  });

  it('begins anew where a frame is missing', () => {
    FakeSocket.last.opens();
    FakeSocket.last.says(snapshot);
    FakeSocket.last.says(delta('aa-100-7', 'aa-109-8', { battle: { input: 109 } }));
    expect(source.view().shown?.battle.input).toBe(100);
    vi.advanceTimersByTime(251);
    expect(FakeSocket.made).toHaveLength(2);
    expect(FakeSocket.last.url.searchParams.get('since')).toBeNull();
  });

  it('asks for a key, and comes back with it', async () => {
    answer = () => refuses(401, { code: 'unauthorized', message: 'a key is wanted' });
    FakeSocket.last.breaks();
    await settle();
    expect(source.view().connection).toBe('key');
    keepKey('ryk_abcdefgh');
    source.again();
    expect(FakeSocket.last.protocols).toEqual(['royale.v1', 'ryk_abcdefgh']);
    FakeSocket.last.opens();
    FakeSocket.last.says(snapshot);
    expect(source.view().connection).toBe('open');
  });

  it('shows a battle that has no stream by its state', async () => {
    answer = () => (asked.at(-1)?.pathname.endsWith('/state')
      ? new Response(JSON.stringify(state(first.agents, { state: 'ended' })))
      : refuses(409, { code: 'not_followed', message: 'another battle is in focus' }));
    FakeSocket.last.breaks();
    await settle();
    await settle();
    expect(source.view().connection).toBe('still');
    expect(source.view().shown?.battle.state).toBe('ended');
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.made).toHaveLength(1);
  });

  it('waits as long as the server says', async () => {
    answer = () => refuses(429, { code: 'limited', message: 'too many' }, { 'Retry-After': '7' });
    FakeSocket.last.breaks();
    await settle();
    vi.advanceTimersByTime(6900);
    expect(FakeSocket.made).toHaveLength(1);
    vi.advanceTimersByTime(200);
    expect(FakeSocket.made).toHaveLength(2);
  });
});

describe('a battle of the library', () => {
  const opened = async (told: () => Response): Promise<void> => {
    source.close();
    FakeSocket.made = [];
    answer = told;
    source = new LiveSource('de mo');
    await settle();
    await settle();
  };

  it('has its stream when it is in focus', async () => {
    await opened(() => new Response(JSON.stringify({ battles: [{ name: 'de mo', focus: true }] })));
    expect(asked.map(({ pathname }) => pathname)).toEqual(['/v1/battles']);
    expect(FakeSocket.last.url.href).toBe('ws://localhost:3000/v1/battles/de%20mo/stream');
  });

  it('that is not in focus is shown without a question that must be refused', async () => {
    await opened(() => new Response(JSON.stringify(asked.at(-1)?.pathname.endsWith('/state')
      ? state(first.agents, { state: 'ended' }) : { battles: [{ name: 'other', focus: true }, { name: 'de mo', focus: false }] })));
    expect(source.view()).toMatchObject({ connection: 'still', trouble: null });
    expect(source.view().shown?.battle.state).toBe('ended');
    expect(FakeSocket.made).toHaveLength(0);
    expect(asked.map(({ pathname }) => pathname)).toEqual(['/v1/battles', '/v1/battles/de%20mo/state']);
  });

  it('asks for a key without a stream that has none', async () => {
    await opened(() => refuses(401, { code: 'unauthorized', message: 'a key is wanted' }));
    expect(source.view()).toMatchObject({ connection: 'key', trouble: 'a key is wanted' });
    expect(FakeSocket.made).toHaveLength(0);
  });

  it('of a server that does not answer is tried again by its stream', async () => {
    await opened(() => { throw new TypeError('refused'); });
    expect(FakeSocket.made).toHaveLength(1);
  });
});

describe('another moment', () => {
  beforeEach(() => {
    FakeSocket.last.opens();
    FakeSocket.last.says(snapshot);
  });

  it('is shown while newer frames come, until now', async () => {
    answer = () => new Response(JSON.stringify(state(first.agents, { input: 50 })));
    await source.jump({ input: 50 });
    expect(asked.at(-1)?.search).toBe('?input=50');
    FakeSocket.last.says(delta('aa-100-1', 'aa-101-2', { battle: { input: 101 } }));
    expect(source.view()).toMatchObject({ at: 'past', jumping: false });
    expect(source.view().shown?.battle.input).toBe(50);
    expect(source.view().newest?.battle.input).toBe(101);
    source.now();
    expect(source.view().shown?.battle.input).toBe(101);
    expect(source.view().at).toBe('now');
  });

  it('is the last one that was asked for, whoever answers first', async () => {
    const answers: ((answer: Response) => void)[] = [];
    vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => answers.push(resolve)));
    const early = source.jump({ input: 10 });
    const late = source.jump({ input: 20 });
    answers[1]?.(new Response(JSON.stringify(state(first.agents, { input: 20 }))));
    await late;
    answers[0]?.(new Response(JSON.stringify(state(first.agents, { input: 10 }))));
    await early;
    expect(source.view().shown?.battle.input).toBe(20);
  });

  it('is asked for again while the server still reads the battle', async () => {
    let times = 0;
    answer = () => (++times < 4
      ? refuses(503, { code: 'busy', message: 'the past is being read' }, { 'Retry-After': '1' })
      : new Response(JSON.stringify(state(first.agents, { input: 50 }))));
    const jump = source.jump({ input: 50 });
    for (let second = 0; second < 4; second++) {
      await settle();
      await vi.advanceTimersByTimeAsync(1000);
    }
    await jump;
    expect(times).toBe(4);
    expect(source.view().shown?.battle.input).toBe(50);
  });

  it('that cannot be had leaves the page as it was, and says why', async () => {
    answer = () => refuses(404, { code: 'bad_parameter', message: 'input 9 does not exist', details: { remedy: 'one up to 100' } });
    await expect(source.jump({ input: 9 })).rejects.toMatchObject({ code: 'bad_parameter', remedy: 'one up to 100' });
    expect(source.view()).toMatchObject({ at: 'now', jumping: false, trouble: 'input 9 does not exist' });
  });

  it('stands still without asking', () => {
    source.freeze();
    FakeSocket.last.says(delta('aa-100-1', 'aa-101-2', { battle: { input: 101 } }));
    expect(source.view().shown?.battle.input).toBe(100);
    expect(asked).toHaveLength(0);
  });
});
