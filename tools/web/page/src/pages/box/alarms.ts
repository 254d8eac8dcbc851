/** What is wrong, the worst first, each with what to do about it. */
import { h } from '../../shell/dom';
import { shownText } from '../../format/names';
import type { Alarm } from '../../source/types';

/** "it happened: do that": what to do stands behind the last colon where the sentence has one. */
export function parted(text: string): { what: string; remedy: string | null } {
  const at = text.lastIndexOf(': ');
  return at > 0 ? { what: text.slice(0, at), remedy: text.slice(at + 2) } : { what: text, remedy: null };
}

export class Alarms {
  readonly element: HTMLElement;
  private readonly list = h('ol', { class: 'alarm-list' });
  private drawn = '?';

  constructor() {
    this.element = h('section', { class: 'panel alarms-panel', 'aria-label': 'alarms' },
      h('header', {}, h('h2', {}, 'Alarms')), h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'list of alarms', 'aria-live': 'polite' }, this.list));
  }

  /** `more`: so many had no room, none worse than these. */
  draw(alarms: readonly Alarm[], more: number): void {
    const key = `${more}${JSON.stringify(alarms)}`;
    if (key === this.drawn) return;
    this.drawn = key;
    if (alarms.length === 0) {
      this.list.replaceChildren(h('li', { class: 'fine' }, 'No alarm: nothing that is known here is wrong.'));
      return;
    }
    this.list.replaceChildren(...alarms.map(({ severity, text }) => {
      const { what, remedy } = parted(text);
      return h('li', { 'data-severity': severity }, h('b', {}, severity), h('span', {}, shownText(what)), remedy !== null && h('span', { class: 'remedy' }, shownText(remedy)));
    }), ...(more > 0 ? [h('li', { class: 'dim more' }, `and ${more} more, none worse than these`)] : []));
  }
}
