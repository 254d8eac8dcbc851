/**
 * The time line under every page: the trading hours from left to right, rounds, eliminations and
 * changes of the lead on it, and the moment that is shown. Dragging, arrows and replay jump to others.
 */
import { clockOf, msOf } from '../format/time';
import { shownText } from '../format/names';
import { over } from '../parts/board';
import type { Film } from '../source/film';
import type { Source, View } from '../source/source';
import type { CourseEvent, State } from '../source/types';
import { h, mark, say, show } from './dom';
import { RATES, Replay, usualRate } from './replay';

/** An arrow goes so far: a part of the whole; with shift ten of them. */
const STEPS = 200;
const TICKS_MAX = 600;

export interface TimelineContext {
  source: Source;
  film: Film;
  inputLink(input: number, text: string): HTMLAnchorElement;
  wake(): void;
}

export class Timeline {
  readonly element: HTMLElement;
  readonly replay: Replay;
  private readonly context: TimelineContext;
  private readonly play: HTMLButtonElement;
  private readonly moment: HTMLElement;
  private readonly track: HTMLElement;
  private readonly done: HTMLElement;
  private readonly handle: HTMLElement;
  private readonly marks: HTMLElement;
  private readonly hint: HTMLElement;
  private readonly rate: HTMLSelectElement;
  private readonly back: HTMLButtonElement;
  private from_ms = 0;
  private to_ms = 1;
  private newest_ms = 0;
  private box: DOMRect | null = null;
  private wanted: number | null = null;
  private marked = -1;
  private dragging = false;

  constructor(context: TimelineContext) {
    this.context = context;
    this.replay = new Replay(context.source, context.wake);
    this.play = h('button', { class: 'icon', type: 'button', on: { click: () => this.toggle() } });
    this.moment = h('output', { class: 'moment' });
    this.done = h('div', { class: 'done' });
    this.handle = h('div', { class: 'handle' });
    this.marks = h('div', { class: 'marks' });
    this.hint = h('div', { class: 'hint', hidden: true });
    this.track = h('div', {
      class: 'track', role: 'slider', tabindex: 0, 'aria-label': 'moment of the battle', 'aria-valuemin': 0,
      'aria-valuemax': 1000,
      on: {
        pointerdown: (event) => this.grab(event), pointermove: (event) => this.drag(event),
        pointerup: () => this.drop(), pointercancel: () => this.drop(), pointerleave: () => show(this.hint, false),
      },
    }, h('div', { class: 'rail' }), this.done, this.handle, this.hint);
    this.rate = h('select', {
      'aria-label': 'speed of the replay', title: 'seconds of market time in a second of replay',
      on: { change: () => { this.replay.rate = Number(this.rate.value); } },
    }, ...RATES.map((rate) => h('option', { value: rate }, `${rate.toLocaleString('en-US')}x`)));
    this.back = h('button', { class: 'now', type: 'button', on: { click: () => this.now() } });
    this.element = h('footer', { class: 'line', 'aria-label': 'time line' },
      this.play, this.moment, h('div', { class: 'tracks' }, this.track, this.marks), this.rate, this.back);
  }

  /** Another moment is on its way. */
  get moves(): boolean {
    return this.replay.playing || this.wanted !== null || this.context.source.view().jumping;
  }

  /** Space: stops what moves, moves what stands. */
  toggle(): void {
    const view = this.context.source.view();
    if (this.replay.playing) this.replay.pause();
    else if (view.at === 'now' && view.newest && !over(view.newest)) this.context.source.freeze();
    else if (view.shown) {
      const shown = msOf(view.shown.battle.time_ns);
      const from = shown >= this.newest_ms ? this.from_ms : shown;
      this.replay.play(from, this.newest_ms, usualRate(this.to_ms - this.from_ms));
    }
    this.context.wake();
  }

  now(): void {
    this.replay.pause();
    this.wanted = null;
    this.context.source.now();
  }

  /** By parts of the whole: -1 is one to the left. */
  step(parts: number): void {
    const view = this.context.source.view();
    if (!view.shown) return;
    const at = this.wanted ?? msOf(view.shown.battle.time_ns);
    const to = at + ((this.to_ms - this.from_ms) / STEPS) * parts;
    if (to >= this.newest_ms) this.now();
    else this.jump(Math.max(to, this.from_ms));
  }

  start(): void {
    this.jump(this.from_ms);
  }

  draw(view: View): void {
    const state = view.shown, newest = view.newest;
    show(this.element, state !== null && state.battle.state !== 'none');
    if (!state || !newest) return;
    this.measure(newest);
    const at_ms = msOf(state.battle.time_ns);
    const clock = clockOf(state.battle.zone);
    say(this.moment, clock.time(state.battle.time_ns));
    const share = this.share(this.wanted ?? at_ms);
    this.handle.style.transform = `translateX(${(share * (this.box?.width ?? 0)).toFixed(1)}px)`;
    this.done.style.transform = `scaleX(${this.share(this.newest_ms).toFixed(4)})`;
    mark(this.track, 'aria-valuenow', String(Math.round(share * 1000)));
    mark(this.track, 'aria-valuetext', `${clock.time(state.battle.time_ns)}, round ${state.battle.round}`);
    this.drawButtons(view, newest);
    if (this.context.film.version !== this.marked) this.drawMarks(state);
  }

  /** The track's place on the screen: asked for when it can have changed, never while drawing. */
  resize(): void {
    this.box = this.track.getBoundingClientRect();
  }

  close(): void {
    this.replay.pause();
  }

  private measure(newest: State): void {
    const { battle } = newest;
    this.newest_ms = msOf(battle.time_ns);
    this.from_ms = Math.min(msOf(battle.trade_from_ns), this.newest_ms);
    this.to_ms = Math.max(battle.trade_to_ns != null ? msOf(battle.trade_to_ns) : 0, this.newest_ms, this.from_ms + 1);
    if (over(newest)) this.to_ms = Math.max(this.newest_ms, this.from_ms + 1);
    if (this.box === null || this.box.width === 0) this.resize();
  }

  private share(ms: number): number {
    return Math.min(1, Math.max(0, (ms - this.from_ms) / (this.to_ms - this.from_ms)));
  }

  private drawButtons(view: View, newest: State): void {
    const running = !over(newest) && newest.battle.state === 'runs';
    const stands = view.at === 'past' || !running;
    const word = this.replay.playing || !stands ? 'pause' : 'play';
    mark(this.play, 'data-icon', word);
    mark(this.play, 'aria-label', this.replay.playing ? 'pause the replay' : stands ? 'replay from here' : 'stop at this moment');
    mark(this.play, 'title', `${word} (space)`);
    say(this.back, running ? 'Back to live' : 'To the end');
    this.back.disabled = view.at === 'now';
    const rate = String(this.replay.rate ?? usualRate(this.to_ms - this.from_ms));
    if (this.rate.value !== rate) this.rate.value = rate;
    mark(this.element, 'data-at', view.at);
  }

  private drawMarks(state: State): void {
    this.marked = this.context.film.version;
    const course = this.context.film.course;
    const events = (course?.events ?? []).filter(({ what }) => what !== 'rank').slice(-TICKS_MAX);
    const key = `${course?.battle_id}/${events.length}/${this.from_ms}/${this.to_ms}`;
    if (this.marks.dataset.key === key) return;
    this.marks.dataset.key = key;
    this.marks.replaceChildren(...events.map((event) => this.markOf(event, state)));
  }

  private markOf(event: CourseEvent, state: State): HTMLElement {
    const words: Record<string, string> = { out: '\u00d7', leader: '\u25c6', stamp: '!', end: '\u25a0' };
    const time = clockOf(state.battle.zone).time(event.time_ns);
    const link = this.context.inputLink(event.input, words[event.what] ?? '');
    const text = `${time} ${shownText(event.text)}`;
    link.classList.add('mark');
    link.dataset.what = event.what;
    link.title = text;
    link.setAttribute('aria-label', text);
    /* By Tab only who went out: a day has hundreds of the others, and the battle page lists them. */
    if (event.what !== 'out') link.tabIndex = -1;
    link.style.left = `${(this.share(msOf(event.time_ns)) * 100).toFixed(2)}%`;
    return link;
  }

  private msAt(event: PointerEvent): number {
    const box = this.box ?? this.track.getBoundingClientRect();
    const share = box.width > 0 ? (event.clientX - box.left) / box.width : 0;
    return this.from_ms + Math.min(1, Math.max(0, share)) * (this.to_ms - this.from_ms);
  }

  private grab(event: PointerEvent): void {
    this.resize();
    this.replay.pause();
    this.dragging = true;
    this.track.setPointerCapture?.(event.pointerId);
    this.jump(this.msAt(event));
  }

  private drag(event: PointerEvent): void {
    const ms = this.msAt(event);
    const state = this.context.source.view().shown;
    if (state) {
      say(this.hint, clockOf(state.battle.zone).timeOfMs(ms));
      this.hint.style.left = `${(this.share(ms) * 100).toFixed(2)}%`;
      show(this.hint, true);
    }
    if (this.dragging) this.jump(ms);
  }

  private drop(): void {
    this.dragging = false;
    show(this.hint, false);
  }

  /** At most one question is on its way; of those that came meanwhile the last is asked next. */
  private jump(ms: number): void {
    const idle = this.wanted === null;
    this.wanted = Math.min(ms, this.newest_ms);
    this.context.wake();
    if (idle) void this.ask();
  }

  private async ask(): Promise<void> {
    while (this.wanted !== null) {
      const ms = this.wanted;
      try {
        await this.context.source.jump({ time_ns: String(BigInt(Math.round(ms)) * 1_000_000n) });
      } catch {
        this.wanted = null;
      }
      if (this.wanted === ms) this.wanted = null;
    }
    this.context.wake();
  }
}
