/** The race: each agent's gain over market time, names at the lines' ends, eliminations on them. */
import uPlot from 'uplot';
import { signedMoney } from '../../format/money';
import { shownName } from '../../format/names';
import { clockOf, msOf } from '../../format/time';
import { Chart, FONT } from '../../parts/chart';
import type { Lines } from '../../parts/chart';
import type { Placed } from '../../parts/board';
import { agentColour, agentDash } from '../../parts/colours';
import { h, say, mark } from '../../shell/dom';
import { Pace } from '../../shell/frames';
import { ink } from '../../shell/theme';
import { columnMs } from '../../source/film';
import type { Film } from '../../source/film';
import type { Context } from '../page';
import type { View } from '../../source/source';
import type { State } from '../../source/types';

const DRAW_MS = 200;
const LABEL_PX = 13;
/** Room for names right of the lines; less on a narrow element. */
const ROOM_PX = 118;
const LABELS_MAX = 14;
/** Of more: the first so many, whoever goes next, whoever is pointed at. */
const NAMED = 6;
const FAINT = 0.3;

const REACH_PX = 9;

interface Label {
  name: string;
  id: number;
  y: number;
  strong: boolean;
}

interface Out {
  name: string;
  input: number;
  x: number;
  y: number;
}

export class Race {
  readonly element: HTMLElement;
  private readonly context: Context;
  private readonly chart: Chart;
  private readonly readout = h('output', { class: 'dim readout' });
  private readonly pace = new Pace(DRAW_MS);
  private names: string[] = [];
  private state: State | null = null;
  private placed: readonly Placed[] = [];
  private hovered: string | null = null;
  private at_s: number | null = null;
  private drawn = '';

  constructor(context: Context, hover: (name: string | null) => void) {
    this.context = context;
    const holder = h('div');
    this.chart = new Chart(holder, {
      zone: () => this.state?.battle.zone ?? 'UTC',
      series: () => this.names.map((name) => this.series(name)),
      values: (value, places) => signedMoney(value.toFixed(6), places),
      focus: true, zero: true, label: 'gain of each agent over market time',
      plugins: [{ hooks: { draw: [(u) => this.paint(u)], ready: [(u) => this.listen(u, hover)], setCursor: [(u) => this.read(u)] } }],
      rightRoom: ROOM_PX,
    });
    this.element = h('section', { class: 'panel race', 'aria-label': 'equity race' },
      h('header', {}, h('h2', {}, 'Equity race'), h('span', { class: 'dim' }, 'gain since the battle began'), this.readout), holder);
  }

  draw(view: View, state: State, placed: readonly Placed[], hovered: string | null): void {
    this.state = state;
    this.placed = placed;
    this.at_s = view.at === 'past' ? msOf(state.battle.time_ns) / 1000 : null;
    const { film } = this.context;
    const key = `${film.version}/${hovered}/${this.at_s}`;
    if (key === this.drawn || (hovered === this.hovered && view.at === 'now' && !this.pace.due())) return;
    this.drawn = key;
    this.hovered = hovered;
    const newest = view.newest ?? state;
    this.names = Object.keys(newest.agents).sort((a, b) => (newest.agents[a]?.id ?? 0) - (newest.agents[b]?.id ?? 0));
    this.emphasize();
    this.chart.set(lines(film, this.names), `${newest.battle.battle_id}/${this.names.length}`);
    const first = placed[0];
    if (first) mark(this.chart.element, 'aria-label', `gain of ${placed.length} agents over market time; ${shownName(first.name)} is first with ${signedMoney(first.agent.gain)}`);
  }

  close(): void {
    this.chart.close();
  }

  /** Among many, those that have a name at their end stand out. */
  private emphasize(): void {
    const plot = this.chart.plot;
    if (!plot || this.names.length <= LABELS_MAX) return;
    this.placed.forEach(({ name, agent }, place) => {
      const series = plot.series[this.names.indexOf(name) + 1];
      if (!series) return;
      const strong = place === 0 || name === this.hovered;
      series.alpha = strong || this.named(place, agent.goes_next, agent.out != null) ? 1 : FAINT;
      series.width = (strong ? 2.5 : 1.25) * uPlot.pxRatio;
    });
  }

  private named(place: number, goes: boolean, out: boolean): boolean {
    return !out && (place < NAMED || goes);
  }

  private series(name: string): uPlot.Series {
    const id = this.state?.agents[name]?.id ?? 0;
    return {
      label: name, stroke: () => agentColour(id), dash: agentDash(id), points: { show: false },
      width: this.names.length > 12 ? 1.25 : 1.75, spanGaps: false,
    };
  }

  private listen(u: uPlot, hover: (name: string | null) => void): void {
    u.over.addEventListener('pointerleave', () => {
      hover(null);
      say(this.readout, '');
    });
    u.over.addEventListener('click', () => {
      const left = u.cursor.left ?? -1;
      if (left < 0) return;
      const out = this.near(u);
      if (out) {
        this.context.go({ ...this.context.route, why: { input: out.input } });
        return;
      }
      const ns = BigInt(Math.round(u.posToVal(left, 'x') * 1000)) * 1_000_000n;
      this.context.source.jump({ time_ns: String(ns) }).catch(() => this.context.wake());
    });
  }

  /** The elimination under the pointer. */
  private near(u: uPlot): Out | undefined {
    const x = (u.cursor.left ?? 0) * uPlot.pxRatio + u.bbox.left, y = (u.cursor.top ?? 0) * uPlot.pxRatio + u.bbox.top;
    return this.outs(u).find((out) => Math.hypot(out.x - x, out.y - y) < REACH_PX * uPlot.pxRatio);
  }

  private read(u: uPlot): void {
    const i = u.cursor.idx;
    if (i == null || (u.cursor.left ?? -1) < 0 || !this.state) return;
    const at = u.data[0][i];
    const focused = u.series.findIndex((one, n) => n > 0 && (one as { _focus?: boolean | null })._focus === true);
    const name = focused > 0 ? this.names[focused - 1] : undefined;
    const value = focused > 0 ? u.data[focused]?.[i] : null;
    const time = at === undefined ? '' : clockOf(this.state.battle.zone).timeOfMs(at * 1000);
    say(this.readout, name !== undefined && value != null ? `${time}  ${shownName(name)} ${signedMoney(value.toFixed(6))}` : time);
  }

  /** Above the lines: zero, rounds, who went out, where the time line stands, the names. */
  private paint(u: uPlot): void {
    const { ctx, bbox } = u;
    const ratio = uPlot.pxRatio;
    ctx.save();
    ctx.font = FONT.replace('11px', `${11 * ratio}px`);
    this.paintRounds(u, ratio);
    const zero = u.valToPos(0, 'y', true);
    line(ctx, bbox.left, zero, bbox.left + bbox.width, zero, ink('--line-strong'), ratio, []);
    if (this.at_s !== null) {
      const x = u.valToPos(this.at_s, 'x', true);
      ctx.fillStyle = ink('--veil');
      ctx.fillRect(Math.max(x, bbox.left), bbox.top, Math.max(0, bbox.left + bbox.width - Math.max(x, bbox.left)), bbox.height);
      if (x >= bbox.left && x <= bbox.left + bbox.width) line(ctx, x, bbox.top, x, bbox.top + bbox.height, ink('--past'), 1.5 * ratio, []);
    }
    this.paintOuts(u, ratio);
    this.paintNames(u, ratio);
    ctx.restore();
  }

  private paintRounds(u: uPlot, ratio: number): void {
    const { ctx, bbox } = u;
    let last = -Infinity;
    let round = 0;
    for (const event of this.context.film.course?.events ?? []) {
      if (event.what !== 'round') continue;
      round++;
      const x = Math.max(u.valToPos(msOf(event.time_ns) / 1000, 'x', true), bbox.left);
      if (x > bbox.left + bbox.width) continue;
      line(ctx, x, bbox.top, x, bbox.top + bbox.height, ink('--line'), ratio, [2 * ratio, 4 * ratio]);
      if (x - last < 26 * ratio) continue;
      last = x;
      ctx.fillStyle = ink('--dim');
      ctx.textAlign = 'left';
      ctx.fillText(`R${round}`, x + 4 * ratio, bbox.top + 10 * ratio);
    }
  }

  private paintNames(u: uPlot, ratio: number): void {
    const { ctx, bbox } = u;
    const labels = this.labels(u);
    spread(labels, LABEL_PX * ratio, bbox.top + 6 * ratio, bbox.top + bbox.height - 2 * ratio);
    ctx.textBaseline = 'middle';
    ctx.textAlign = 'left';
    const right = bbox.left + bbox.width;
    const room = Math.max(0, u.ctx.canvas.width - right - 10 * ratio);
    for (const label of labels) {
      ctx.fillStyle = agentColour(label.id);
      ctx.font = FONT.replace('11px', `${label.strong ? '600 ' : ''}${11 * ratio}px`);
      ctx.fillText(clipped(ctx, shownName(label.name), room), right + 8 * ratio, label.y);
    }
  }

  /** Agents that are in: those that matter most, where there are many. */
  private labels(u: uPlot): Label[] {
    const many = this.placed.length > LABELS_MAX;
    const labels: Label[] = [];
    this.placed.forEach(({ name, agent }, place) => {
      const values = u.data[this.names.indexOf(name) + 1];
      /* Who went out at the very end has its name here too, apart from the others. */
      const last = values ? lastOf(values) : -1;
      const value = values && last >= values.length - 2 ? values[last] : null;
      const strong = place === 0 || name === this.hovered;
      if (value == null || (many && !strong && !this.named(place, agent.goes_next, false))) return;
      labels.push({ name, id: agent.id, y: u.valToPos(value, 'y', true), strong });
    });
    return labels;
  }

  /** A cross where a line ends, and whose it was. */
  private paintOuts(u: uPlot, ratio: number): void {
    const { ctx } = u;
    const many = this.placed.length > LABELS_MAX;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'middle';
    for (const out of this.outs(u)) {
      const colour = agentColour(this.state?.agents[out.name]?.id ?? 0);
      cross(ctx, out.x, out.y, 4 * ratio, colour);
      if ((many && out.name !== this.hovered) || out.x > u.bbox.left + u.bbox.width - 8 * ratio) continue;
      ctx.strokeStyle = ink('--panel');
      ctx.lineWidth = 3 * ratio;
      ctx.strokeText(shownName(out.name), out.x + 8 * ratio, out.y);
      ctx.fillStyle = colour;
      ctx.fillText(shownName(out.name), out.x + 8 * ratio, out.y);
    }
  }

  private outs(u: uPlot): Out[] {
    const outs: Out[] = [];
    for (const event of this.context.film.course?.events ?? []) {
      if (event.what !== 'out' || event.agent === null) continue;
      const values = u.data[this.names.indexOf(event.agent) + 1];
      const value = values ? values[lastOf(values)] : null;
      if (value == null) continue;
      outs.push({ name: event.agent, input: event.input, x: u.valToPos(msOf(event.time_ns) / 1000, 'x', true), y: u.valToPos(value, 'y', true) });
    }
    return outs;
  }
}

function lastOf(values: ArrayLike<number | null | undefined>): number {
  let i = values.length - 1;
  while (i >= 0 && values[i] == null) i--;
  return i;
}

/** Moves labels apart, so that each has its line; those in the middle move least. */
export function spread(labels: { y: number }[], height: number, top: number, bottom: number): void {
  labels.sort((a, b) => a.y - b.y);
  let floor = top;
  for (const label of labels) {
    label.y = Math.max(label.y, floor);
    floor = label.y + height;
  }
  let ceiling = bottom;
  for (let i = labels.length - 1; i >= 0; i--) {
    const label = labels[i];
    if (!label) continue;
    label.y = Math.min(label.y, ceiling);
    ceiling = label.y - height;
  }
}

/** What the film has of each agent, and behind it what came since. The line of one that is out ends. */
function lines(film: Film, names: readonly string[]): Lines {
  const { course, tail } = film;
  const columns = course ? course.input.flatMap((input, i) => (input == null ? [] : [i])) : [];
  const xs = course ? columns.map((i) => columnMs(course, i) / 1000) : [];
  const from = xs.at(-1) ?? -Infinity;
  const behind = tail.filter((point) => point.ms / 1000 > from);
  xs.push(...behind.map((point) => point.ms / 1000));
  const ends = new Map<string, number>();
  for (const event of course?.events ?? []) if (event.what === 'out' && event.agent !== null) ends.set(event.agent, msOf(event.time_ns) / 1000);
  const all: [number[], ...(number | null)[][]] = [xs];
  for (const name of names) {
    const gain = course?.agents[name]?.gain_u;
    const values = columns.map((i) => { const value = gain?.[i]; return value == null ? null : value / 1e6; });
    values.push(...behind.map((point) => point.gain.get(name) ?? null));
    const end = ends.get(name);
    all.push(end === undefined ? values : values.map((value, i) => ((xs[i] ?? 0) > end ? null : value)));
  }
  return all;
}

function line(ctx: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number, colour: string, width: number, dash: number[]): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
  ctx.setLineDash([]);
}

function cross(ctx: CanvasRenderingContext2D, x: number, y: number, size: number, colour: string): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = size / 2;
  ctx.beginPath();
  ctx.moveTo(x - size, y - size);
  ctx.lineTo(x + size, y + size);
  ctx.moveTo(x + size, y - size);
  ctx.lineTo(x - size, y + size);
  ctx.stroke();
}

function clipped(ctx: CanvasRenderingContext2D, text: string, room: number): string {
  if (ctx.measureText(text).width <= room) return text;
  let cut = text;
  while (cut.length > 1 && ctx.measureText(`${cut}\u2026`).width > room) cut = cut.slice(0, -1);
  return `${cut}\u2026`;
}
