/**
 * The market map: one instrument's depth over time, with what was traded and what an agent did. Three canvases lie
 * over each other: depth (WebGL2, or 2D where there is none), what stands over it, and the crosshair, so that a move
 * of the mouse draws two lines and nothing else.
 */
import { whole } from '../format/count';
import { priceOf, shortPrice } from '../format/money';
import type { Why } from '../shell/router';
import type { Bubble, Placed } from './bubbles';
import { hit, placed } from './bubbles';
import type { Columns } from './candles';
import { candles, columnsACandle } from './candles';
import { quantityAt } from './depth';
import { flatPainter } from './flat';
import { listen } from './hands';
import * as over from './overlay';
import type { OwnFill, OwnOrder } from './own';
import type { Film, Painter } from './painter';
import type { Palette } from './palette';
import { paletteOf } from './palette';
import type { Bounds, View } from './view';
import { clamped, panned, tickAt, timeAt, xOf, yOf, zoomed } from './view';
import { webGlPainter } from './webgl';
import type { MapClock } from './words';
import { digitsFor, TAKER } from './words';

/** What the map shows; who owns the data changes it and calls `changed`. */
export interface Scene {
  symbol: string;
  /** The whole battle first, then the part that was asked for anew, if any. */
  films: Film[];
  bubbles: Bubble[];
  /** Of the films' times; null: nothing is known. */
  candles: Columns | null;
  orders: readonly OwnOrder[];
  fills: readonly OwnFill[];
  agent: string | null;
  clock: MapClock | null;
  /** The moment that the page shows, behind the map's origin. */
  moment: number;
  /** The battle runs and the page shows now: the view follows. */
  follows: boolean;
}

export interface Pick {
  readonly input: number;
  /** Whose life the panel tells. */
  readonly why: Why;
  readonly text: string;
}

export interface MapOptions {
  /** Never WebGL2: `?canvas=1`. */
  canvas: boolean;
  pick(pick: Pick): void;
  jump(t: number): void;
  /** The view has moved. */
  moved(view: View): void;
  /** What the crosshair points at, in words; null: it points nowhere. */
  says(text: string | null): void;
}

export interface Shows {
  candles: boolean;
  trades: boolean;
}

/** How long a draw took stands among the browser's measures, under these names; so many are kept. */
const MEASURES = ['map-depth', 'map-over'] as const;
const MEASURES_KEPT = 256;
const HIT_SLACK_PX = 4;
const CANDLE_PX = 7;
/** More trades than fit are not drawn: one for so many pixels of the width. */
const PX_A_BUBBLE = 6;
const ZOOM_A_KEY = 0.75;
const PAN_A_KEY_PX = 60;
/** Of the view that lies right of the newest column while it follows. */
const FOLLOW_ROOM = 0.03;

export class MarketMap {
  readonly shows: Shows = { candles: false, trades: true };
  readonly painter: Painter;
  view: View;
  /** What is drawn, for lists beside the map. */
  bubbles: Placed[] = [];
  fills: over.PlacedFill[] = [];
  /** What of the agent's there was no room for, in a sentence; null: nothing. */
  leftOut: string | null = null;
  private orders: over.PlacedOrder[] = [];
  private scene: Scene | null = null;
  private palette: Palette;
  private bounds: Bounds = { t0: 0, t1: 1, p0: 0, p1: 1, tick: 1 };
  private untouched = true;
  private cross: { x: number; y: number } | null = null;
  private frame = 0;
  private drawn = 0;
  private readonly depth: HTMLCanvasElement;
  private readonly above: CanvasRenderingContext2D;
  private readonly hair: CanvasRenderingContext2D;
  private readonly leave: (() => void)[] = [];

  constructor(
    private readonly element: HTMLElement,
    private readonly options: MapOptions,
  ) {
    this.depth = this.canvas('map-depth');
    this.above = this.context('map-over');
    this.hair = this.context('map-cross');
    this.painter =
      (options.canvas ? null : webGlPainter(this.depth, () => this.changed())) ?? flatPainter(this.depth) ?? nothing;
    element.dataset['painter'] = this.painter.kind;
    this.palette = paletteOf(element);
    this.view = { ...this.bounds, width: 1, height: 1 };
    this.leave.push(
      listen(element, {
        zoom: (x, y, time, price) => this.move(zoomed(this.view, x, y, time, price)),
        pan: (dx, dy) => this.move(panned(this.view, dx, dy)),
        point: (at) => this.point(at),
        pick: (x, y) => this.pickAt(x, y),
        jump: (x) => options.jump(timeAt(this.view, x)),
      }),
    );
    if (typeof ResizeObserver !== 'undefined') {
      const observer = new ResizeObserver(() => this.resize());
      observer.observe(element);
      this.leave.push(() => observer.disconnect());
    }
    this.resize();
  }

  private canvas(name: string): HTMLCanvasElement {
    const canvas = document.createElement('canvas');
    canvas.className = name;
    canvas.setAttribute('aria-hidden', 'true');
    this.element.append(canvas);
    return canvas;
  }

  private context(name: string): CanvasRenderingContext2D {
    const context = this.canvas(name).getContext('2d');
    if (context === null) throw new Error('this browser draws no pictures');
    return context;
  }

  private get ratio(): number {
    return Math.min(2, window.devicePixelRatio || 1);
  }

  private resize(): void {
    const width = Math.max(1, this.element.clientWidth - over.GUTTER_RIGHT);
    const height = Math.max(1, this.element.clientHeight - over.GUTTER_BOTTOM);
    this.view = clamped({ ...this.view, width, height }, this.bounds);
    this.painter.resize(Math.round(width * this.ratio), Math.round(height * this.ratio));
    this.depth.style.width = `${width}px`;
    this.depth.style.height = `${height}px`;
    for (const { canvas } of [this.above, this.hair]) {
      canvas.width = Math.round((width + over.GUTTER_RIGHT) * this.ratio);
      canvas.height = Math.round((height + over.GUTTER_BOTTOM) * this.ratio);
    }
    this.changed();
  }

  /** Other colours. */
  recolour(): void {
    this.palette = paletteOf(this.element);
    this.changed();
  }

  /** Another scene, or another film in it. */
  show(scene: Scene): void {
    const whole = scene.films[0];
    const fresh = this.scene?.symbol !== scene.symbol || this.scene.films.length === 0;
    this.scene = scene;
    if (whole !== undefined) this.bound(whole, scene);
    if (fresh || this.untouched) this.home();
    this.changed();
  }

  private bound(film: Film, scene: Scene): void {
    const { depth, mips } = film;
    const end = Math.max(film.t0 + depth.columns * depth.stepNs, scene.moment);
    const p0 = (mips.grid.firstTick - 0.5) * depth.tick;
    const room = scene.follows ? (end - film.t0) * FOLLOW_ROOM : 0;
    const at = this.bounds.t1;
    this.bounds = {
      t0: film.t0,
      t1: end + room,
      p0,
      p1: p0 + mips.grid.rows * mips.grid.ticksPerRow * depth.tick,
      tick: depth.tick,
    };
    /* A view that ends at the newest column goes on with it. */
    if (scene.follows && !this.untouched && Math.abs(this.view.t1 - at) < (this.view.t1 - this.view.t0) * 0.02) {
      const by = this.bounds.t1 - at;
      this.view = { ...this.view, t0: this.view.t0 + by, t1: this.view.t1 + by };
    }
    this.view = clamped(this.view, this.bounds);
  }

  /** The whole battle, with the prices where most is. */
  home(): void {
    this.untouched = true;
    this.view = clamped({ ...this.view, ...this.bounds, ...this.prices() }, this.bounds);
    this.options.moved(this.view);
    this.changed();
  }

  private prices(): { p0: number; p1: number } {
    const film = this.scene?.films[0];
    if (film === undefined) return this.bounds;
    const { grid } = film.mips;
    const { levels, tick } = film.depth;
    const first = (grid.firstTick + levels) * tick;
    const last = (grid.firstTick + grid.rows * grid.ticksPerRow - 1 - levels) * tick;
    const room = Math.min(levels * tick, Math.max(12 * tick, (last - first) * 0.15));
    return { p0: first - room, p1: last + room };
  }

  /** Keys of a map that has the focus. True: it was one. */
  key(event: KeyboardEvent): boolean {
    const { width, height } = this.view;
    const at = this.cross ?? { x: width / 2, y: height / 2 };
    const zoom = (time: number, price: number): void => this.move(zoomed(this.view, at.x, at.y, time, price));
    const [x, y] =
      event.key === 'ArrowLeft' ? [-1, 0] : event.key === 'ArrowRight' ? [1, 0]
      : event.key === 'ArrowUp' ? [0, -1] : event.key === 'ArrowDown' ? [0, 1] : [0, 0];
    if (x !== 0 || y !== 0) {
      if (event.shiftKey) this.move(panned(this.view, -x * PAN_A_KEY_PX, -y * PAN_A_KEY_PX));
      else this.step(at, x, y);
    } else if (event.key === '+' || event.key === '=') zoom(ZOOM_A_KEY, event.altKey ? ZOOM_A_KEY : 1);
    else if (event.key === '-' || event.key === '_') zoom(1 / ZOOM_A_KEY, event.altKey ? 1 / ZOOM_A_KEY : 1);
    else if (event.key === ']') zoom(1, ZOOM_A_KEY);
    else if (event.key === '[') zoom(1, 1 / ZOOM_A_KEY);
    else if (event.key === '0' || event.key === 'Home') this.home();
    else if (event.key === 'n' || event.key === 'N') this.next(event.key === 'n' ? 1 : -1);
    else if (event.key === 'Enter') this.pickAt(at.x, at.y);
    else if (event.key === 'j') this.options.jump(timeAt(this.view, at.x));
    else if (event.key === 'Escape' && this.cross !== null) this.point(null);
    else return false;
    return true;
  }

  /** The crosshair, at the moment that the page shows, between the best prices then: where there is none yet. */
  begin(): void {
    const { scene, view } = this;
    if (scene === null || this.cross !== null) return;
    const t = Math.min(view.t1, Math.max(view.t0, scene.moment));
    const film = this.filmAt(t) ?? scene.films[0];
    const column = film === undefined ? 0 : Math.min(film.depth.columns - 1, Math.floor((t - film.t0) / film.depth.stepNs));
    const price = film === undefined ? NaN : (film.depth.bid[column]! + film.depth.ask[column]!) / 2;
    const y = Number.isFinite(price) ? yOf(view, price) : view.height / 2;
    this.point({ x: Math.min(view.width - 1, xOf(view, t)), y: Math.min(view.height - 1, Math.max(0, y)) });
  }

  /** The crosshair goes on by a tick, or by a column and at least a pixel. */
  private step(at: { x: number; y: number }, x: number, y: number): void {
    const film = this.filmAt(timeAt(this.view, at.x));
    const column = film === null ? 1 : (film.depth.stepNs / (this.view.t1 - this.view.t0)) * this.view.width;
    const tick = (this.bounds.tick / (this.view.p1 - this.view.p0)) * this.view.height;
    this.point({
      x: Math.min(this.view.width - 1, Math.max(0, at.x + x * Math.max(1, column))),
      y: Math.min(this.view.height - 1, Math.max(0, at.y + y * Math.max(1, tick))),
    });
  }

  /** The next trade that is drawn, in time; behind the last comes the first. */
  private next(by: number): void {
    const x = this.cross?.x ?? (by > 0 ? -1 : this.view.width + 1);
    const sorted = [...this.bubbles].sort((a, b) => by * (a.x - b.x));
    const found = sorted.find((each) => by * (each.x - x) > 0.5) ?? sorted[0];
    if (found !== undefined) this.point({ x: found.x, y: found.y });
  }

  move(view: View): void {
    this.untouched = false;
    this.view = clamped(view, this.bounds);
    this.options.moved(this.view);
    this.changed();
  }

  /** By buttons: around the middle. */
  zoom(factor: number): void {
    this.move(zoomed(this.view, this.view.width / 2, this.view.height / 2, factor, factor));
  }

  private filmAt(t: number): Film | null {
    const films = this.scene?.films ?? [];
    for (let n = films.length - 1; n >= 0; n--) {
      const film = films[n]!;
      if (t >= film.t0 && t < film.t0 + film.depth.columns * film.depth.stepNs) return film;
    }
    return null;
  }

  /** What lies at a place: a fill, a trade, an order, in words and with the input that it comes from. */
  private under(x: number, y: number): Pick | null {
    const scene = this.scene;
    if (scene === null || scene.clock === null) return null;
    const fill = hit(this.fills, x, y, HIT_SLACK_PX)?.fill;
    if (fill !== undefined) return this.fillPick(fill);
    const bubble = this.shows.trades ? hit(this.bubbles, x, y, HIT_SLACK_PX)?.bubble : undefined;
    if (bubble !== undefined) return this.bubblePick(bubble);
    const order = this.orders.find((each) => Math.abs(each.y - y) <= HIT_SLACK_PX && x >= each.x0 - 2 && x <= each.x1 + 2)?.order;
    if (order === undefined) return null;
    return {
      input: order.input,
      why: this.lifeOf(order.clOrdId, order.input),
      text: this.sentence(order.from, `${scene.agent ?? ''} order ${order.clOrdId} to ${order.side}`, order.price),
    };
  }

  private price(units: number): string {
    const scale = this.scene?.films[0]?.depth.priceScale ?? 0;
    return shortPrice(priceOf(units, scale), priceOf(this.bounds.tick, scale));
  }

  private sentence(t: number, what: string, price: number): string {
    return `${this.scene?.clock?.text(t, 3) ?? ''} ${what} at ${this.price(price)}`;
  }

  fillPick(fill: OwnFill): Pick {
    const did = fill.side === 'buy' ? 'bought' : 'sold';
    return {
      input: fill.input,
      why: { input: fill.input },
      text: this.sentence(fill.t, `${this.scene?.agent ?? ''} ${did} ${whole(fill.qty)}`, fill.price),
    };
  }

  /** An order's own life, where it has a number that its agent gave it. */
  private lifeOf(clOrdId: string, input: number): Why {
    const agent = this.scene?.agent ?? null;
    return agent === null || clOrdId === '' || clOrdId === '0' ? { input } : { agent, cl_ord_id: clOrdId };
  }

  bubblePick(bubble: Bubble): Pick {
    const { input } = bubble;
    const text = this.sentence(bubble.t, `${TAKER[bubble.side]} ${whole(bubble.qty)}`, bubble.price);
    return { input, why: { input }, text: bubble.agent ? `${text}, an agent in it` : text };
  }

  private pickAt(x: number, y: number): void {
    const pick = this.under(x, y);
    if (pick !== null) this.options.pick(pick);
    else this.point({ x, y });
  }

  private point(at: { x: number; y: number } | null): void {
    const within = at !== null && at.x >= 0 && at.y >= 0 && at.x < this.view.width && at.y < this.view.height;
    this.cross = within ? at : null;
    this.element.style.cursor = within && this.under(at.x, at.y) !== null ? 'pointer' : 'crosshair';
    this.drawHair();
  }

  /** The lots at the crosshair, as exact as the column: those of its last input. */
  private exact(t: number, price: number): string {
    const film = this.filmAt(t);
    if (film === null) return 'no record here';
    const there = quantityAt(film.depth, t - film.t0, price);
    const c = Math.floor((t - film.t0) / film.depth.stepNs);
    const input = `input ${whole(film.depth.input[c]!)}`;
    if (there === null) {
      const inside = price > film.depth.bid[c]! && price < film.depth.ask[c]!;
      return `${inside ? 'inside the spread' : `beyond ${film.depth.levels} levels`}, ${input}`;
    }
    return `${there.side} ${whole(there.lots)}, ${input}`;
  }

  private drawHair(): void {
    const { hair, view, scene, cross } = this;
    hair.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    hair.clearRect(0, 0, view.width + over.GUTTER_RIGHT, view.height + over.GUTTER_BOTTOM);
    const film = scene?.films[0];
    if (cross === null || scene === null || scene.clock === null || film === undefined) {
      this.options.says(null);
      return;
    }
    const { tick } = film.depth;
    const t = timeAt(view, cross.x);
    const price = tickAt(view, cross.y, tick);
    const words = this.price(price);
    const step = this.filmAt(t)?.depth.stepNs ?? 1e9;
    const time = scene.clock.text(t, Math.max(3, digitsFor(step)));
    over.drawCross(hair, view, cross.x, yOf(view, price), words, time, this.palette);
    const pick = this.under(cross.x, cross.y);
    this.options.says(`${time}  ${words}  ${this.exact(t, price)}${pick === null ? '' : `  |  ${pick.text}`}`);
  }

  /** Draws in the next animation frame. */
  changed(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    if (++this.drawn % MEASURES_KEPT === 0) for (const name of MEASURES) performance.clearMeasures(name);
    const began = performance.now();
    this.painter.draw(this.scene?.films ?? [], this.view, this.palette);
    const painted = performance.now();
    this.drawOver();
    performance.measure('map-depth', { start: began, end: painted });
    performance.measure('map-over', { start: painted, end: performance.now() });
    this.drawHair();
  }

  private drawOver(): void {
    const { above, view, scene, palette } = this;
    above.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    above.clearRect(0, 0, view.width + over.GUTTER_RIGHT, view.height + over.GUTTER_BOTTOM);
    const film = scene?.films[0];
    if (scene === null || scene.clock === null || film === undefined) return;
    over.drawScales(above, view, palette, scene.clock, film.depth.tick, film.depth.priceScale);
    above.save();
    above.beginPath();
    above.rect(0, 0, view.width, view.height);
    above.clip();
    over.drawMoment(above, view, scene.moment, palette);
    if (this.shows.candles && scene.candles !== null) {
      const pixels = xOf(view, scene.candles.stepNs) - xOf(view, 0);
      over.drawCandles(above, view, candles(scene.candles, columnsACandle(pixels, CANDLE_PX)), palette);
    } else {
      over.drawBests(above, view, scene.films, palette);
    }
    this.bubbles = placed(scene.bubbles, view, Math.round(view.width / PX_A_BUBBLE));
    if (this.shows.trades) over.drawBubbles(above, this.bubbles, palette);
    this.orders = over.placeOrders(scene.orders, view, scene.moment);
    this.fills = over.placeFills(scene.fills, view);
    this.leftOut = over.leftOut(scene.orders, scene.fills, view, scene.moment);
    over.drawOwn(above, this.orders, this.fills, palette);
    above.restore();
  }

  close(): void {
    if (this.frame !== 0) cancelAnimationFrame(this.frame);
    for (const each of this.leave) each();
    this.painter.close();
    this.element.replaceChildren();
  }
}

/** A browser that draws nothing shows the rest of the page. */
const nothing: Painter = { kind: 'canvas', resize() {}, draw() {}, close() {} };
