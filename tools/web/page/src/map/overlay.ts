/**
 * What stands over the depth: scales, best prices, candles, the agent's orders and fills, trades. Each is drawn from
 * what lies within the view alone, at most a few hundred shapes and two lines of a point a pixel.
 */
import { priceOf, shortPrice } from '../format/money';
import type { Placed } from './bubbles';
import type { Candle } from './candles';
import type { OwnFill, OwnOrder } from './own';
import type { Film } from './painter';
import type { Palette } from './palette';
import type { View } from './view';
import { roundStep, timeStep, xOf, yOf } from './view';
import type { MapClock } from './words';
import { digitsFor } from './words';

export const GUTTER_RIGHT = 62;
export const GUTTER_BOTTOM = 20;
export const FONT = '11px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace';
const ORDERS_MAX = 400;
const FILLS_MAX = 250;
const FILL_RADIUS = 4;

type Context = CanvasRenderingContext2D;

export interface PlacedFill {
  readonly fill: OwnFill;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

export interface PlacedOrder {
  readonly order: OwnOrder;
  readonly x0: number;
  readonly x1: number;
  readonly y: number;
}

export function drawScales(context: Context, view: View, palette: Palette, clock: MapClock, tick: number, scale: number): void {
  context.font = FONT;
  context.textBaseline = 'middle';
  context.lineWidth = 1;
  const step = roundStep(view.p1 - view.p0, view.height / 48, tick);
  context.strokeStyle = palette.grid;
  context.fillStyle = palette.faint;
  context.textAlign = 'left';
  context.beginPath();
  const round = Math.max(tick, Math.round(step / tick) * tick);
  for (let n = Math.ceil(view.p0 / round), p = n * round; p <= view.p1; p = ++n * round) {
    const y = Math.round(yOf(view, p)) + 0.5;
    context.moveTo(0, y);
    context.lineTo(view.width, y);
    if (y > 8 && y < view.height - 4) context.fillText(shortPrice(priceOf(p, scale), priceOf(tick, scale)), view.width + 6, y);
  }
  drawTimes(context, view, clock);
  context.stroke();
}

function drawTimes(context: Context, view: View, clock: MapClock): void {
  const span = view.t1 - view.t0;
  const step = timeStep(span, view.width / 110);
  const digits = digitsFor(step);
  context.textAlign = 'center';
  const first = view.t0 + ((step - (clock.ofDay(view.t0) % step)) % step);
  const half = digits === 0 ? 26 : 38;
  for (let t = first; t <= view.t1; t += step) {
    const x = Math.round(xOf(view, t)) + 0.5;
    context.moveTo(x, 0);
    context.lineTo(x, view.height);
    if (x > half && x < view.width - half) context.fillText(clock.text(t, digits), x, view.height + GUTTER_BOTTOM / 2 + 1);
  }
}

/** Steps of a best price, a point a pixel. */
function drawBest(context: Context, view: View, film: Film, prices: Float64Array, until: number, colour: string, edge: string): void {
  const { depth } = film;
  context.beginPath();
  let on = false;
  let last = NaN;
  const first = Math.max(0, Math.floor(xOf(view, film.t0)));
  const end = Math.min(view.width, Math.ceil(xOf(view, Math.min(until, film.t0 + depth.columns * depth.stepNs))));
  for (let x = first; x < end; x++) {
    const t = view.t0 + ((x + 0.5) / view.width) * (view.t1 - view.t0) - film.t0;
    const c = Math.floor(t / depth.stepNs);
    const price = c >= 0 && c < depth.columns ? prices[c]! : NaN;
    if (Number.isNaN(price)) {
      on = false;
      continue;
    }
    const y = yOf(view, price);
    if (!on) context.moveTo(x, y);
    else if (price !== last) {
      context.lineTo(x, yOf(view, last));
      context.lineTo(x, y);
    }
    on = true;
    last = price;
    if (x === end - 1) context.lineTo(x + 1, y);
  }
  context.strokeStyle = edge;
  context.lineWidth = 3;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = 1.25;
  context.stroke();
}

/** The part that was asked for anew stands in place of the whole from where it begins. */
export function drawBests(context: Context, view: View, films: readonly Film[], palette: Palette): void {
  films.forEach((film, n) => {
    const until = films[n + 1]?.t0 ?? Infinity;
    drawBest(context, view, film, film.depth.bid, until, palette.buy, palette.edge);
    drawBest(context, view, film, film.depth.ask, until, palette.sell, palette.edge);
  });
}

export function drawCandles(context: Context, view: View, all: readonly Candle[], palette: Palette): void {
  context.lineWidth = 1;
  for (const candle of all) {
    if (candle.t1 < view.t0 || candle.t0 > view.t1) continue;
    const x0 = xOf(view, candle.t0);
    const width = Math.max(1, xOf(view, candle.t1) - x0);
    const middle = Math.round(x0 + width / 2) + 0.5;
    const rises = candle.close >= candle.open;
    const top = yOf(view, Math.max(candle.open, candle.close));
    const body = Math.max(1, yOf(view, Math.min(candle.open, candle.close)) - top);
    const colour = rises ? palette.buy : palette.sell;
    context.strokeStyle = colour;
    context.beginPath();
    context.moveTo(middle, yOf(view, candle.high));
    context.lineTo(middle, yOf(view, candle.low));
    context.stroke();
    /* One that rises is hollow: the colour alone does not say it. */
    context.fillStyle = rises ? palette.ground : colour;
    context.fillRect(x0 + width * 0.15, top, width * 0.7, body);
    context.strokeRect(x0 + width * 0.15, top, width * 0.7, body);
  }
}

export function drawBubbles(context: Context, all: readonly Placed[], palette: Palette): void {
  for (const { bubble, x, y, radius } of all) {
    context.beginPath();
    if (bubble.side === 'sell') {
      const r = radius * 1.15;
      context.moveTo(x, y - r);
      context.lineTo(x + r, y);
      context.lineTo(x, y + r);
      context.lineTo(x - r, y);
      context.closePath();
    } else {
      context.arc(x, y, radius, 0, 2 * Math.PI);
    }
    const colour = bubble.side === 'buy' ? palette.buy : bubble.side === 'sell' ? palette.sell : palette.unknown;
    context.globalAlpha = bubble.side === 'unknown' ? 0.35 : 0.78;
    context.fillStyle = colour;
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = bubble.agent ? 1.6 : 0.8;
    context.strokeStyle = bubble.agent ? palette.own : palette.edge;
    context.stroke();
  }
}

/** At most so many, evenly: who sees the whole day sees where the agent was, not each of its deeds. */
function thinned<T>(all: readonly T[], most: number): readonly T[] {
  const step = Math.ceil(all.length / most);
  return step <= 1 ? all : all.filter((_, n) => n % step === 0);
}

function ordersIn(orders: readonly OwnOrder[], view: View, now: number): OwnOrder[] {
  return orders.filter(({ from, to, price }) =>
    (Number.isNaN(to) ? now : to) >= view.t0 && from <= view.t1 && price >= view.p0 && price <= view.p1);
}

function fillsIn(fills: readonly OwnFill[], view: View): OwnFill[] {
  return fills.filter(({ t, price }) => t >= view.t0 && t <= view.t1 && price >= view.p0 && price <= view.p1);
}

/** Who sees fewer than there are is told so. null: all of them are drawn. */
export function leftOut(orders: readonly OwnOrder[], fills: readonly OwnFill[], view: View, now: number): string | null {
  const parts = ([[ordersIn(orders, view, now).length, ORDERS_MAX, 'orders'], [fillsIn(fills, view).length, FILLS_MAX, 'fills']] as const)
    .filter(([all, most]) => all > most)
    .map(([all, most, what]) => `1 of ${Math.ceil(all / most)} of the ${all.toLocaleString('en-US')} ${what} in view`);
  return parts.length === 0 ? null : `Drawn: ${parts.join(', ')}; zoom in for all.`;
}

/** The newest first. */
export function placeOrders(orders: readonly OwnOrder[], view: View, now: number): PlacedOrder[] {
  const within = ordersIn(orders, view, now).reverse();
  return thinned(within, ORDERS_MAX).map((order) => {
    const x0 = Math.max(0, xOf(view, order.from));
    const to = Number.isNaN(order.to) ? now : order.to;
    return { order, x0, x1: Math.max(x0 + 2, Math.min(view.width, xOf(view, to))), y: yOf(view, order.price) };
  });
}

/** The newest first. */
export function placeFills(fills: readonly OwnFill[], view: View): PlacedFill[] {
  const within = fillsIn(fills, view).reverse();
  return thinned(within, FILLS_MAX).map((fill) => ({ fill, x: xOf(view, fill.t), y: yOf(view, fill.price), radius: FILL_RADIUS }));
}

/** Orders are lines, dashed where they sell; a fill points up where it bought, down where it sold. */
export function drawOwn(context: Context, orders: readonly PlacedOrder[], fills: readonly PlacedFill[], palette: Palette): void {
  for (const side of ['buy', 'sell'] as const) {
    for (const pass of [0, 1]) {
      context.strokeStyle = pass === 0 ? palette.edge : side === 'buy' ? palette.buy : palette.sell;
      context.lineWidth = pass === 0 ? 4 : 2;
      context.setLineDash(side === 'sell' ? [6, 3] : []);
      context.beginPath();
      for (const each of orders) {
        if (each.order.side !== side) continue;
        context.moveTo(each.x0, each.y);
        context.lineTo(each.x1, each.y);
      }
      context.stroke();
    }
  }
  context.setLineDash([]);
  for (const { fill, x, y, radius } of fills) {
    const up = fill.side === 'buy' ? -1 : 1;
    context.beginPath();
    context.moveTo(x, y + up * radius * 1.4);
    context.lineTo(x + radius, y - up * radius * 0.8);
    context.lineTo(x - radius, y - up * radius * 0.8);
    context.closePath();
    context.fillStyle = palette.own;
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = fill.side === 'buy' ? palette.buy : palette.sell;
    context.stroke();
  }
}

/** The moment that the page shows, if it lies on the map. */
export function drawMoment(context: Context, view: View, t: number, palette: Palette): void {
  if (t < view.t0 || t > view.t1) return;
  const x = Math.round(xOf(view, t)) + 0.5;
  context.strokeStyle = palette.faint;
  context.lineWidth = 1;
  context.setLineDash([2, 3]);
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, view.height);
  context.stroke();
  context.setLineDash([]);
}

/** Words on a plate, right of or beside a place. */
function plate(context: Context, text: string, x: number, y: number, align: CanvasTextAlign, palette: Palette): void {
  context.font = FONT;
  context.textAlign = align;
  context.textBaseline = 'middle';
  const width = context.measureText(text).width + 8;
  context.fillStyle = palette.ink;
  context.fillRect(align === 'center' ? x - width / 2 : x - 4, y - 9, width, 18);
  context.fillStyle = palette.theme === 'dark' ? '#0a0e14' : '#ffffff';
  context.fillText(text, x, y + 0.5);
}

export function drawCross(context: Context, view: View, x: number, y: number, price: string, time: string, palette: Palette): void {
  context.strokeStyle = palette.ink;
  context.globalAlpha = 0.55;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(Math.round(x) + 0.5, 0);
  context.lineTo(Math.round(x) + 0.5, view.height);
  context.moveTo(0, Math.round(y) + 0.5);
  context.lineTo(view.width, Math.round(y) + 0.5);
  context.stroke();
  context.globalAlpha = 1;
  plate(context, price, view.width + 6, y, 'left', palette);
  plate(context, time, Math.min(Math.max(x, 44), view.width - 44), view.height + GUTTER_BOTTOM / 2, 'center', palette);
}
