/**
 * The stream of one battle over WebSocket: holds the connection, resumes by cursor, backs off.
 *
 * A WebSocket that fails tells a page nothing. So the stream then asks for the same address by HTTP,
 * which has words: a key is wanted, the battle is not followed, come back later.
 */
import { mergePatch } from '../state';
import { readKey } from './key';
import { apiAddress, headers, refusal } from './rest';
import type { Connection } from './source';
import type { DeltaFrame, Frame, Row, State } from './types';

const BACK_OFF_MS = 250;
const BACK_OFF_MS_MAX = 8000;
/** Every client waits differently: a server that comes back is not met by all at once. */
const JITTER = 0.3;
/** Nothing comes of a connection that is neither open nor refused by then. */
const OPEN_MS_MAX = 10_000;

export interface StreamListener {
  state(state: State, rows: Row[], left_out: number): void;
  connection(connection: Connection, trouble: string | null): void;
}

export class Stream {
  private readonly battle: string;
  private readonly listener: StreamListener;
  private socket: WebSocket | null = null;
  private held: State | null = null;
  private cursor: string | null = null;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(battle: string, listener: StreamListener) {
    this.battle = battle;
    this.listener = listener;
  }

  open(): void {
    clearTimeout(this.timer);
    if (this.closed) return;
    this.drop();
    const url = apiAddress(`battles/${encodeURIComponent(this.battle)}/stream`, {
      since: this.cursor ?? undefined,
    });
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const key = readKey();
    let socket: WebSocket;
    try {
      socket = new WebSocket(url, key === null ? ['royale.v1'] : ['royale.v1', key]);
    } catch {
      this.fails('this browser opens no connection');
      return;
    }
    this.socket = socket;
    this.timer = setTimeout(() => socket.close(), OPEN_MS_MAX);
    let spoke = false;
    socket.onopen = () => clearTimeout(this.timer);
    socket.onmessage = (event) => {
      if (socket !== this.socket || typeof event.data !== 'string') return;
      spoke = true;
      this.take(event.data);
    };
    socket.onclose = () => {
      if (socket !== this.socket) return;
      clearTimeout(this.timer);
      this.socket = null;
      if (spoke) this.fails('the connection broke');
      else void this.ask(url);
    };
  }

  /** At once, not when the back-off says: somebody looks again, or the network is back. */
  hurry(): void {
    if (this.socket === null && !this.closed) this.open();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.drop();
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    if (socket && socket.readyState <= WebSocket.OPEN) socket.close();
  }

  private take(text: string): void {
    let frame: Frame;
    try {
      frame = JSON.parse(text) as Frame;
    } catch {
      this.again();
      return;
    }
    if (frame.type === 'snapshot') {
      this.held = frame.state;
      this.cursor = frame.cursor;
      this.tell([], 0);
    } else if (frame.type === 'delta') {
      this.takeDelta(frame);
    }
  }

  private takeDelta(frame: DeltaFrame): void {
    if (this.held === null || frame.since !== this.cursor) {
      this.again();
      return;
    }
    this.held = mergePatch(this.held, frame.patch) as State;
    this.cursor = frame.cursor;
    this.tell(frame.rows ?? [], frame.rows_left_out ?? 0);
  }

  private tell(rows: Row[], left_out: number): void {
    this.failures = 0;
    if (this.held === null) return;
    this.listener.connection('open', null);
    this.listener.state(this.held, rows, left_out);
  }

  /** A frame that does not go on from ours: from a snapshot anew. */
  private again(): void {
    this.cursor = null;
    this.drop();
    this.fails('a frame was missing');
  }

  private fails(trouble: string): void {
    const wait = Math.min(BACK_OFF_MS * 2 ** this.failures, BACK_OFF_MS_MAX);
    this.failures++;
    this.wait(wait, trouble);
  }

  private wait(ms: number, trouble: string): void {
    if (this.closed) return;
    this.listener.connection('lost', trouble);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), ms * (1 + JITTER * (Math.random() - 0.5)));
  }

  /** By HTTP: why was it refused? */
  private async ask(socket: URL): Promise<void> {
    const url = new URL(socket);
    url.protocol = url.protocol === 'wss:' ? 'https:' : 'http:';
    const stop = new AbortController();
    try {
      const answer = await fetch(url, { headers: headers('text/event-stream'), cache: 'no-store', signal: stop.signal });
      if (this.closed || this.socket !== null) return;
      if (answer.ok) {
        this.fails('the server speaks, and lets no WebSocket pass: look at the proxy before it');
        return;
      }
      const error = await refusal(answer);
      const later = Number(answer.headers.get('Retry-After') ?? '0');
      if (error.wantsKey) this.listener.connection('key', error.message);
      else if (error.code === 'not_followed') this.listener.connection('still', null);
      else if (later > 0) this.wait(later * 1000, error.message);
      else this.fails(error.message);
    } catch {
      if (!this.closed && this.socket === null) this.fails('the server does not answer');
    } finally {
      stop.abort();
    }
  }
}
