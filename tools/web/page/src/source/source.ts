/**
 * Where a page's figures come from: a server (live.ts) or the file itself (file.ts).
 *
 * A source holds the newest state and, after a jump, the state of the moment jumped to; `view()` says
 * which of them is shown. Listeners are told that something changed, never more often than frames come;
 * who draws does so in the next animation frame, from `view()`.
 */
import type { Counters, Course, Depth, ExplanationsPage, Range, Row, RowsPage, RowsQuery, State, Why, WhyQuery } from './types';

/** A moment of a battle: an input, or the last one at or before a time. */
export type Moment = { input: number } | { time_ns: string };

export type Connection =
  /** Nothing has come yet. */
  | 'connecting'
  | 'open'
  /** The connection broke; the source tries again by itself. */
  | 'lost'
  /** A key is wanted: the page asks for one. */
  | 'key'
  /** The server follows another battle: this one has no stream, everything else can be asked. */
  | 'still'
  /** There is no connection to have: a file. */
  | 'none';

export interface View {
  /** What pages show; null: nothing has come yet. */
  shown: State | null;
  /** The newest; another object than `shown` only in the past. */
  newest: State | null;
  at: 'now' | 'past';
  /** A jump is asked for and not answered yet. */
  jumping: boolean;
  connection: Connection;
  /** When the last frame or heartbeat came, as performance.now(); 0: none yet. */
  heardMs: number;
  /** What failed last, in a sentence; null: nothing. */
  trouble: string | null;
  /** What a reader should know of this source: what a file leaves out. */
  notes?: readonly string[];
}

export interface CourseQuery {
  columns?: number;
  range?: Range;
}

export interface Source {
  readonly kind: 'live' | 'file';
  /** Of the battle, as it stands in an address. */
  readonly battle: string;
  view(): View;
  /** Called after each change; returns how to leave. */
  subscribe(listener: () => void): () => void;
  /** Rows as they come with the stream; returns how to leave. */
  onRows(listener: (rows: Row[], left_out: number) => void): () => void;
  /** Shows a moment until `now()`. A later jump overtakes an earlier one. */
  jump(to: Moment): Promise<void>;
  /** How the battle stood at an input; what is shown stays. */
  stateAt(input: number): Promise<State>;
  /** Stops where it is: the newest state stays shown while newer ones come. */
  freeze(): void;
  now(): void;
  course(query?: CourseQuery): Promise<Course>;
  depth(instrument: string, query?: CourseQuery): Promise<Depth>;
  rows(query: RowsQuery): Promise<RowsPage>;
  why(query: WhyQuery): Promise<Why>;
  explanations(agent: string, after?: string): Promise<ExplanationsPage>;
  /** Of now; a source without it has none. */
  counters?(): Promise<Counters>;
  /** Begins anew, with a key that was not there before. */
  again(): void;
  close(): void;
}

/** Why a question had no answer: the server's code, or `offline`, `not_in_file`. */
export class SourceError extends Error {
  readonly code: string;
  readonly remedy: string | null;
  /** Of HTTP; 0: there was no answer. */
  readonly status: number;

  constructor(code: string, message: string, remedy: string | null = null, status = 0) {
    super(message);
    this.name = 'SourceError';
    this.code = code;
    this.remedy = remedy;
    this.status = status;
  }

  /** Without a key, or by a name that strangers use: a key helps. */
  get wantsKey(): boolean {
    return this.status === 401 || this.status === 403;
  }
}
