/** Gain over time, and below it how far the agent is under its peak. */
import uPlot from 'uplot';
import { money, signedMoney } from '../../format/money';
import { clockOf, msOf } from '../../format/time';
import { agentColour } from '../../parts/colours';
import { Chart, FONT } from '../../parts/chart';
import { h, say } from '../../shell/dom';
import { Pace } from '../../shell/frames';
import { ink } from '../../shell/theme';
import { columnMs } from '../../source/film';
import type { Film } from '../../source/film';
import type { View } from '../../source/source';
import type { State } from '../../source/types';
import type { Context } from '../page';
import { member } from '../../state';

const DRAW_MS = 250;

export interface Curve {
  xs: number[];
  gain: (number | null)[];
  /** Under the peak so far: 0 or below. */
  under: (number | null)[];
}

export function curveOf(film: Film, name: string): Curve {
  const { course, tail } = film;
  const curve: Curve = { xs: [], gain: [], under: [] };
  let peak = 0;
  const add = (s: number, gain: number): void => {
    peak = Math.max(peak, gain);
    curve.xs.push(s);
    curve.gain.push(gain);
    curve.under.push(gain - peak);
  };
  const gains = member(course?.agents, name)?.gain_u;
  if (course && gains)
    for (let i = 0; i < course.columns; i++) {
      const gain = gains[i];
      if (course.input[i] != null && gain != null) add(columnMs(course, i) / 1000, gain / 1e6);
    }
  const from = curve.xs.at(-1) ?? -Infinity;
  for (const point of tail) {
    const gain = point.gain.get(name);
    if (gain !== undefined && point.ms / 1000 > from) add(point.ms / 1000, gain);
  }
  return curve;
}

export class AgentCurve {
  readonly element: HTMLElement;
  private readonly context: Context;
  private readonly gain: Chart;
  private readonly under: Chart;
  private readonly readout = h('output', { class: 'dim readout' });
  private readonly pace = new Pace(DRAW_MS);
  private state: State | null = null;
  private at_s: number | null = null;
  private out_s: number | null = null;
  private id = 0;
  private drawn = '';

  constructor(context: Context) {
    this.context = context;
    const above = h('div', { class: 'above' }), below = h('div', { class: 'below' });
    const zone = (): string => this.state?.battle.zone ?? 'UTC';
    const playhead: uPlot.Plugin = { hooks: { draw: [(u) => this.paint(u)], setCursor: [(u) => this.read(u)] } };
    this.gain = new Chart(above, {
      zone, label: 'gain over market time', zero: true, timeAxis: false, plugins: [playhead],
      values: (value, places) => signedMoney(value.toFixed(6), places),
      series: () => [{ stroke: () => agentColour(this.id), width: 1.75, points: { show: false } }],
    });
    this.under = new Chart(below, {
      zone, label: 'drawdown over market time', zero: true, plugins: [playhead],
      values: (value, places) => signedMoney(value.toFixed(6), places),
      series: () => [{ stroke: () => ink('--down'), fill: () => ink('--down-soft'), width: 1, points: { show: false } }],
    });
    this.element = h('section', { class: 'panel curve', 'aria-label': 'gain and drawdown' },
      h('header', {}, h('h2', {}, 'Gain'), h('span', { class: 'dim' }, 'and below it how far it is under its peak'), this.readout), above, below);
  }

  draw(view: View, state: State, name: string): void {
    this.state = state;
    this.id = member(state.agents, name)?.id ?? 0;
    this.at_s = view.at === 'past' ? msOf(state.battle.time_ns) / 1000 : null;
    this.out_s = outOf(this.context.film, name);
    const key = `${name}/${this.context.film.version}/${this.at_s}`;
    if (key === this.drawn || (key.startsWith(`${name}/`) && this.drawn.startsWith(`${name}/`) && view.at === 'now' && !this.pace.due())) return;
    this.drawn = key;
    const { xs, gain, under } = curveOf(this.context.film, name);
    this.gain.set([xs, gain], name);
    this.under.set([xs, under], name);
  }

  close(): void {
    this.gain.close();
    this.under.close();
  }

  private read(u: uPlot): void {
    const i = u.cursor.idx;
    const at = i == null ? undefined : u.data[0][i];
    if (i == null || at === undefined || (u.cursor.left ?? -1) < 0 || !this.state) return;
    const gain = this.gain.plot?.data[1]?.[i], under = this.under.plot?.data[1]?.[i];
    if (gain == null || under == null) return;
    say(this.readout, `${clockOf(this.state.battle.zone).timeOfMs(at * 1000)}  ${signedMoney(gain.toFixed(6))}, ${money((-under).toFixed(6))} under its peak`);
  }

  private paint(u: uPlot): void {
    paintOut(u, this.out_s);
    paintPlayhead(u, this.at_s);
  }
}

/** When it went out, in seconds; null: it is in. */
export function outOf(film: Pick<Film, 'course'>, name: string): number | null {
  const event = film.course?.events.find(({ what, agent }) => what === 'out' && agent === name);
  return event ? msOf(event.time_ns) / 1000 : null;
}

/** Where its gain ends: what it held was handed over then. */
function paintOut(u: uPlot, out_s: number | null): void {
  if (out_s === null) return;
  const x = u.valToPos(out_s, 'x', true);
  const { ctx, bbox } = u;
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  const ratio = uPlot.pxRatio;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = ink('--dim');
  ctx.lineWidth = ratio;
  ctx.setLineDash([2 * ratio, 4 * ratio]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.font = FONT.replace('11px', `${11 * ratio}px`);
  ctx.textAlign = x > bbox.left + bbox.width / 2 ? 'right' : 'left';
  ctx.fillText('out', x + (ctx.textAlign === 'right' ? -4 : 4) * ratio, bbox.top + 10 * ratio);
  ctx.restore();
}

/** A line where the time line stands; null: at the end. */
export function paintPlayhead(u: uPlot, at_s: number | null): void {
  if (at_s === null) return;
  const x = u.valToPos(at_s, 'x', true);
  const { ctx, bbox } = u;
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = ink('--past');
  ctx.lineWidth = 1.5 * uPlot.pxRatio;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}
