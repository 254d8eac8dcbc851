/**
 * What royale-web answers, member for member: the state document, frames of the stream, the course
 * of a battle, the depth of a market, rows. The names and units are those of docs/API.md.
 *
 * Money and prices are decimal strings and stay strings: what is shown is exact. Only places on the
 * screen are numbers. A moment is `_ns`, a decimal string of nanoseconds since the Unix epoch, and
 * the same by RFC 3339.
 */

export type Money = string;
export type Price = string;
export type Nanoseconds = string;

/* ---- the state ------------------------------------------------------------------------------ */

/* What may be null may also be absent: a merge patch says null for "gone". */

export type BattleState = 'none' | 'runs' | 'ended' | 'stopped' | 'broke off' | 'not known' | 'damaged';

export interface Battle {
  name: string;
  /** Of its folder: {battle} in a path; null: there is none yet. */
  folder?: string | null;
  battle_id: string;
  state: BattleState;
  /** The market's, as in the time zone database; "UTC" where the battle file says none. */
  zone: string;
  input: number;
  /** Before the first input "0", as `trade_from_ns`; `round` is 0 then. */
  time_ns: Nanoseconds;
  time: string;
  trade_from_ns: Nanoseconds;
  /** null: until the feeds end. */
  trade_to_ns?: Nanoseconds | null;
  /** Of the trading hours that are over; null: it ends with its feeds. */
  permille?: number | null;
  /** 0: trading has not begun. */
  round: number;
  rounds?: number | null;
  round_left_ns?: Nanoseconds | null;
  round_ns?: Nanoseconds | null;
  stamp?: string | null;
  min_fills?: number | null;
  winner?: string | null;
  earned_most?: string | null;
  isolation: string;
  /** Seconds of market time in a second, times 1000; null: not known. */
  speed_permille?: number | null;
}

export interface Said {
  leads?: string | null;
  /** Of a battle that is not over; of one that is, `earned`. */
  next_out?: string | null;
  earned?: string | null;
  /** Of now alone. */
  box?: string | null;
}

export type Side = 'buy' | 'sell';

export interface OpenOrder {
  cl_ord_id: string;
  instrument: string;
  side: Side;
  price?: Price | null;
  qty: number;
  /** Lots in front of it; null: of more orders than are counted. */
  ahead?: number | null;
}

export interface Agent {
  id: number;
  rank: number;
  /** Its place by gain; null: it never traded. */
  earned?: number | null;
  round_gain: Money;
  gain: Money;
  equity: Money;
  cash: Money;
  drawdown: Money;
  fees: Money;
  fills: number;
  orders: number;
  rejects: number;
  reject_most?: string | null;
  reject_count: number;
  reasons: Record<string, number>;
  goes_next: boolean;
  out?: string | null;
  out_round?: number | null;
  /** It went out with too few fills to rank. */
  out_idle?: boolean;
  strategy?: string | null;
  from_market: Money;
  from_agents: Money;
  haircut: Money;
  head_to_head: Record<string, Money>;
  positions: Record<string, number>;
  open: OpenOrder[];
  open_more?: number;
}

export type Level = [price: Price, qty: number];

export interface Instrument {
  id: number;
  currency: string;
  price_scale: number;
  tick: Price;
  trading: boolean;
  last?: Price | null;
  bid?: Price | null;
  bid_qty?: number | null;
  ask?: Price | null;
  ask_qty?: number | null;
  volume: number;
  agent_volume: number;
  bids: Level[];
  asks: Level[];
}

export interface Process {
  own?: string | null;
  state: string;
  core?: number | null;
  heartbeat_age_ns?: Nanoseconds | null;
  busy_permille?: number | null;
  rate?: number | null;
  rate_unit?: string | null;
  lag?: number | null;
  lag_unit?: string | null;
  lost: number;
  waits_for?: string | null;
  ring_fill_permille?: number | null;
}

export interface Machine {
  cores: number;
  placement: Record<string, string[]>;
}

export interface Alarm {
  severity: 'critical' | 'warning' | 'info';
  text: string;
}

export interface State {
  battle: Battle;
  said: Said;
  agents: Record<string, Agent>;
  instruments: Record<string, Instrument>;
  instruments_more: number;
  /** Of a battle that runs, and of now alone. */
  processes?: Record<string, Process>;
  machine?: Machine;
  alarms?: Alarm[];
  alarms_more?: number;
}

/* ---- the stream ----------------------------------------------------------------------------- */

export interface SnapshotFrame {
  type: 'snapshot';
  id: string;
  cursor: string;
  state: State;
  /** The client was too slow: frames between are lost to it, nothing of the battle is. */
  lapped?: boolean;
}

export interface DeltaFrame {
  type: 'delta';
  id: string;
  cursor: string;
  since: string;
  /** RFC 7396; an array stands whole. */
  patch: unknown;
  rows?: Row[];
  rows_left_out?: number;
}

export type Frame = SnapshotFrame | DeltaFrame;

/* ---- rows ----------------------------------------------------------------------------------- */

/** One row of docs/RECORDS.md: `type` names it, its other members are the row's columns. */
export interface Row {
  type: string;
  input: number;
  n: number;
  time_ns: Nanoseconds;
  time: string;
  [column: string]: unknown;
}

export interface RowsPage {
  rows: Row[];
  /** The cursor to go on with, also after a page without rows; null: nothing follows. */
  next: string | null;
  complete: boolean;
}

export interface RowsQuery {
  type?: string[];
  agent?: string;
  instrument?: string;
  /** "INPUT.N": the rows behind that one. */
  after?: string;
  limit?: number;
}

/* ---- the film ------------------------------------------------------------------------------- */

export interface Range {
  from_ns: Nanoseconds;
  to_ns: Nanoseconds;
}

export interface CourseAgent {
  /** Micro-units of money, clamped to 2^53 - 1. */
  gain_u: (number | null)[];
  rank: (number | null)[];
}

export interface CourseBubbles {
  column: number[];
  price: number[];
  qty: number[];
  /** 1 buy, 2 sell, 0 not known: the aggressor's. */
  side: number[];
  input: number[];
  agent: boolean[];
}

/** A list has one value a column; prices in the instrument's price units. */
export interface CourseInstrument {
  price_scale: number;
  tick: number;
  bid: (number | null)[];
  ask: (number | null)[];
  last: (number | null)[];
  volume: number[];
  open: (number | null)[];
  high: (number | null)[];
  low: (number | null)[];
  close: (number | null)[];
  bubbles: CourseBubbles;
}

export type CourseEventKind = 'round' | 'out' | 'leader' | 'rank' | 'stamp' | 'end';

export interface CourseEvent {
  input: number;
  time_ns: Nanoseconds;
  what: CourseEventKind;
  agent: string | null;
  text: string;
}

export interface Course {
  battle_id: string;
  from_ns: Nanoseconds;
  to_ns: Nanoseconds;
  step_ns: Nanoseconds;
  columns: number;
  /** The battle is over: nothing is added. */
  complete: boolean;
  /** The last input of each column. */
  input: (number | null)[];
  agents: Record<string, CourseAgent>;
  instruments: Record<string, CourseInstrument>;
  events: CourseEvent[];
}

/** The depth of one instrument, column by column: level i stands i ticks from the best price. */
export interface Depth {
  instrument: string;
  columns: number;
  levels: number;
  from_ns: bigint;
  step_ns: bigint;
  tick: bigint;
  price_scale: number;
  input: BigInt64Array;
  /** null side: RY_DEPTH_NONE. */
  bid: BigInt64Array;
  ask: BigInt64Array;
  /** columns x levels, column by column. */
  bid_qty: Uint32Array;
  ask_qty: Uint32Array;
}

/** Instead of a best price where a side has none: INT64_MIN. */
export const DEPTH_NONE = -(1n << 63n);

/* ---- why, explanations, the library --------------------------------------------------------- */

export interface Why {
  text: string;
  facts: unknown;
}

export type WhyQuery = { input: number } | { agent: string; cl_ord_id: string };

export interface Explanation {
  input: number;
  n: number;
  time_ns: Nanoseconds;
  time: string;
  agent: string;
  text: string;
}

export interface ExplanationsPage {
  explanations: Explanation[];
  next: string | null;
}

/** Those that are not zero, by name; hashes are text. */
export interface Counters {
  input: number;
  machine: Record<string, number | string>;
  processes: Record<string, Record<string, number | string>>;
}

export interface LibraryBattle {
  name: string;
  battle_id: string;
  state: BattleState;
  begun?: string | null;
  inputs?: number | null;
  agents?: number | null;
  winner?: string | null;
  /** It is followed: it has a stream. */
  focus?: boolean;
}

export interface Library {
  battles: LibraryBattle[];
}

/** An answer other than 2xx. */
export interface ApiError {
  code: string;
  message: string;
  details?: { remedy?: string; [name: string]: unknown };
}
