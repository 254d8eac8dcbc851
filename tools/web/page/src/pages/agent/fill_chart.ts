/**
 * Its fills on the price: buys point up in blue, sells down in orange; whole where it took, hollow where
 * its order rested. A click on one says why.
 */
import uPlot from 'uplot';
import { many } from '../../format/count';
import { priceOf, shortPrice, units } from '../../format/money';
import { shownName } from '../../format/names';
import { clockOf, msOf } from '../../format/time';
import { Chart } from '../../parts/chart';
import { h, mark, say, show } from '../../shell/dom';
import { Pace } from '../../shell/frames';
import { ink } from '../../shell/theme';
import { columnMs } from '../../source/film';
import { FILLS_MAX } from '../../source/history';
import type { History } from '../../source/history';
import type { View } from '../../source/source';
import type { Course, Row, State } from '../../source/types';
import { member } from '../../state';
import type { Context } from '../page';
import { paintPlayhead } from './curve';

const DRAW_MS = 400;
const SIZE_PX = 4.5;
const REACH_PX = 10;

interface Dot {
  row: Row;
  s: number;
  /** In price units. */
  price: number;
  buy: boolean;
  took: boolean;
}

export class FillChart {
  readonly element: HTMLElement;
  private readonly context: Context;
  private readonly chart: Chart;
  private readonly select: HTMLSelectElement;
  private readonly note = h('output', { class: 'dim readout' });
  private readonly empty = h('p', { class: 'empty over', hidden: true });
  private readonly pace = new Pace(DRAW_MS);
  private symbol: string | null = null;
  /** Somebody chose it; until then the one with most fills is shown. */
  private picked = false;
  private state: State | null = null;
  private dots: Dot[] = [];
  private at_s: number | null = null;
  private drawn = '';

  constructor(context: Context) {
    this.context = context;
    this.select = h('select', {
      'aria-label': 'instrument',
      on: { change: () => { this.symbol = this.select.value; this.picked = true; this.drawn = ''; context.wake(); } },
    });
    const holder = h('div');
    this.chart = new Chart(holder, {
      zone: () => this.state?.battle.zone ?? 'UTC', label: 'fills on the price curve',
      values: (value) => this.price(value), axisWidth: 66,
      series: () => [
        { stroke: () => ink('--dim'), width: 1.25, points: { show: false } },
        { stroke: 'transparent', points: { show: false } }, { stroke: 'transparent', points: { show: false } },
      ],
      bands: [{ series: [2, 3], fill: () => ink('--band') }],
      plugins: [{ hooks: { draw: [(u) => this.paint(u)], ready: [(u) => this.listen(u)], setCursor: [(u) => this.read(u)] } }],
    });
    this.element = h('section', { class: 'panel fills', 'aria-label': 'fills on the price' },
      h('header', {}, h('h2', {}, 'Fills on the price'), this.select, this.note), h('div', { class: 'holder' }, holder, this.empty));
  }

  reset(): void {
    this.symbol = null;
    this.picked = false;
    this.dots = [];
    this.drawn = '';
    this.pace.reset();
  }

  draw(view: View, state: State, name: string, history: History): void {
    this.state = state;
    this.at_s = view.at === 'past' ? msOf(state.battle.time_ns) / 1000 : null;
    const { film } = this.context;
    const symbols = this.symbols(state, film.course, history);
    if (!this.picked) this.symbol = symbols[0] ?? null;
    this.drawSelect(symbols);
    const key = `${name}/${this.symbol}/${film.version}/${history.version}/${this.at_s}`;
    if (key === this.drawn || (view.at === 'now' && !this.pace.due())) return;
    this.drawn = key;
    this.dots = this.dotsOf(history.fills);
    this.chart.set(this.lines(film.course), `${name}/${this.symbol}`);
    const taken = history.fills.length >= FILLS_MAX ? `the last ${FILLS_MAX.toLocaleString('en-US')} fills` : many(this.dots.length, 'fill');
    say(this.note, history.trouble ?? `${taken}${history.whole ? '' : ', reading on'}; filled: it took, hollow: it rested`);
    const nothing = history.whole && this.dots.length === 0;
    show(this.empty, nothing);
    if (nothing) say(this.empty, `No fill${this.symbol !== null ? ` in ${shownName(this.symbol)}` : ''} yet.`);
  }

  close(): void {
    this.chart.close();
  }

  /** Those with most of its fills first. */
  private symbols(state: State, course: Course | null, history: History): string[] {
    const fills = new Map<string, number>();
    for (const row of history.fills) fills.set(String(row.instrument), (fills.get(String(row.instrument)) ?? 0) + 1);
    const known = new Set([...Object.keys(course?.instruments ?? {}), ...Object.keys(state.instruments), ...fills.keys()]);
    return [...known].sort((a, b) => (fills.get(b) ?? 0) - (fills.get(a) ?? 0) || a.localeCompare(b));
  }

  private drawSelect(symbols: string[]): void {
    const sorted = [...symbols].sort();
    const key = sorted.join('\n');
    if (this.select.dataset.key !== key) {
      this.select.dataset.key = key;
      this.select.replaceChildren(...sorted.map((symbol) => h('option', { value: symbol }, shownName(symbol))));
    }
    if (this.symbol !== null && this.select.value !== this.symbol) this.select.value = this.symbol;
    show(this.select, sorted.length > 1);
  }

  private get scale(): number {
    const { film } = this.context;
    return member(film.course?.instruments, this.symbol)?.price_scale ?? member(this.state?.instruments, this.symbol)?.price_scale ?? 0;
  }

  private price(value: number): string {
    const text = priceOf(Math.round(value), this.scale);
    const tick = member(this.state?.instruments, this.symbol)?.tick;
    return tick ? shortPrice(text, tick) : text;
  }

  private dotsOf(fills: readonly Row[]): Dot[] {
    const { scale } = this;
    return fills.filter((row) => row.instrument === this.symbol).map((row) => ({
      row, s: msOf(row.time_ns) / 1000, price: Number(units(String(row.price), scale) ?? 0n), buy: row.side === 'buy', took: row.liquidity === 'taker',
    }));
  }

  private lines(course: Course | null): uPlot.AlignedData {
    const market = member(course?.instruments, this.symbol);
    const xs: number[] = [], last: (number | null)[] = [], ask: (number | null)[] = [], bid: (number | null)[] = [];
    if (course && market)
      for (let i = 0; i < course.columns; i++) {
        if (course.input[i] == null) continue;
        xs.push(columnMs(course, i) / 1000);
        last.push(market.last[i] ?? null);
        ask.push(market.ask[i] ?? null);
        bid.push(market.bid[i] ?? null);
      }
    if (xs.length === 0) for (const dot of this.dots) { xs.push(dot.s); last.push(dot.price); ask.push(null); bid.push(null); }
    return [xs, last, ask, bid];
  }

  private listen(u: uPlot): void {
    u.over.addEventListener('click', () => {
      const dot = this.near(u);
      if (dot) this.context.go({ ...this.context.route, why: { input: dot.row.input } });
    });
  }

  private near(u: uPlot): Dot | null {
    const left = u.cursor.left ?? -1, top = u.cursor.top ?? -1;
    if (left < 0) return null;
    let best: Dot | null = null, reach = REACH_PX;
    for (const dot of this.dots) {
      const distance = Math.hypot(u.valToPos(dot.s, 'x') - left, u.valToPos(dot.price, 'y') - top);
      if (distance < reach) {
        reach = distance;
        best = dot;
      }
    }
    return best;
  }

  private read(u: uPlot): void {
    const dot = this.near(u);
    mark(u.over, 'data-over', dot ? '' : null);
    if (!dot || !this.state) return;
    const clock = clockOf(this.state.battle.zone);
    say(this.note, `${clock.fine(dot.row.time_ns)} ${dot.buy ? 'bought' : 'sold'} ${String(dot.row.qty)} at ${String(dot.row.price)}, it ${dot.took ? 'took' : 'rested'}`);
  }

  private paint(u: uPlot): void {
    const { ctx } = u;
    const ratio = uPlot.pxRatio;
    ctx.save();
    ctx.lineWidth = 1.25 * ratio;
    for (const dot of this.dots) {
      if (this.at_s !== null && dot.s > this.at_s) continue;
      const colour = ink(dot.buy ? '--up' : '--down');
      triangle(ctx, u.valToPos(dot.s, 'x', true), u.valToPos(dot.price, 'y', true), SIZE_PX * ratio, dot.buy);
      ctx.strokeStyle = colour;
      ctx.fillStyle = dot.took ? colour : ink('--panel');
      ctx.fill();
      ctx.stroke();
    }
    ctx.restore();
    paintPlayhead(u, this.at_s);
  }
}

function triangle(ctx: CanvasRenderingContext2D, x: number, y: number, size: number, up: boolean): void {
  const way = up ? 1 : -1;
  ctx.beginPath();
  ctx.moveTo(x, y - way * size * 0.2);
  ctx.lineTo(x + size, y + way * size * 1.5);
  ctx.lineTo(x - size, y + way * size * 1.5);
  ctx.closePath();
}
