/**
 * The battle that stands in this very file, if one does: `royale export html` put it there, as the answers that a
 * server would have given (tools/page/gather.h lists them), packed.
 */
import { mergePatch } from '../state';
import { readDepth } from './depth';
import { SourceError } from './source';
import type { CourseQuery, Moment, Source, View } from './source';
import type { Course, Depth, Explanation, ExplanationsPage, Row, RowsPage, RowsQuery, State, Why, WhyQuery } from './types';

const FORMAT = 1;
const ROWS_A_PAGE = 200;
/** [input, market time, the state or, of most, its patch of the one before] */
type StateEntry = [input: number, time_ns: string, state: unknown];

interface Reason {
  text: string;
  facts: Record<string, string>;
}

interface FileEntry {
  format: number;
  battle: string;
  limits: string[];
}

/** base64(gzip(entries)) as tools/page/store.h has it. */
export async function unpack(text: string): Promise<Map<string, Uint8Array>> {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Response(packed).body!.pipeThrough(new DecompressionStream('gzip'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const view = new DataView(bytes.buffer);
  const entries = new Map<string, Uint8Array>();
  const letters = new TextDecoder();
  for (let at = 0; at < bytes.length; ) {
    const name = view.getUint32(at, true);
    const size = view.getUint32(at + 4, true);
    const body = at + 8 + name;
    entries.set(letters.decode(bytes.subarray(at + 8, body)), bytes.subarray(body, body + size));
    at = body + size;
  }
  return entries;
}

/** -1, 0, 1: as rows stand in their battle. */
function compare(a: { input: number; n: number }, b: { input: number; n: number }): number {
  return a.input - b.input || a.n - b.n;
}

function placeOf(cursor: string | undefined): { input: number; n: number } {
  const [input = 0, n = 0] = (cursor ?? '').split('.').map(Number);
  return { input, n };
}

export class FileSource implements Source {
  readonly kind = 'file';
  private readonly entries: Promise<Map<string, Uint8Array>>;
  private readonly parsed = new Map<string, unknown>();
  private readonly listeners = new Set<() => void>();
  private states: StateEntry[] = [];
  private readonly whole = new Map<number, State>();
  private seen: View = { shown: null, newest: null, at: 'now', jumping: false, connection: 'none', heardMs: 0, trouble: null };

  constructor(
    readonly battle: string,
    text: string,
  ) {
    this.entries = unpack(text);
    void this.open();
  }

  private async open(): Promise<void> {
    try {
      const file = await this.json<FileEntry>('file');
      if (file?.format !== FORMAT) throw new Error(`it is of format ${file?.format}, this page knows ${FORMAT}`);
      const state = await this.json<State>('state');
      this.states = (await this.json<StateEntry[]>('states')) ?? [];
      const notes = file.limits.map((limit) => `This file leaves something out: ${limit}.`);
      this.change({ newest: state, shown: state, notes });
    } catch (error) {
      this.change({ trouble: `The battle in this file cannot be read: ${error instanceof Error ? error.message : error}.` });
    }
  }

  private async json<T>(name: string): Promise<T | null> {
    if (!this.parsed.has(name)) {
      const bytes = (await this.entries).get(name);
      this.parsed.set(name, bytes === undefined ? null : JSON.parse(new TextDecoder().decode(bytes)));
    }
    return this.parsed.get(name) as T | null;
  }

  view(): View {
    return this.seen;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  onRows(): () => void {
    return () => undefined;
  }

  /** The last moment of the file at or before the one that is asked for; its first, if there is none. */
  async jump(to: Moment): Promise<void> {
    await this.entries;
    if (this.states.length > 0) this.change({ shown: this.stateOf(this.before(to)), at: 'past', jumping: false });
  }

  async stateAt(input: number): Promise<State> {
    await this.entries;
    if (this.states.length === 0) throw notHere('this file has no moment of the past');
    return this.stateOf(this.before({ input }));
  }

  /** The last of the file's states that is not behind the moment. */
  private before(to: Moment): number {
    const late = 'input' in to ? ([input]: StateEntry) => input > to.input : ([, time]: StateEntry) => BigInt(time) > BigInt(to.time_ns);
    const next = this.states.findIndex(late);
    return Math.max(0, (next === -1 ? this.states.length : next) - 1);
  }

  /** States are patches of the one before; those that were made stay. */
  private stateOf(at: number): State {
    let from = at;
    while (!this.whole.has(from) && !this.isWhole(from)) from--;
    let state = this.whole.get(from) ?? (this.states[from]![2] as State);
    for (let n = from + 1; n <= at; n++) state = mergePatch(state, this.states[n]![2]) as State;
    this.whole.set(at, state);
    return state;
  }

  private isWhole(at: number): boolean {
    const patch = this.states[at]![2] as Partial<State>;
    return at === 0 || (patch.said !== undefined && patch.instruments !== undefined && patch.battle?.battle_id !== undefined);
  }

  freeze(): void {
    this.change({ at: 'past' });
  }

  now(): void {
    this.change({ shown: this.seen.newest, at: 'now', jumping: false });
  }

  async course(query: CourseQuery = {}): Promise<Course> {
    const course = query.range === undefined ? await this.json<Course>('course') : null;
    if (course === null) throw notHere('this file has no finer picture than the whole battle');
    return course;
  }

  async depth(instrument: string, query: CourseQuery = {}): Promise<Depth> {
    const bytes = query.range === undefined ? (await this.entries).get(`depth/${instrument}`) : undefined;
    if (bytes === undefined) throw notHere(`this file has no such picture of ${instrument}`);
    return readDepth(instrument, bytes.slice().buffer);
  }

  async rows(query: RowsQuery): Promise<RowsPage> {
    const all = (await this.json<Row[]>(query.agent === undefined ? 'rows' : `rows/${query.agent}`)) ?? [];
    const { page, next } = this.page(all, query.after, query.limit ?? ROWS_A_PAGE, (row) =>
      (query.type === undefined || query.type.includes(row.type)) &&
      (query.instrument === undefined || row['instrument'] === query.instrument));
    return { rows: page, next, complete: true };
  }

  private page<T extends { input: number; n: number }>(
    all: readonly T[], after: string | undefined, limit: number, wanted: (one: T) => boolean,
  ): { page: T[]; next: string | null } {
    const from = placeOf(after);
    const page: T[] = [];
    for (const one of all) {
      if (compare(one, from) <= 0 || !wanted(one)) continue;
      if (page.length === limit) {
        const last = page[limit - 1]!;
        return { page, next: `${last.input}.${last.n}` };
      }
      page.push(one);
    }
    return { page, next: null };
  }

  async why(query: WhyQuery): Promise<Why> {
    const whys = (await this.json<Record<string, Reason[]>>('why')) ?? {};
    const found =
      'input' in query
        ? (Object.hasOwn(whys, String(query.input)) ? whys[String(query.input)]! : [])
        : Object.values(whys).flat().filter(({ facts }) => facts['agent'] === query.agent && facts['cl_ord_id'] === query.cl_ord_id);
    if (found.length === 0) {
      const what = 'input' in query ? `input ${query.input}` : `order ${query.cl_ord_id} of ${query.agent}`;
      throw notHere(`this file says why of fills, refusals and eliminations; ${what} is none of them`);
    }
    return { text: found.map(({ text }) => text).join('\n\n'), facts: found.map(({ facts }) => facts) };
  }

  async explanations(agent: string, after?: string): Promise<ExplanationsPage> {
    const all = (await this.json<Explanation[]>(`explanations/${agent}`)) ?? [];
    const { page, next } = this.page(all, after, ROWS_A_PAGE, () => true);
    return { explanations: page, next };
  }

  again(): void {
    /* nothing was refused */
  }

  close(): void {
    this.listeners.clear();
  }

  private change(part: Partial<View>): void {
    this.seen = { ...this.seen, ...part };
    for (const listener of this.listeners) listener();
  }
}

function notHere(sentence: string): SourceError {
  return new SourceError('not_in_file', sentence, 'whoever has the battle asks its journal: `royale web DIR`, `royale why DIR AGENT/NUMBER`');
}

/** null: this page is a server's. */
export function openFile(): Source | null {
  const data = document.getElementById('royale-battle');
  if (data === null) return null;
  return new FileSource(data.dataset['battle'] ?? 'battle', data.textContent ?? '');
}
