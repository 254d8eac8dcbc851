/**
 * Walks through a battle that was: so many seconds of market time a second. A jump that is not
 * answered yet is waited for: the replay then loses time, never order.
 */
import { msOf } from '../format/time';
import type { Source } from '../source/source';

export const RATES: readonly number[] = [1, 10, 60, 300, 1000, 3000, 10_000, 30_000];
const TICK_MS = 100;
/** A whole battle takes about so long by default. */
const WHOLE_S = 60;

export function usualRate(span_ms: number): number {
  const wanted = span_ms / 1000 / WHOLE_S;
  return RATES.reduce((best, rate) => (Math.abs(Math.log(rate / wanted)) < Math.abs(Math.log(best / wanted)) ? rate : best));
}

export class Replay {
  playing = false;
  rate: number | null = null;
  private readonly source: Source;
  private readonly changed: () => void;
  private timer: ReturnType<typeof setInterval> | undefined;
  private at_ms = 0;
  private to_ms = 0;

  constructor(source: Source, changed: () => void) {
    this.source = source;
    this.changed = changed;
  }

  /** From where it stands, to `to_ms`. */
  play(from_ms: number, to_ms: number, usual: number): void {
    this.pause();
    this.rate ??= usual;
    this.at_ms = from_ms;
    this.to_ms = to_ms;
    this.playing = true;
    this.timer = setInterval(() => this.step(), TICK_MS);
    this.changed();
  }

  pause(): void {
    clearInterval(this.timer);
    if (!this.playing) return;
    this.playing = false;
    this.changed();
  }

  private step(): void {
    const view = this.source.view();
    if (view.jumping) return;
    if (this.at_ms >= this.to_ms) {
      this.pause();
      return;
    }
    /* Somebody else may have jumped; and a moment between two inputs shows the one before. */
    const shown = view.shown ? msOf(view.shown.battle.time_ns) : this.at_ms;
    if (shown > this.at_ms) this.at_ms = shown;
    this.at_ms = Math.min(this.at_ms + (this.rate ?? 1) * TICK_MS, this.to_ms);
    this.source.jump({ time_ns: String(BigInt(Math.round(this.at_ms)) * 1_000_000n) }).catch(() => this.pause());
  }
}
