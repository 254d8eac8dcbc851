/**
 * An agent's rows: all its fills, page by page, and the last of everything else. The server reads rows
 * forward only; the last ones are found by asking from ever further back.
 */
import type { Source } from './source';
import type { Explanation, Row } from './types';

/** Shown of the fills; the oldest go. */
export const FILLS_MAX = 5000;
const PAGE_ROWS = 1000;
/** First so many inputs back, then ever more. */
const BACK_INPUTS = 4096;
const BACK_FACTOR = 8;
const RECENT = 200;
const ENOUGH = 60;
const ASK_MS = 2500;
const PAGES_MAX = 64;

/** What `recent` has unless somebody wants less. */
export const RECENT_TYPES: readonly string[] = ['order', 'reject', 'fill', 'cancel', 'cancel_request', 'decision', 'out', 'handed_over'];

export class History {
  fills: Row[] = [];
  /** Newest last, none behind the moment that is shown; of the types of `of`. */
  recent: Row[] = [];
  of = RECENT_TYPES;
  explanations: Explanation[] = [];
  /** The fills are all there, up to the newest that the server has. */
  whole = false;
  trouble: string | null = null;
  version = 0;
  private readonly source: Source;
  private readonly agent: string;
  private readonly wake: () => void;
  private after: string | undefined;
  private closed = false;
  private asking = false;
  private asked = -1;
  private next_ms = 0;
  private wanted = RECENT_TYPES;

  constructor(source: Source, agent: string, wake: () => void) {
    this.source = source;
    this.agent = agent;
    this.wake = wake;
  }

  /** After each draw: asks for what has come since, never more than one question at once. */
  look(input: number): void {
    if (this.closed || this.asking || input === this.asked || performance.now() < this.next_ms) return;
    this.asking = true;
    void this.ask(input).finally(() => {
      this.asking = false;
      this.next_ms = this.of === this.wanted ? performance.now() + ASK_MS : 0;
    });
  }

  /** Rows of these types alone: what is rare among all may lie far back. */
  want(types: readonly string[]): void {
    if (types === this.wanted) return;
    this.wanted = types;
    this.asked = -1;
    this.next_ms = 0;
  }

  /** Another moment is shown: what is recent is asked for at once. */
  hurry(): void {
    this.next_ms = 0;
  }

  close(): void {
    this.closed = true;
  }

  private changed(): void {
    this.version++;
    this.wake();
  }

  private async ask(input: number): Promise<void> {
    try {
      await this.askRecent(input);
      await this.askFills();
      await this.askExplanations(input);
      if (this.of === this.wanted) this.asked = input;
      this.trouble = null;
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
    }
    if (!this.closed) this.changed();
  }

  private async askFills(): Promise<void> {
    for (let pages = 0; pages < PAGES_MAX && !this.closed; pages++) {
      const page = await this.source.rows({ type: ['fill'], agent: this.agent, limit: PAGE_ROWS, ...(this.after ? { after: this.after } : {}) });
      if (page.rows.length > 0) {
        this.fills = [...this.fills, ...page.rows].slice(-FILLS_MAX);
        this.changed();
      }
      const last = page.rows.at(-1);
      const next = page.next ?? (last ? `${last.input}.${last.n}` : this.after);
      const stands = next === this.after;
      this.after = next;
      if (page.next === null || stands) {
        this.whole = true;
        return;
      }
    }
  }

  private async askRecent(input: number): Promise<void> {
    const types = this.wanted;
    const found = await this.back(input, async (after) => {
      const rows: Row[] = [];
      let from: string | null = after;
      for (let pages = 0; from !== null && pages < PAGES_MAX && !this.closed; pages++) {
        const page = await this.source.rows({ type: [...types], agent: this.agent, after: from, limit: PAGE_ROWS });
        rows.push(...page.rows);
        const last = page.rows.at(-1);
        if (page.next === from || (last && last.input > input)) break;
        from = page.next;
      }
      return rows.filter((row) => row.input <= input);
    });
    this.recent = found.slice(-RECENT);
    this.of = types;
    this.changed();
  }

  private async askExplanations(input: number): Promise<void> {
    const found = await this.back(input, async (after) => {
      const all: Explanation[] = [];
      let from: string | null = after;
      for (let pages = 0; from !== null && pages < PAGES_MAX && !this.closed; pages++) {
        const page = await this.source.explanations(this.agent, from);
        all.push(...page.explanations);
        const last = page.explanations.at(-1);
        if (page.next === from || (last && last.input > input)) break;
        from = page.next;
      }
      return all.filter((one) => one.input <= input);
    });
    this.explanations = found.slice(-RECENT);
  }

  /** From ever further back until there is enough. */
  private async back<T>(input: number, ask: (after: string) => Promise<T[]>): Promise<T[]> {
    for (let inputs = BACK_INPUTS; ; inputs *= BACK_FACTOR) {
      const from = Math.max(0, input - inputs);
      const found = await ask(`${from}.0`);
      if (found.length >= ENOUGH || from === 0 || this.closed) return found;
    }
  }
}
