/** What a reader must not overlook: old figures, no connection, a moment of the past, a stamp. */
import { clockOf } from '../format/time';
import type { View } from '../source/source';
import { over } from '../parts/board';
import { h, mark, say, show } from './dom';

/** No frame of a battle that runs for so long: what is shown is not now. */
export const STALE_MS = 2000;

export function isStale(view: View, now_ms: number): boolean {
  return view.connection === 'open' && view.newest?.battle.state === 'runs' && view.heardMs > 0 && now_ms - view.heardMs > STALE_MS;
}

interface Told {
  tone: 'bad' | 'past' | 'note';
  text: string;
}

/** The one that matters most; null: all is well. */
export function banner(view: View, now_ms: number): Told | null {
  if (view.connection === 'lost' && view.newest && over(view.newest))
    return { tone: 'note', text: 'The battle is over and its server has gone. What stands below is the end; royale web DIR shows all of it again.' };
  if (view.connection === 'lost')
    return { tone: 'bad', text: `No connection: ${view.trouble ?? 'it broke'}. ${view.newest ? 'The last figures that came stand below; t' : 'T'}rying again by itself.` };
  if (isStale(view, now_ms))
    return { tone: 'bad', text: `Stale: no figures for ${Math.floor((now_ms - view.heardMs) / 1000)} s. What stands below is old.` };
  if (view.trouble && view.connection !== 'key') return { tone: 'bad', text: view.trouble };
  if (view.at === 'past' && view.shown) {
    const { battle } = view.shown;
    const clock = clockOf(battle.zone);
    const goesOn = view.newest?.battle.state === 'runs' ? 'the battle goes on' : 'the battle is over';
    return { tone: 'past', text: `All pages show ${clock.fine(battle.time_ns)} ${clock.name(battle.time_ns)}, input ${battle.input.toLocaleString('en-US')}; ${goesOn}.` };
  }
  return null;
}

export class Banners {
  readonly element: HTMLElement;
  private readonly words: HTMLElement;
  private readonly back: HTMLButtonElement;
  private readonly stamp: HTMLElement;
  private readonly notes: HTMLElement;

  constructor(now: () => void) {
    this.words = h('span');
    this.back = h('button', { type: 'button', on: { click: now } });
    this.stamp = h('p', { class: 'banner', 'data-tone': 'note', hidden: true });
    this.notes = h('p', { class: 'banner', 'data-tone': 'note', hidden: true });
    this.element = h('div', { class: 'banners' },
      h('div', { class: 'banner first', role: 'status', hidden: true }, this.words, this.back), this.stamp, this.notes);
  }

  draw(view: View, now_ms: number): void {
    const told = banner(view, now_ms);
    const first = this.element.firstElementChild as HTMLElement;
    show(first, told !== null);
    if (told) {
      mark(first, 'data-tone', told.tone);
      say(this.words, told.text);
      say(this.back, view.newest?.battle.state === 'runs' ? 'Back to live' : 'To the end');
      show(this.back, view.at === 'past' && told.tone === 'past');
    }
    const battle = view.shown?.battle;
    const stamp = battle?.stamp;
    show(this.stamp, stamp != null && stamp !== '');
    if (stamp) say(this.stamp, `Stamp: ${stamp}.`);
    const notes = view.notes ?? [];
    show(this.notes, notes.length > 0);
    say(this.notes, notes.join(' '));
  }
}
