/**
 * The course of the battle so far, kept fresh: asked for now and then while the battle runs, and
 * lengthened with what the stream says in between.
 */
import { msOf } from '../format/time';
import { placeOf } from '../format/money';
import type { Source } from './source';
import type { Course, State } from './types';

const REFRESH_MS = 2500;
/** At the earliest, when a round has begun, somebody has gone out or the battle is over: such an event is to stand in the course as soon as on the board. */
const EVENT_MS = 300;
/** After a failure, or where the film is not whole yet. */
const AGAIN_MS = 2000;
/** Of points between two refreshes; a later one in the same step takes the last one's place. */
const TAIL_MAX = 4096;

/** Where everybody stood at a moment that the course does not have yet. */
export interface Tail {
  ms: number;
  input: number;
  gain: ReadonlyMap<string, number>;
}

export class Film {
  course: Course | null = null;
  tail: Tail[] = [];
  /** Counts what changed, for who keeps something made of it. */
  version = 0;
  private readonly source: Source;
  private readonly wake: () => void;
  private asking = false;
  private next_ms = 0;
  private asked_ms = -Infinity;
  private happened = '';
  private closed = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private identity = '';

  constructor(source: Source, wake: () => void) {
    this.source = source;
    this.wake = wake;
  }

  /** After each new state of now. */
  look(state: State): void {
    const { battle } = state;
    if (battle.battle_id !== this.identity) {
      this.identity = battle.battle_id;
      this.course = null;
      this.tail = [];
      this.next_ms = 0;
      this.version++;
    }
    this.lengthen(state);
    const happened = `${battle.state}/${battle.round}/${Object.values(state.agents).filter(({ out }) => out != null).length}`;
    if (happened !== this.happened) {
      this.happened = happened;
      this.next_ms = Math.min(this.next_ms, this.asked_ms + EVENT_MS);
      this.wakeIn(EVENT_MS);
    }
    const done = this.course?.complete === true;
    if (!done && !this.asking && battle.state !== 'none' && performance.now() >= this.next_ms) void this.ask();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private wakeIn(ms: number): void {
    clearTimeout(this.timer);
    if (!this.closed) this.timer = setTimeout(this.wake, ms);
  }

  private lengthen(state: State): void {
    const ms = msOf(state.battle.time_ns), input = state.battle.input;
    const last = this.tail.at(-1);
    const known = this.course ? Math.max(...this.course.input.slice(-1).map((one) => one ?? 0)) : -1;
    if (this.course?.complete || input <= known || state.battle.round === 0 || (last && input <= last.input)) return;
    const gain = new Map<string, number>();
    for (const name of Object.keys(state.agents)) gain.set(name, placeOf(state.agents[name]?.gain ?? '0'));
    const step = this.course ? msOf(this.course.step_ns) : 0;
    const point = { ms, input, gain };
    const previous = this.tail.at(-2);
    if (last && previous && ms - previous.ms < step) this.tail[this.tail.length - 1] = point;
    else this.tail.push(point);
    if (this.tail.length > TAIL_MAX) this.tail.splice(0, this.tail.length - TAIL_MAX);
    this.version++;
  }

  private async ask(): Promise<void> {
    this.asking = true;
    this.asked_ms = performance.now();
    const { happened } = this;
    try {
      const course = await this.source.course();
      if (this.closed) return;
      const until = course.input.reduce<number>((most, one) => (one !== null && one > most ? one : most), -1);
      this.course = course;
      this.tail = this.tail.filter((point) => point.input > until);
      this.version++;
      this.next_ms = happened === this.happened ? performance.now() + REFRESH_MS : this.asked_ms + EVENT_MS;
      this.wake();
    } catch {
      this.next_ms = performance.now() + AGAIN_MS;
      this.wakeIn(AGAIN_MS);
    } finally {
      this.asking = false;
    }
  }
}

/** The middle of column `i`, as milliseconds since the epoch. */
export function columnMs(course: Course, i: number): number {
  return msOf(BigInt(course.from_ns) + BigInt(course.step_ns) * BigInt(i) + BigInt(course.step_ns) / 2n);
}
