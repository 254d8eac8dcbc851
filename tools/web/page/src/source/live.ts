/** A server's battle: its stream for now, its REST for everything else. */
import { askBytes, askJson, apiAddress } from './rest';
import { readDepth } from './depth';
import { Stream } from './stream';
import { whole } from '../state';
import { SourceError } from './source';
import type { CourseQuery, Moment, Source, View } from './source';
import type { Counters, Course, Depth, ExplanationsPage, Library, Row, RowsPage, RowsQuery, State, Why, WhyQuery } from './types';

/** The name of whatever is in focus. */
const CURRENT = 'current';
/** How often a battle without a stream is asked for its state. */
const STILL_MS = 5000;

export class LiveSource implements Source {
  readonly kind = 'live';
  readonly battle: string;
  private readonly stream: Stream;
  private readonly listeners = new Set<() => void>();
  private readonly rowListeners = new Set<(rows: Row[], left_out: number) => void>();
  private seen: View = {
    shown: null, newest: null, at: 'now', jumping: false, connection: 'connecting', heardMs: 0, trouble: null,
  };
  private stop: AbortController | null = null;
  private stillTimer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(battle: string) {
    this.battle = battle;
    this.stream = new Stream(battle, {
      state: (state, rows, left_out) => this.take(state, rows, left_out),
      connection: (connection, trouble) => {
        if (connection === 'still' && this.seen.connection !== 'still') void this.still();
        if (connection !== this.seen.connection || trouble !== this.seen.trouble) this.change({ connection, trouble });
      },
    });
    void this.begin();
    addEventListener('online', this.hurry);
    document.addEventListener('visibilitychange', this.hurry);
  }

  view(): View {
    return this.seen;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  onRows(listener: (rows: Row[], left_out: number) => void): () => void {
    this.rowListeners.add(listener);
    return () => this.rowListeners.delete(listener);
  }

  async jump(to: Moment): Promise<void> {
    this.stop?.abort();
    const stop = new AbortController();
    this.stop = stop;
    this.change({ jumping: true });
    try {
      const query = 'input' in to ? { input: String(to.input) } : { time_ns: to.time_ns };
      const state = await askJson<State>(this.address('state', query), stop.signal);
      if (this.stop === stop) this.change({ shown: whole(state), at: 'past', jumping: false, trouble: null });
    } catch (error) {
      if (this.stop !== stop) return;
      this.change({ jumping: false, trouble: this.sentence(error) });
      throw error;
    } finally {
      if (this.stop === stop) this.stop = null;
    }
  }

  async stateAt(input: number): Promise<State> {
    return whole(await this.asked<State>(this.address('state', { input: String(input) })));
  }

  now(): void {
    this.stop?.abort();
    this.stop = null;
    this.change({ shown: this.seen.newest, at: 'now', jumping: false });
  }

  /** Stops at the newest state: nothing is asked for. */
  freeze(): void {
    if (this.seen.at === 'now' && this.seen.newest) this.change({ shown: this.seen.newest, at: 'past' });
  }

  course(query: CourseQuery = {}): Promise<Course> {
    return this.asked(this.address('course', this.film(query)));
  }

  async depth(instrument: string, query: CourseQuery = {}): Promise<Depth> {
    const url = this.address('depth', { instrument, ...this.film(query) });
    try {
      return readDepth(instrument, await askBytes(url));
    } catch (error) {
      throw this.noted(error);
    }
  }

  rows(query: RowsQuery): Promise<RowsPage> {
    return this.asked(this.address('rows', {
      type: query.type?.join(','), agent: query.agent, instrument: query.instrument, after: query.after,
      limit: query.limit === undefined ? undefined : String(query.limit),
    }));
  }

  why(query: WhyQuery): Promise<Why> {
    return this.asked(this.address('why', 'input' in query ? { input: String(query.input) } : { ...query }));
  }

  explanations(agent: string, after?: string): Promise<ExplanationsPage> {
    return this.asked(this.address('explanations', { agent, after, limit: '200' }));
  }

  counters(): Promise<Counters> {
    return this.asked(this.address('counters', {}));
  }

  /** With a key that was not there before. */
  again(): void {
    this.change({ connection: 'connecting', trouble: null });
    void this.begin();
  }

  close(): void {
    this.closed = true;
    this.stop?.abort();
    clearTimeout(this.stillTimer);
    removeEventListener('online', this.hurry);
    document.removeEventListener('visibilitychange', this.hurry);
    this.stream.close();
    this.listeners.clear();
    this.rowListeners.clear();
  }

  /** Only the battle in focus has a stream. Another one's is not asked for: browsers put a refusal among the errors. */
  private async begin(): Promise<void> {
    if (this.battle !== CURRENT) {
      try {
        const { battles } = await askLibrary();
        if (this.closed) return;
        if (battles.some(({ name, focus }) => name === this.battle && focus === false)) {
          this.change({ connection: 'still', trouble: null });
          void this.still();
          return;
        }
      } catch (error) {
        this.noted(error);
        if (this.seen.connection === 'key') return;
        /* The stream says what is wrong, and tries again. */
      }
    }
    if (!this.closed) this.stream.open();
  }

  private readonly hurry = (): void => {
    if (!document.hidden && (this.seen.connection === 'lost' || this.seen.connection === 'connecting')) this.stream.hurry();
  };

  private address(of: string, query: Record<string, string | undefined>): URL {
    return apiAddress(`battles/${encodeURIComponent(this.battle)}/${of}`, query);
  }

  private film(query: CourseQuery): Record<string, string | undefined> {
    return {
      columns: query.columns === undefined ? undefined : String(query.columns),
      from_ns: query.range?.from_ns, to_ns: query.range?.to_ns,
    };
  }

  private async asked<T>(url: URL): Promise<T> {
    try {
      return await askJson<T>(url);
    } catch (error) {
      throw this.noted(error);
    }
  }

  /** A question that wants a key makes the page ask for one. */
  private noted(error: unknown): unknown {
    if (error instanceof SourceError && error.wantsKey) this.change({ connection: 'key', trouble: error.message });
    return error;
  }

  private sentence(error: unknown): string {
    this.noted(error);
    return error instanceof Error ? error.message : String(error);
  }

  private take(told: State, rows: Row[], left_out: number): void {
    const heardMs = performance.now(), state = whole(told);
    this.change(this.seen.at === 'now' ? { newest: state, shown: state, heardMs } : { newest: state, heardMs });
    if (rows.length > 0 || left_out > 0) for (const listener of this.rowListeners) listener(rows, left_out);
  }

  /** A battle that the server does not follow: its state, again and again, as it may go on. */
  private async still(): Promise<void> {
    try {
      const state = await askJson<State>(this.address('state', {}));
      if (this.closed) return;
      this.take(state, [], 0);
      if (state.battle.state !== 'runs') return;
    } catch (error) {
      if (this.closed) return;
      this.change({ trouble: this.sentence(error) });
    }
    this.stillTimer = setTimeout(() => void this.still(), STILL_MS);
  }

  private change(part: Partial<View>): void {
    if (this.closed) return;
    this.seen = { ...this.seen, ...part };
    for (const listener of this.listeners) listener();
  }
}

/** The battles of the server. */
export function askLibrary(): Promise<Library> {
  return askJson<Library>(apiAddress('battles'));
}
