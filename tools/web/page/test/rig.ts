/** A small battle for the tests, and a WebSocket that the test plays the server of. */
import type { Agent, Course, State } from '../src/source/types';

export function agent(id: number, rank: number, more: Partial<Agent> = {}): Agent {
  return {
    id, rank, earned: rank, round_gain: '0.000000', gain: '0.000000', equity: '1000000.000000', cash: '1000000.000000',
    drawdown: '0.000000', fees: '0.000000', fills: 0, orders: 0, rejects: 0, reject_most: null, reject_count: 0, reasons: {},
    goes_next: false, out: null, out_round: null, strategy: 'noise', from_market: '0.000000', from_agents: '0.000000',
    haircut: '0.000000', head_to_head: {}, positions: {}, open: [], ...more,
  };
}

export function state(agents: Record<string, Agent>, more: Partial<State['battle']> = {}): State {
  return {
    battle: {
      name: 'demo', battle_id: 'a'.repeat(32), state: 'runs', zone: 'America/New_York', input: 100,
      time_ns: '1767625200000000000', time: '2026-01-05T15:00:00Z', trade_from_ns: '1767623400000000000',
      trade_to_ns: '1767646800000000000', permille: 77, round: 1, rounds: 7, round_left_ns: '1800000000000',
      round_ns: '3600000000000', stamp: null, isolation: 'users', speed_permille: 1000, ...more,
    },
    said: { leads: 'a +1.00 this round, gain +1.00: market +1.00', next_out: 'b -1.00 this round', box: '12 processes run' },
    agents, instruments: {}, instruments_more: 0,
  };
}

export function course(names: readonly string[], columns = 4): Course {
  return {
    battle_id: 'a'.repeat(32), from_ns: '1767623400000000000', to_ns: '1767623440000000000', step_ns: '10000000000',
    columns, complete: false, input: Array.from({ length: columns }, (_, i) => 10 * (i + 1)),
    agents: Object.fromEntries(names.map((name) => [name, { gain_u: Array.from({ length: columns }, (_, i) => i * 1_000_000), rank: Array<number>(columns).fill(1) }])),
    instruments: {}, events: [],
  };
}

/** In place of the browser's; `made` has all, newest last. */
export class FakeSocket {
  static readonly OPEN = 1;
  static made: FakeSocket[] = [];
  readonly url: URL;
  readonly protocols: string[];
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;

  constructor(url: URL | string, protocols: string[] = []) {
    this.url = new URL(url);
    this.protocols = protocols;
    FakeSocket.made.push(this);
  }

  static get last(): FakeSocket {
    const socket = FakeSocket.made.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }

  opens(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  says(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  breaks(): void {
    this.readyState = 3;
    this.onclose?.();
  }

  close(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    queueMicrotask(() => this.onclose?.());
  }
}

export function refuses(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });
}

/** Lets promises that wait for nothing else come to their end. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}
