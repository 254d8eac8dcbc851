/**
 * What the map shows of one instrument, fetched and kept up: the whole battle, the part that is zoomed into, what the
 * stream adds, an agent's orders and fills. It asks seldom: a battle that runs every few seconds, a zoom when it has
 * come to rest.
 */
import { SourceError } from '../source/source';
import type { Source, View as Seen } from '../source/source';
import type { Course, Instrument, Row } from '../source/types';
import { member } from '../state';
import type { Bubble } from './bubbles';
import { kept, largestFirst } from './bubbles';
import type { Ladder } from './depth';
import { appendLadder, columnsOf } from './depth';
import type { Scene } from './map';
import { Mips } from './mips';
import type { OwnRow } from './own';
import { Own, unitsOf } from './own';
import type { Film } from './painter';
import type { View } from './view';
import { MapClock } from './words';

const WHOLE_COLUMNS = 1024;
const PART_COLUMNS_MAX = 2048;
const COURSE_COLUMNS = 512;
/** A battle that runs is asked for again so often. */
const AGAIN_MS = 5000;
/** A view that has not moved for so long has come to rest. */
const REST_MS = 220;
/** Trades that are kept of the stream. */
const LIVE_BUBBLES_MAX = 4096;
/** Rows of an agent that are read for the map: pages of the largest size. */
const OWN_PAGES_MAX = 40;
const ROWS_A_PAGE = 1000;
const OWN_TYPES = ['rested', 'fill', 'cancel'];
const SIDES = ['unknown', 'buy', 'sell'] as const;

interface Whole {
  film: Film;
  course: Course;
  originNs: bigint;
}

export class Loader {
  readonly scene: Scene;
  /** What could not be had, in a sentence; null: all is there. */
  trouble: string | null = null;
  loading = true;
  private whole: Whole | null = null;
  private part: { film: Film; bubbles: Bubble[] } | null = null;
  private live: Bubble[] = [];
  private byAgents = new Set<number>();
  private own: Own | null = null;
  private ownNext: string | undefined;
  private ownPages = 0;
  private ownReads: Own | null = null;
  private seenInput = -1;
  private askedMs = 0;
  private asking = false;
  private resting: ReturnType<typeof setTimeout> | undefined;
  private partFor = '';
  private partAsking = false;
  private partNext: View | null = null;
  private closed = false;
  private readonly leave: () => void;

  constructor(
    private readonly source: Source,
    readonly symbol: string,
    private agent: string | null,
    private readonly changed: () => void,
  ) {
    this.scene = {
      symbol,
      films: [],
      bubbles: [],
      candles: null,
      orders: [],
      fills: [],
      agent,
      clock: null,
      moment: 0,
      follows: false,
    };
    this.leave = source.onRows((rows) => this.take(rows));
  }

  /** Another agent's orders and fills. */
  choose(agent: string | null): void {
    if (agent === this.agent) return;
    this.agent = agent;
    this.scene.agent = agent;
    this.own = null;
    this.ownNext = undefined;
    this.ownPages = 0;
    this.beginOwn();
    this.compose();
    this.changed();
  }

  private beginOwn(): void {
    if (this.whole === null || this.agent === null) return;
    this.own ??= new Own(this.symbol, this.whole.film.depth.priceScale, this.whole.originNs);
    void this.readOwn(this.own, this.agent);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.resting);
    this.leave();
  }

  /** In each frame: what the state says of the instrument. */
  state(seen: Seen): void {
    const battle = seen.newest?.battle;
    const instrument = member(seen.newest?.instruments, this.symbol);
    if (battle === undefined) return;
    const runs = battle.state === 'runs';
    const now = performance.now();
    if (!this.asking && (this.askedMs === 0 || (runs && now - this.askedMs > AGAIN_MS))) void this.ask(battle.zone);
    if (this.whole === null) return;
    const t = (ns: string): number => Number(BigInt(ns) - this.whole!.originNs);
    this.scene.follows = runs && seen.at === 'now';
    this.scene.moment = t(seen.shown?.battle.time_ns ?? battle.time_ns);
    if (runs && instrument !== undefined && battle.input !== this.seenInput) {
      this.seenInput = battle.input;
      this.append(t(battle.time_ns), battle.input, instrument);
    }
  }

  private append(t: number, input: number, instrument: Instrument): void {
    const { film } = this.whole!;
    const { priceScale } = film.depth;
    const ladder = (side: readonly (readonly [string, number])[]): Ladder =>
      side.map(([price, lots]) => [unitsOf(price, priceScale), lots] as const);
    const first = appendLadder(film.depth, t - film.t0, input, ladder(instrument.bids), ladder(instrument.asks));
    if (first !== null) film.mips.touch(first);
  }

  private async ask(zone: string): Promise<void> {
    this.asking = true;
    try {
      const [depth, course] = await Promise.all([
        this.source.depth(this.symbol, { columns: WHOLE_COLUMNS }),
        this.source.course({ columns: COURSE_COLUMNS }),
      ]);
      if (this.closed) return;
      const columns = columnsOf(depth);
      const originNs = this.whole?.originNs ?? columns.fromNs;
      const film = { depth: columns, mips: new Mips(columns), t0: Number(columns.fromNs - originNs) };
      this.whole = { film, course, originNs };
      this.scene.clock ??= new MapClock(originNs, zone);
      this.trouble = null;
      this.beginOwn();
      this.compose();
    } catch (error) {
      if (!this.closed) this.trouble = error instanceof Error ? error.message : String(error);
    }
    this.loading = false;
    this.asking = false;
    this.askedMs = performance.now();
    if (!this.closed) this.changed();
  }

  private bubblesOf(course: Course): Bubble[] {
    const of = member(course.instruments, this.symbol)?.bubbles;
    if (of === undefined || this.whole === null) return [];
    const from = Number(BigInt(course.from_ns) - this.whole.originNs);
    const step = Number(course.step_ns);
    return of.column.map((column, n) => ({
      t: from + (column + 0.5) * step,
      price: of.price[n]!,
      qty: of.qty[n]!,
      side: SIDES[of.side[n]!] ?? 'unknown',
      input: of.input[n]!,
      agent: of.agent[n]!,
    }));
  }

  /** The scene, from all that is there. */
  private compose(): void {
    const { whole, part, scene } = this;
    if (whole === null) return;
    const all = this.bubblesOf(whole.course);
    const last = all.length > 0 ? all[all.length - 1]!.input : -1;
    this.live = this.live.filter((each) => each.input > last);
    let bubbles = [...all, ...this.live];
    if (part !== null) {
      const to = part.film.t0 + part.film.depth.columns * part.film.depth.stepNs;
      bubbles = [...bubbles.filter((each) => each.t < part.film.t0 || each.t >= to), ...part.bubbles];
    }
    scene.films = part === null ? [whole.film] : [whole.film, part.film];
    scene.bubbles = largestFirst(bubbles);
    const course = member(whole.course.instruments, this.symbol);
    scene.candles =
      course === undefined
        ? null
        : { ...course, t0: Number(BigInt(whole.course.from_ns) - whole.originNs), stepNs: Number(whole.course.step_ns) };
    scene.orders = this.own?.orders ?? [];
    scene.fills = this.own?.fills ?? [];
  }

  /** The stream's rows: trades become bubbles, the agent's rows orders and fills. */
  private take(rows: readonly Row[]): void {
    if (this.whole === null) return;
    const { originNs, film } = this.whole;
    for (const row of rows) if (row.type === 'trade') this.byAgents.add(row.input);
    for (const row of rows) {
      if (row.type !== 'market_trade' || row['instrument'] !== this.symbol) continue;
      const side = row['side'];
      this.live.push({
        t: Number(BigInt(row.time_ns) - originNs),
        price: unitsOf(row['price'] as string, film.depth.priceScale),
        qty: row['qty'] as number,
        side: side === 'buy' || side === 'sell' ? side : 'unknown',
        input: row.input,
        agent: this.byAgents.has(row.input),
      });
    }
    this.live = kept(this.live, LIVE_BUBBLES_MAX);
    if (this.byAgents.size > LIVE_BUBBLES_MAX) this.byAgents.clear();
    this.compose();
    this.changed();
  }

  /** The agent's rows behind those that were read; again with each look at a battle that runs. */
  private async readOwn(own: Own, agent: string): Promise<void> {
    if (this.ownReads === own) return;
    this.ownReads = own;
    try {
      while (this.ownPages < OWN_PAGES_MAX) {
        const after = this.ownNext;
        const page = await this.source.rows({
          type: OWN_TYPES,
          agent,
          instrument: this.symbol,
          limit: ROWS_A_PAGE,
          ...(after === undefined ? {} : { after }),
        });
        if (this.closed || this.own !== own) return;
        if (page.rows.length > 0) this.ownPages++;
        if (own.add(page.rows as unknown as OwnRow[])) {
          this.compose();
          this.changed();
        }
        if (page.next === null || page.next === after) break;
        this.ownNext = page.next;
      }
      if (this.ownPages >= OWN_PAGES_MAX)
        this.trouble = `the map shows the first ${own.orders.length} orders of ${agent}; it has more`;
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
    }
    if (this.ownReads === own) this.ownReads = null;
  }

  /** The view has moved: if the columns are wider than pixels, finer ones are asked for once it rests. */
  moved(view: View): void {
    clearTimeout(this.resting);
    this.partNext = null;
    if (this.whole === null || view.width < 2) return;
    const { film } = this.whole;
    const span = view.t1 - view.t0;
    if (span / film.depth.stepNs > view.width * 0.7 || film.depth.stepNs <= 1) {
      if (this.part !== null) {
        this.part = null;
        this.partFor = '';
        this.compose();
        this.changed();
      }
      return;
    }
    this.resting = setTimeout(() => void this.askPart(view), REST_MS);
  }

  private async askPart(view: View): Promise<void> {
    const { whole } = this;
    if (whole === null) return;
    const span = view.t1 - view.t0;
    const end = whole.film.t0 + whole.film.depth.columns * whole.film.depth.stepNs;
    const from = Math.max(whole.film.t0, view.t0 - span / 4);
    const to = Math.min(end, view.t1 + span / 4);
    if (to <= from) return;
    const range = {
      from_ns: String(whole.originNs + BigInt(Math.floor(from))),
      to_ns: String(whole.originNs + BigInt(Math.ceil(to))),
    };
    const columns = Math.min(PART_COLUMNS_MAX, Math.max(64, Math.ceil((view.width * 1.5) / 64) * 64));
    const name = `${range.from_ns} ${range.to_ns} ${columns}`;
    if (name === this.partFor) return;
    /* A server makes a range anew for each question: one at a time, and the last view that was left. */
    if (this.partAsking) {
      this.partNext = view;
      return;
    }
    this.partAsking = true;
    this.partNext = null;
    this.partFor = name;
    this.loading = true;
    this.changed();
    try {
      const depth = await this.source.depth(this.symbol, { columns, range });
      const course = await this.source.course({ columns, range });
      if (this.closed) return;
      const grown = columnsOf(depth);
      this.part = {
        film: { depth: grown, mips: new Mips(grown), t0: Number(grown.fromNs - whole.originNs) },
        bubbles: this.bubblesOf(course),
      };
      this.trouble = null;
      this.compose();
    } catch (error) {
      /* A file has the whole alone; that is no trouble. */
      const known = error instanceof SourceError && error.code === 'not_in_file';
      if (this.partFor === name && !known) this.trouble = error instanceof Error ? error.message : String(error);
    }
    this.loading = false;
    this.partAsking = false;
    if (this.closed) return;
    this.changed();
    if (this.partNext !== null) this.moved(this.partNext);
  }
}
