/** Candles: a column's trades of the course, put together until each is wide enough to be seen. */

export interface Candle {
  readonly t0: number;
  readonly t1: number;
  readonly open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

export interface Columns {
  readonly t0: number;
  readonly stepNs: number;
  readonly open: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly close: readonly (number | null)[];
  readonly volume: readonly (number | null)[];
}

/** Of `each` columns together; none where there was no trade. */
export function candles(of: Columns, each: number): Candle[] {
  const out: Candle[] = [];
  for (let from = 0; from < of.open.length; from += each) {
    let candle: Candle | undefined;
    for (let c = from; c < Math.min(from + each, of.open.length); c++) {
      const [open, high, low, close] = [of.open[c], of.high[c], of.low[c], of.close[c]];
      if (open == null || high == null || low == null || close == null) continue;
      const volume = of.volume[c] ?? 0;
      candle ??= { t0: of.t0 + from * of.stepNs, t1: of.t0 + (from + each) * of.stepNs, open, high, low, close, volume: 0 };
      candle.high = Math.max(candle.high, high);
      candle.low = Math.min(candle.low, low);
      candle.close = close;
      candle.volume += volume;
    }
    if (candle !== undefined) out.push(candle);
  }
  return out;
}

/** How many columns a candle takes, so that it is at least `least` pixels wide: a power of two. */
export function columnsACandle(pixelsAColumn: number, least: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(least / Math.max(pixelsAColumn, 1e-9))));
}
