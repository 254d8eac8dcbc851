/** An agent's orders as they stood on the map: from its rows, a line at its price while lots of it were open. */

import { units } from '../format/money';

/** A row as `royale tail` prints it; other members are not looked at. */
export interface OwnRow {
  readonly type: string;
  readonly input: number;
  readonly time_ns: string;
  readonly agent?: string;
  readonly cl_ord_id?: string | null;
  readonly instrument?: string | null;
  readonly side?: string | null;
  readonly price?: string | null;
  readonly qty?: number;
  readonly leaves?: number;
}

export interface OwnOrder {
  readonly clOrdId: string;
  readonly side: 'buy' | 'sell';
  readonly price: number;
  readonly from: number;
  /** NaN: it is open. */
  to: number;
  readonly input: number;
  open: number;
}

export interface OwnFill {
  readonly clOrdId: string;
  readonly side: 'buy' | 'sell';
  readonly price: number;
  readonly qty: number;
  readonly t: number;
  readonly input: number;
}

/** A price in price units: whole as long as it is below 2^53. NaN: there is none. */
export function unitsOf(price: string | null | undefined, scale: number): number {
  const exact = price == null ? null : units(price, scale);
  return exact === null ? NaN : Number(exact);
}

export class Own {
  readonly orders: OwnOrder[] = [];
  readonly fills: OwnFill[] = [];
  private readonly open = new Map<string, OwnOrder>();
  private last = { input: -1, seen: new Set<string>() };

  constructor(
    private readonly instrument: string,
    private readonly priceScale: number,
    private readonly originNs: bigint,
  ) {}

  /** Rows come in the order of their inputs; one that was here is not counted twice. */
  add(rows: readonly (OwnRow & { n?: number })[]): boolean {
    let changed = false;
    for (const row of rows) {
      if (row.input < this.last.input) continue;
      if (row.input > this.last.input) this.last = { input: row.input, seen: new Set() };
      const key = `${row.type}/${row.n ?? 0}/${row.cl_ord_id ?? ''}`;
      if (this.last.seen.has(key)) continue;
      this.last.seen.add(key);
      changed = this.one(row) || changed;
    }
    return changed;
  }

  private one(row: OwnRow): boolean {
    const id = row.cl_ord_id ?? '';
    const t = Number(BigInt(row.time_ns) - this.originNs);
    if (row.instrument !== this.instrument) return false;
    const price = unitsOf(row.price, this.priceScale);
    const side = row.side === 'sell' ? 'sell' : 'buy';
    if (row.type === 'rested' || row.type === 'ack') {
      if (this.open.has(id)) return false;
      const order = { clOrdId: id, side, price, from: t, to: NaN, input: row.input, open: row.qty ?? 0 } as const;
      const entry: OwnOrder = { ...order };
      this.orders.push(entry);
      this.open.set(id, entry);
      return true;
    }
    if (row.type === 'fill') {
      this.fills.push({ clOrdId: id, side, price, qty: row.qty ?? 0, t, input: row.input });
      const order = this.open.get(id);
      if (order !== undefined) this.less(order, order.open - (row.leaves ?? 0), t);
      return true;
    }
    if (row.type === 'cancel') {
      const order = this.open.get(id);
      if (order === undefined) return false;
      this.less(order, row.qty ?? order.open, t);
      return true;
    }
    return false;
  }

  private less(order: OwnOrder, lots: number, t: number): void {
    order.open -= lots;
    if (order.open > 0) return;
    order.open = 0;
    order.to = t;
    this.open.delete(order.clOrdId);
  }
}
