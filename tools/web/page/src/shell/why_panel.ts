/** The panel that says why: what an input was, what came of it, in the words of `royale why`. */
import { clockOf } from '../format/time';
import type { Source } from '../source/source';
import type { CourseEvent, Why as Answer } from '../source/types';
import { SourceError } from '../source/source';
import { shownName, shownText } from '../format/names';
import { h, say, show } from './dom';
import type { Why } from './router';

export interface WhyPanelContext {
  /** What the course has of an input. */
  events(input: number): CourseEvent[];
  /** Shows the battle at that input. */
  jump(input: number): void;
  /** Another input's panel. */
  open(why: Why): void;
  close(): void;
}

export class WhyPanel {
  readonly element: HTMLElement;
  private readonly source: Source;
  private readonly context: WhyPanelContext;
  private readonly title: HTMLElement;
  private readonly body: HTMLElement;
  private readonly before: HTMLButtonElement;
  private readonly footer: HTMLElement;
  private why: Why | null = null;
  private opener: Element | null = null;

  constructor(source: Source, context: WhyPanelContext) {
    this.source = source;
    this.context = context;
    this.title = h('h2', { id: 'why-title' });
    this.body = h('div', { class: 'why-text', 'aria-live': 'polite' });
    const to = (step: number): void => {
      if (this.input !== null && this.input + step > 0) context.open({ input: this.input + step });
    };
    this.before = h('button', { type: 'button', on: { click: () => to(-1) } }, 'Input before');
    this.footer = h('div', { class: 'why-foot' },
      h('button', { class: 'main', type: 'button', on: { click: () => { if (this.input !== null) context.jump(this.input); } } }, 'Show this moment'),
      this.before, h('button', { type: 'button', on: { click: () => to(1) } }, 'Input behind'));
    this.element = h('div', { class: 'why', role: 'dialog', 'aria-labelledby': 'why-title', tabindex: -1, hidden: true },
      h('div', { class: 'why-head' }, this.title,
        h('button', { class: 'icon', 'data-icon': 'close', type: 'button', 'aria-label': 'close', title: 'close (Esc)', on: { click: () => context.close() } })),
      this.body, this.footer);
  }

  get open(): boolean {
    return this.why !== null;
  }

  private get input(): number | null {
    return this.why && 'input' in this.why ? this.why.input : null;
  }

  set(why: Why | null): void {
    if (JSON.stringify(why) === JSON.stringify(this.why)) return;
    if (this.why === null) this.opener = document.activeElement;
    this.why = why;
    show(this.element, why !== null);
    if (why === null) {
      if (this.opener instanceof HTMLElement && this.opener.isConnected) this.opener.focus();
      this.opener = null;
      return;
    }
    say(this.title, 'input' in why ? `Input ${why.input.toLocaleString('en-US')}` : `Order ${shownName(why.agent)}/${why.cl_ord_id}`);
    show(this.footer, this.input !== null);
    this.before.disabled = (this.input ?? 0) <= 1;
    this.body.replaceChildren(h('p', { class: 'empty' }, 'Asking the machine\u2026'));
    this.element.focus();
    void this.ask(why);
  }

  private async ask(why: Why): Promise<void> {
    let parts: HTMLElement[];
    try {
      const answer = await this.source.why(why);
      const moment = momentOf(answer);
      parts = moment === null ? told(answer.text) : [this.when(moment), ...told(answer.text, false)];
      if (ofTheRecord(answer)) parts.push(h('p', { class: 'answer' }, 'A trade of the record: no agent took part in it.'));
    } catch (error) {
      const events = 'input' in why ? this.context.events(why.input) : [];
      parts = await this.happened(events).catch(() => null) ?? refused(error);
    }
    if (this.why === why) this.body.replaceChildren(...parts);
  }

  /** The lead changes as values do, at an input that has no row of its own: how it stood then says why. null: it is none. */
  private async happened(events: readonly CourseEvent[]): Promise<HTMLElement[] | null> {
    const first = events[0];
    if (!first) return null;
    const { said } = await this.source.stateAt(first.input);
    const then = [said.leads ? `first: ${said.leads}` : '', said.next_out ? `next out: ${said.next_out}` : ''].filter((text) => text !== '');
    return [this.when(first.time_ns), ...events.map(({ text }) => h('p', { class: 'what' }, shownText(text))),
      ...then.map((text) => h('p', { class: 'answer' }, shownText(text)))];
  }

  private when(time_ns: string): HTMLElement {
    const clock = clockOf(this.source.view().newest?.battle.zone ?? 'UTC');
    return h('p', { class: 'dim' }, `${clock.fine(time_ns)} ${clock.name(time_ns)} ${clock.day(time_ns)}`);
  }
}

interface ToldRow {
  type?: unknown;
  time_ns?: unknown;
  agent?: unknown;
}

/** Of an input that is told by its rows; none: an order's life is told. */
function rowsOf({ facts }: Answer): ToldRow[] {
  const rows = (facts as { rows?: ToldRow[] } | null)?.rows;
  return Array.isArray(rows) ? rows : [];
}

function momentOf(answer: Answer): string | null {
  const time = rowsOf(answer)[0]?.time_ns;
  return typeof time === 'string' ? time : null;
}

/** Of an agent's trade there is its fill beside the trade itself. */
export function ofTheRecord(answer: Answer): boolean {
  const rows = rowsOf(answer);
  return rows.length > 0 && rows.every(({ type, agent }) => type === 'market_trade' && agent == null);
}

/** The first line is what it was, of an order's `life` the last what came of it; between them the rest. */
export function told(text: string, life = true): HTMLElement[] {
  const lines = text.replace(/\n+$/, '').split('\n').map(shownText);
  const first = lines.shift() ?? '';
  const parts: HTMLElement[] = [h('p', { class: 'what' }, first)];
  const last = life && lines.length > 1 ? lines.pop() : undefined;
  if (last !== undefined) parts.push(h('p', { class: 'answer' }, last.trim()));
  if (lines.length > 0) parts.push(h('ol', { class: 'life' }, ...lines.map((line) => lifeLine(line))));
  return parts;
}

function lifeLine(line: string): HTMLElement {
  const match = /^(\d\d:\d\d:\d\d(?:\.\d+)?)(?: [A-Z]{2,5})? {2}(.*)$/.exec(line);
  if (match) return h('li', {}, h('time', {}, match[1] ?? ''), h('span', {}, match[2] ?? ''));
  return h('li', { class: line.startsWith('  ') ? 'detail' : '' }, h('time', {}), h('span', {}, line.trim()));
}

export function refused(error: unknown): HTMLElement[] {
  const parts = [h('p', { class: 'empty' }, error instanceof Error ? error.message : String(error))];
  if (error instanceof SourceError && error.remedy) parts.push(h('p', { class: 'empty' }, error.remedy));
  return parts;
}
