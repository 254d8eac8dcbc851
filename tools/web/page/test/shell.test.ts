import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { banner, isStale } from '../src/shell/banners';
import { KeyDialog } from '../src/shell/dialogs';
import { bindKeys } from '../src/shell/keys';
import { parse } from '../src/shell/router';
import { Shell } from '../src/shell/shell';
import { status } from '../src/shell/top_bar';
import { told } from '../src/shell/why_panel';
import { keepKey, readKey } from '../src/source/key';
import type { Moment, Source, View } from '../src/source/source';
import { SourceError } from '../src/source/source';
import type { Course, State, WhyQuery } from '../src/source/types';
import { agent, course, settle, state } from './rig';

const HOSTILE = '<img src=x onerror=alert(1)>';

class FakeSource implements Source {
  readonly kind = 'live';
  readonly battle = 'demo';
  seen: View;
  jumps: Moment[] = [];
  whys: WhyQuery[] = [];
  film: Course;
  why_answer: () => Promise<{ text: string; facts: unknown }> = () => Promise.resolve({ text: 'first\n  between\nlast', facts: {} });
  again = vi.fn();
  close = vi.fn();
  private listeners = new Set<() => void>();

  constructor(now: State | null) {
    this.seen = { shown: now, newest: now, at: 'now', jumping: false, connection: now ? 'open' : 'connecting', heardMs: performance.now(), trouble: null };
    this.film = course(now ? Object.keys(now.agents) : []);
  }

  change(part: Partial<View>): void {
    this.seen = { ...this.seen, ...part };
    for (const listener of this.listeners) listener();
  }

  stateAt(): Promise<State> {
    return this.seen.newest ? Promise.resolve(this.seen.newest) : Promise.reject(new Error('there is none'));
  }

  set(now: State): void {
    this.change({ shown: now, newest: now, heardMs: performance.now() });
  }

  view = (): View => this.seen;
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  onRows = (): (() => void) => () => undefined;
  jump = (to: Moment): Promise<void> => {
    this.jumps.push(to);
    this.change({ at: 'past' });
    return Promise.resolve();
  };
  now = (): void => this.change({ at: 'now', shown: this.seen.newest });
  freeze = (): void => this.change({ at: 'past' });
  course = (): Promise<Course> => Promise.resolve(this.film);
  depth = (): never => { throw new SourceError('none', 'none'); };
  rows = (): Promise<{ rows: []; next: null; complete: boolean }> => Promise.resolve({ rows: [], next: null, complete: true });
  why = (query: WhyQuery): Promise<{ text: string; facts: unknown }> => {
    this.whys.push(query);
    return this.why_answer();
  };
  explanations = (): Promise<{ explanations: []; next: null }> => Promise.resolve({ explanations: [], next: null });
}

const three = (ranks: readonly [number, number, number], input = 100): State => state({
  a: agent(0, ranks[0], { gain: '1.500000', round_gain: '1.000000' }),
  [HOSTILE]: agent(1, ranks[1], { gain: '-2.000000', goes_next: ranks[1] === 3 }),
  c: agent(2, ranks[2], { positions: { RYA: 4 } }),
}, { input });

let root: HTMLElement;
let source: FakeSource;
let shell: Shell;
let frames: FrameRequestCallback[] = [];

function frame(): void {
  const due = frames;
  frames = [];
  for (const one of due) one(performance.now());
}

function start(now: State | null, hash = '#/battle/demo', film?: Course): void {
  location.hash = hash;
  source = new FakeSource(now);
  if (film) source.film = film;
  shell = new Shell(root, source, parse(hash));
  frame();
}

function press(key: string, target: EventTarget = document.body): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
  target.dispatchEvent(event);
  return event;
}

const texts = (selector: string): string[] => [...root.querySelectorAll(selector)].map((element) => element.textContent ?? '');

beforeEach(() => {
  root = document.createElement('div');
  document.body.replaceChildren(root);
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (draw: FrameRequestCallback) => frames.push(draw));
  vi.stubGlobal('cancelAnimationFrame', () => { frames = []; });
  keepKey(null);
});

afterEach(() => {
  shell?.close();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('the battle page', () => {
  it('says who leads, who goes next and what the box does', () => {
    start(three([1, 3, 2]));
    expect(texts('.hero .label')).toEqual(['leads', 'next out', 'box']);
    expect(texts('.hero .name').slice(0, 2)).toEqual(['a', HOSTILE]);
    expect(texts('.hero .said')).toContain('12 processes run');
    expect(root.querySelector('.hero[data-kind="leads"] .figure')?.textContent).toBe('+1.00 this round');
  });

  it('has the board in the machine\'s order, and moves rows when it changes', () => {
    start(three([1, 2, 3]));
    expect(texts('.board .name')).toEqual(['a', HOSTILE, 'c']);
    const rows = [...root.querySelectorAll<HTMLElement>('.board tbody tr')];
    const animated: string[] = [];
    for (const row of rows) row.animate = ((keys: Keyframe[]) => animated.push(`${row.querySelector('.name')?.textContent} ${String(keys[0]?.transform)}`)) as unknown as typeof row.animate;
    source.set(three([2, 3, 1], 101));
    frame();
    expect(texts('.board .name')).toEqual(['c', 'a', HOSTILE]);
    expect(animated).toEqual(['c translateY(60px)', 'a translateY(-30px)', `${HOSTILE} translateY(-30px)`]);
    expect(texts('.board .move:not([hidden])')).toEqual(['\u25b22', '\u25bc1', '\u25bc1']);
    expect(root.querySelector('.board .move')?.getAttribute('href')).toBe('#/battle/demo/input/101');
    expect([...root.querySelectorAll('.board tbody tr')].every((row) => rows.includes(row as HTMLElement))).toBe(true);
  });

  it('shows names of any bytes as text', () => {
    start(three([1, 2, 3]));
    expect(root.querySelector('img')).toBeNull();
    expect(root.innerHTML).toContain('&lt;img');
  });

  it('filters by /, and Esc drops the filter', () => {
    start(three([1, 2, 3]));
    press('/');
    const field = root.querySelector<HTMLInputElement>('.board input');
    expect(document.activeElement).toBe(field);
    if (!field) return;
    field.value = 'IMG';
    field.dispatchEvent(new Event('input'));
    frame();
    expect(texts('.board .name')).toEqual([HOSTILE]);
    press('Escape', field);
    frame();
    expect(texts('.board .name')).toHaveLength(3);
  });

  it('links eliminations and changes of the lead to their inputs', async () => {
    const film: Course = { ...course(['a', HOSTILE, 'c']), events: [
      { input: 40, time_ns: '1767623410000000000', what: 'round', agent: null, text: 'round 1 begins' },
      { input: 41, time_ns: '1767623420000000000', what: 'out', agent: 'c', text: `c is out, before ${HOSTILE}` },
      { input: 900, time_ns: '1767640000000000000', what: 'leader', agent: 'a', text: 'not yet' },
    ] };
    start(three([1, 2, 3], 500), '#/battle/demo', film);
    await settle();
    source.set(three([1, 2, 3], 500));
    frame();
    await settle();
    frame();
    expect([...root.querySelectorAll('.happened a')].map((link) => link.getAttribute('href'))).toEqual(['#/battle/demo/input/41', '#/battle/demo/input/40']);
    expect(root.querySelector('.mark[data-what="out"]')?.getAttribute('href')).toBe('#/battle/demo/input/41');
  });

  it('has the round of the moment shown, of a battle that is over', () => {
    const end = three([1, 2, 3]);
    end.agents.c = agent(2, 3, { gain: '9.000000', from_market: '4.000000', fees: '-5.000000', out: 'last', out_round: 2 });
    end.battle = { ...end.battle, state: 'ended', round: 7, round_left_ns: null };
    end.said = { leads: 'a gain +1.50', next_out: null, earned: 'most: c +9.00, who was out in round 2' };
    start(end);
    expect(texts('.round b')).toEqual(['Over after round 7']);
    const then = three([1, 3, 2], 50);
    then.battle = { ...then.battle, state: 'ended', round: 1, round_left_ns: '900000000000' };
    then.said = { leads: 'a +1.00 this round', next_out: `${HOSTILE} 0.00 this round`, earned: null };
    expect(texts('.hero[data-kind="next"] .said')).toEqual(['+9.00, who was out in round 2: market +4.00, rebates +5.00']);
    source.change({ shown: then, at: 'past' });
    frame();
    expect(texts('.hero[data-kind="next"] .said')).toEqual(['0.00 this round']);
    expect(texts('.round b, .round .left')).toEqual(['Round 1 of 2', '15:00 left']);
    expect(root.querySelector<HTMLElement>('.round .bar-done')?.style.transform).toBe('scaleX(0.750)');
    expect(root.querySelector('.hero[data-kind="next"] .figure')?.textContent).toBe('0.00 this round');
  });

  it('draws once a frame, however often something came', () => {
    start(three([1, 2, 3]));
    for (let i = 0; i < 50; i++) source.set(three([1, 2, 3], 101 + i));
    expect(frames).toHaveLength(1);
  });
});

describe('why', () => {
  it('has how the battle stood where the lead changed at an input without a row', async () => {
    const film: Course = { ...course(['a', 'b', 'c']), events: [
      { input: 41, time_ns: '1767623420000000000', what: 'leader', agent: 'a', text: `a takes the lead from ${HOSTILE}` }] };
    start(three([1, 2, 3], 500), '#/battle/demo', film);
    frame();
    await settle();
    source.why_answer = () => Promise.reject(new Error('nothing happened that has a row'));
    shell.route(parse('#/battle/demo/input/41', shell.shownRoute));
    await settle();
    expect(texts('.why .what')).toEqual([`a takes the lead from ${HOSTILE}`]);
    expect(texts('.why .answer')[0]).toContain('first: ');
  });

  it('opens by the address of an input, and gives the focus back', async () => {
    start(three([1, 2, 3]));
    const link = root.querySelector<HTMLElement>('.board .name');
    link?.focus();
    shell.route(parse('#/battle/demo/input/77', shell.shownRoute));
    await settle();
    expect(source.whys).toEqual([{ input: 77 }]);
    expect(texts('.why .what')).toEqual(['first']);
    expect(texts('.why .answer')).toEqual(['last']);
    expect(document.activeElement).toBe(root.querySelector('.why'));
    shell.route(parse('#/battle/demo', shell.shownRoute));
    expect(root.querySelector<HTMLElement>('.why')?.hidden).toBe(true);
    expect(document.activeElement).toBe(link);
  });

  it('says of a recorded trade when it was, and that nobody took part', async () => {
    start(three([1, 2, 3]));
    const row = { type: 'market_trade', input: 9503, time_ns: '1767623401999879244', instrument: 'RYA' };
    source.why_answer = () => Promise.resolve({ text: 'RYA traded: 37 at 20.1100, sold\n', facts: { input: 9503, rows: [row] } });
    shell.route(parse('#/battle/demo/input/9503', shell.shownRoute));
    await settle();
    expect(texts('.why .why-text p')).toEqual(['09:30:01.999 EST 2026-01-05', 'RYA traded: 37 at 20.1100, sold', 'A trade of the record: no agent took part in it.']);
    source.why_answer = () => Promise.resolve({ text: 'RYA traded: 37 at 20.1100, sold\na bought\n', facts: { input: 9504, rows: [row, { ...row, type: 'fill', agent: 'a' }] } });
    shell.route(parse('#/battle/demo/input/9504', shell.shownRoute));
    await settle();
    expect(texts('.why .answer')).toEqual([]);
  });

  it('says what the server says where there is no answer', async () => {
    start(three([1, 2, 3]));
    source.why_answer = () => Promise.reject(new SourceError('not_found', 'no input 77', 'one up to 50'));
    shell.route(parse('#/battle/demo/input/77', shell.shownRoute));
    await settle();
    expect(texts('.why .empty')).toEqual(['no input 77', 'one up to 50']);
  });

  it('parts an answer from the life before it', () => {
    const parts = told('order a/1: buy 2\n10:28:11.082826544 EST  arrived\n    a detail\nfilled.\n');
    expect(parts.map((part) => part.className)).toEqual(['what', 'answer', 'life']);
    expect([...(parts[2]?.querySelectorAll('li') ?? [])].map((item) => [item.className, item.textContent])).toEqual([['', '10:28:11.082826544arrived'], ['detail', 'a detail']]);
  });
});

describe('keys of the keyboard', () => {
  it('open pages, help and other moments', () => {
    start(three([1, 2, 3]));
    press('4');
    expect(location.hash).toBe('#/battle/demo/box');
    press('?');
    expect(root.querySelector('dialog.help')?.hasAttribute('open')).toBe(true);
    press('Escape');
    expect(root.querySelector('dialog.help')?.hasAttribute('open')).toBe(false);
    press('ArrowLeft');
    expect(source.jumps).toHaveLength(1);
    expect(BigInt((source.jumps[0] as { time_ns: string }).time_ns)).toBeLessThan(1767625200000000000n);
    press('End');
    expect(source.view().at).toBe('now');
    press(' ');
    expect(source.view().at).toBe('past');
    press('Escape');
    expect(source.view().at).toBe('now');
  });

  it('leave fields and buttons their own', () => {
    start(three([1, 2, 3]));
    const field = root.querySelector<HTMLInputElement>('.board input');
    if (!field) throw new Error('no field');
    press('4', field);
    press(' ', root.querySelector('.tools button') ?? field);
    expect(location.hash).toBe('#/battle/demo');
    expect(source.view().at).toBe('now');
  });
});

describe('the address', () => {
  it('has the moment shown, while a replay goes on too', () => {
    start(three([1, 2, 3]));
    void source.jump({ input: 50 });
    press(' ');
    source.change({ shown: three([1, 2, 3], 60), at: 'past' });
    frame();
    expect(location.hash).toBe('#/battle/demo?at=60');
    expect(source.jumps).toHaveLength(1);
  });
});

describe('keys of a list that chooses', () => {
  it('are its own, but for those that zoom', () => {
    const pageKey = vi.fn(() => true);
    const leave = bindKeys({ pageKey });
    const select = document.createElement('select'), field = document.createElement('input');
    root.append(select, field);
    press('m', select);
    press('ArrowDown', select);
    press('+', field);
    expect(pageKey).not.toHaveBeenCalled();
    press('+', select);
    press('-', select);
    expect(pageKey).toHaveBeenCalledTimes(2);
    leave();
  });
});

describe('banners', () => {
  const now = three([1, 2, 3]);
  const view: View = { shown: now, newest: now, at: 'now', jumping: false, connection: 'open', heardMs: 1000, trouble: null };

  it('say that figures are old after two seconds, of a battle that runs', () => {
    expect(isStale(view, 2900)).toBe(false);
    expect(isStale(view, 3100)).toBe(true);
    expect(banner(view, 4100)?.text).toContain('3 s');
    expect(status(view, true).word).toBe('STALE');
    const over = state(now.agents, { state: 'ended' });
    expect(isStale({ ...view, shown: over, newest: over }, 99_000)).toBe(false);
  });

  it('say that there is no connection, and which moment is shown', () => {
    expect(banner({ ...view, connection: 'lost', trouble: 'the connection broke' }, 1000)?.tone).toBe('bad');
    expect(banner({ ...view, at: 'past' }, 1000)?.text).toBe('All pages show 10:00:00.000 EST, input 100; the battle goes on.');
    expect(banner(view, 1000)).toBeNull();
  });

  it('say of a server that went with its battle that the battle is over, not that something broke', () => {
    const end = state(now.agents, { state: 'ended' });
    end.said = { ...end.said, next_out: null };
    const gone: View = { ...view, shown: end, newest: end, connection: 'lost', trouble: 'the server does not answer' };
    expect(banner(gone, 1000)?.tone).toBe('note');
    expect(status(gone, false).word).toBe('OVER');
  });

  it('lead back to now', () => {
    start(now);
    void source.jump({ input: 50 });
    frame();
    expect(texts('.chip')).toContain('PAST');
    root.querySelector<HTMLButtonElement>('.banner button')?.click();
    expect(source.view().at).toBe('now');
  });
});

describe('the key', () => {
  it('is asked for, checked, kept in this tab and used', () => {
    start(null);
    source.change({ connection: 'key', trouble: 'a key is wanted' });
    frame();
    const dialog = root.querySelector<HTMLDialogElement>('dialog.key');
    const field = dialog?.querySelector('input'), form = dialog?.querySelector('form');
    if (!dialog || !field || !form) throw new Error('no dialog');
    expect(dialog.hasAttribute('open')).toBe(true);
    expect(field.type).toBe('password');
    field.value = 'two words';
    form.dispatchEvent(new Event('submit', { cancelable: true }));
    expect(readKey()).toBeNull();
    expect(dialog.querySelector('.trouble')?.textContent).toContain('no key');
    field.value = ' ryk_abcdefgh ';
    form.dispatchEvent(new Event('submit', { cancelable: true }));
    expect(readKey()).toBe('ryk_abcdefgh');
    expect(source.again).toHaveBeenCalledOnce();
    expect(dialog.hasAttribute('open')).toBe(false);
  });

  it('that is refused is asked for again, with the reason', () => {
    const dialog = new KeyDialog(() => undefined);
    document.body.append(dialog.element);
    dialog.show('first time');
    expect(dialog.element.querySelector('.trouble')?.textContent).toBe('');
    const field = dialog.element.querySelector('input');
    if (field) field.value = 'ryk_abcdefgh';
    dialog.element.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    dialog.show('this key was revoked');
    expect(dialog.element.querySelector('.trouble')?.textContent).toBe('this key was revoked');
  });
});

describe('the other pages', () => {
  it('agent: figures, holdings, and nothing where nothing is', async () => {
    start(three([1, 2, 3]), '#/battle/demo/agent/c');
    await settle();
    frame();
    expect(texts('.figures h1')).toEqual(['c']);
    expect(texts('.holdings .list tbody th')).toEqual(['RYA']);
    expect(texts('.holdings .empty')).toEqual(['No order of its stands in the book.', 'Nothing was refused.']);
    shell.route(parse('#/battle/demo/agent/nobody'));
    frame();
    expect(texts('.empty.large:not([hidden])')).toEqual(['No agent of this battle is called nobody.']);
  });

  it('agent: a reason leads to what was refused', async () => {
    const now = three([1, 2, 3]);
    now.agents.c = agent(2, 3, { rejects: 1, reasons: { unknown_order: 1 } });
    start(now, '#/battle/demo/agent/c');
    const asked = vi.spyOn(source, 'rows');
    frame();
    await settle();
    root.querySelector<HTMLElement>('.holdings .as-link')?.click();
    expect(root.querySelector<HTMLSelectElement>('.deeds select')?.value).toBe('rejects');
    await vi.waitFor(() => {
      frame();
      expect(asked).toHaveBeenCalledWith(expect.objectContaining({ type: ['reject'], agent: 'c' }));
    });
  });

  it('box: processes on their cores, alarms with what to do', () => {
    const now = three([1, 2, 3]);
    const process = (core: number, more = {}): NonNullable<State['processes']>[string] => ({ own: null, state: 'runs', core, heartbeat_age_ns: '1000000', busy_permille: 410, rate: 59249, rate_unit: 'inputs', lag: 0, lag_unit: 'inputs', lost: 0, ring_fill_permille: 250, ...more });
    now.processes = { exec: process(0), agent1: process(1, { own: HOSTILE, lost: 17 }), feed0: process(1, { own: 'itch', state: 'stands', heartbeat_age_ns: '5000000000' }) };
    now.machine = { cores: 2, placement: {} };
    now.alarms = [{ severity: 'critical', text: 'feed0 stands still: start it again' }];
    start(now, '#/battle/demo/box');
    expect(texts('.core h3')).toEqual(['core 0', 'core 1']);
    expect(texts('.core:nth-child(2) .block .name')).toEqual(['feed0 itch', HOSTILE]);
    expect(texts('.block[data-state="stands"] .state')).toEqual(['stands 5.0 s']);
    expect(texts('.block[data-lost] .does')).toEqual(['59.2k inputs/s, LOST 17']);
    expect(texts('.alarm-list .remedy')).toEqual(['start it again']);
    expect(root.querySelector<HTMLElement>('.alarms')?.textContent).toBe('1 alarm');
  });
});
