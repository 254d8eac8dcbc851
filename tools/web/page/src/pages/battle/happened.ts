/** What happened, newest first: rounds, eliminations, changes of the lead and of ranks; each a link. */
import { clockOf, msOf } from '../../format/time';
import { shownText } from '../../format/names';
import { h, Keyed, say } from '../../shell/dom';
import type { Context } from '../page';
import type { Course, CourseEvent, State } from '../../source/types';

const SHOWN_MAX = 120;

export class Happened {
  readonly element: HTMLElement;
  private readonly list = h('ol', { class: 'events' });
  private readonly empty = h('p', { class: 'empty' }, 'Nothing yet: trading has not begun.');
  private readonly ranks: HTMLInputElement;
  private readonly rows: Keyed<HTMLLIElement>;
  private events: CourseEvent[] = [];
  private read = false;
  private zone = 'UTC';

  constructor(context: Context) {
    this.ranks = h('input', { type: 'checkbox', checked: true, on: { change: () => context.wake() } });
    this.rows = new Keyed(this.list, (key) => this.make(context, key));
    this.element = h('section', { class: 'panel happened', 'aria-label': 'what happened' },
      h('header', {}, h('h2', {}, 'What happened'), h('label', { class: 'dim' }, this.ranks, ' changes of rank')),
      h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'events' }, this.empty, this.list));
    this.ranks.addEventListener('change', () => this.arrange());
  }

  /** Until the moment that is shown. */
  draw(state: State, course: Course | null): void {
    this.zone = state.battle.zone;
    const now = msOf(state.battle.time_ns);
    this.read = course !== null;
    this.events = (course?.events ?? []).filter((event) => event.input <= state.battle.input && msOf(event.time_ns) <= now);
    this.arrange();
  }

  private arrange(): void {
    const wanted = this.events.map((event, i) => [event, i] as const).filter(([event]) => this.ranks.checked || event.what !== 'rank').slice(-SHOWN_MAX).reverse();
    this.rows.arrange(wanted.map(([event, i]) => `${event.input}/${event.what}/${event.agent ?? ''}/${i}`));
    this.empty.hidden = wanted.length > 0;
    say(this.empty, this.read ? 'Nothing yet: trading has not begun.' : 'Reading\u2026');
  }

  private make(context: Context, key: string): HTMLLIElement {
    const event = this.events[Number(key.split('/').at(-1))];
    if (!event) return h('li');
    const link = context.inputLink(event.input, '');
    link.append(h('time', {}, clockOf(this.zone).fine(event.time_ns)), h('span', {}, shownText(event.text)));
    return h('li', { 'data-what': event.what }, link);
  }
}
