/** Which moments and prices stand where on the map: pixels of CSS, x to the right, y downwards. */

export interface View {
  /** Nanoseconds behind the map's origin. */
  readonly t0: number;
  readonly t1: number;
  /** Price units: at the lower and the upper edge. */
  readonly p0: number;
  readonly p1: number;
  readonly width: number;
  readonly height: number;
}

export interface Bounds {
  readonly t0: number;
  readonly t1: number;
  readonly p0: number;
  readonly p1: number;
  readonly tick: number;
}

/** The least that a view shows. */
const TIME_MIN_NS = 1e6;
const TICKS_MIN = 4;

export function xOf(view: View, t: number): number {
  return ((t - view.t0) / (view.t1 - view.t0)) * view.width;
}
export function yOf(view: View, p: number): number {
  return ((view.p1 - p) / (view.p1 - view.p0)) * view.height;
}
export function timeAt(view: View, x: number): number {
  return view.t0 + (x / view.width) * (view.t1 - view.t0);
}
export function priceAt(view: View, y: number): number {
  return view.p1 - (y / view.height) * (view.p1 - view.p0);
}

/** A price is the middle of its tick's row. */
export function tickAt(view: View, y: number, tick: number): number {
  return Math.round(priceAt(view, y) / tick) * tick;
}

function fit(low: number, high: number, from: number, to: number, least: number): [number, number] {
  const span = Math.min(Math.max(high - low, least), Math.max(to - from, least));
  let start = (low + high - span) / 2;
  start = Math.max(Math.min(start, to - span), from);
  return [start, start + span];
}

/** The view, within what there is to see. */
export function clamped(view: View, bounds: Bounds): View {
  const [t0, t1] = fit(view.t0, view.t1, bounds.t0, bounds.t1, TIME_MIN_NS);
  const [p0, p1] = fit(view.p0, view.p1, bounds.p0, bounds.p1, TICKS_MIN * bounds.tick);
  return { ...view, t0, t1, p0, p1 };
}

/** Shows `factor` times as much time and price; what stands at (x, y) stays there. */
export function zoomed(view: View, x: number, y: number, time: number, price: number): View {
  const t = timeAt(view, x);
  const p = priceAt(view, y);
  return {
    ...view,
    t0: t - (t - view.t0) * time,
    t1: t + (view.t1 - t) * time,
    p0: p - (p - view.p0) * price,
    p1: p + (view.p1 - p) * price,
  };
}

/** What is there moves by (dx, dy). */
export function panned(view: View, dx: number, dy: number): View {
  const dt = (dx / view.width) * (view.t1 - view.t0);
  const dp = (dy / view.height) * (view.p1 - view.p0);
  return { ...view, t0: view.t0 - dt, t1: view.t1 - dt, p0: view.p0 + dp, p1: view.p1 + dp };
}

/** Round steps for a scale: 1, 2 or 5 times a power of ten, at least `least`, so that about `count` fit. */
export function roundStep(span: number, count: number, least: number): number {
  const raw = Math.max(span / Math.max(1, count), least);
  const power = 10 ** Math.floor(Math.log10(raw));
  for (const times of [1, 2, 5, 10]) if (power * times >= raw * 0.999999) return power * times;
  return power * 10;
}

const S = 1e9;
const TIME_STEPS = [
  1e6, 2e6, 5e6, 1e7, 2e7, 5e7, 1e8, 2e8, 5e8, S, 2 * S, 5 * S, 10 * S, 15 * S, 30 * S, 60 * S, 120 * S, 300 * S,
  600 * S, 900 * S, 1800 * S, 3600 * S, 7200 * S, 14400 * S, 21600 * S, 43200 * S, 86400 * S,
];

export function timeStep(spanNs: number, count: number): number {
  const raw = spanNs / Math.max(1, count);
  return TIME_STEPS.find((step) => step >= raw) ?? TIME_STEPS[TIME_STEPS.length - 1]!;
}
