/**
 * uPlot as this page uses it: colours of the theme, the zone's clock on the axis, a size that follows
 * the element without a look at the layout while drawing.
 */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { clockOf } from '../format/time';
import { ink, onTheme } from '../shell/theme';

export type Lines = uPlot.AlignedData;

/** Text on canvases: as the page's own. */
export const FONT = '11px ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

export interface ChartOptions {
  zone: () => string;
  series: () => uPlot.Series[];
  /** How values stand on the axis; `places`: so many digits the distance of two of them needs. */
  values: (value: number, places: number) => string;
  /** Right of the lines, for names; a narrow element has less. */
  rightRoom?: number;
  plugins?: uPlot.Plugin[];
  bands?: uPlot.Band[];
  focus?: boolean;
  /** Whether zero is always in sight. */
  zero?: boolean;
  axisWidth?: number;
  label: string;
  timeAxis?: boolean;
}

function axis(): Partial<uPlot.Axis> {
  return {
    stroke: () => ink('--dim'), font: FONT, labelFont: FONT,
    grid: { stroke: () => ink('--grid'), width: 1 }, ticks: { show: false },
  };
}

export class Chart {
  readonly element: HTMLElement;
  plot: uPlot | null = null;
  private readonly options: ChartOptions;
  private data: Lines = [[]];
  private width = 0;
  private height = 0;
  private made = '';
  private readonly watcher: ResizeObserver | null;
  private readonly leave: () => void;

  constructor(element: HTMLElement, options: ChartOptions) {
    this.element = element;
    this.options = options;
    element.classList.add('chart');
    element.setAttribute('role', 'img');
    element.setAttribute('aria-label', options.label);
    this.leave = onTheme(() => this.plot?.redraw(false));
    this.watcher = typeof ResizeObserver === 'function' ? new ResizeObserver((entries) => this.fit(entries.at(-1)?.contentRect)) : null;
    this.watcher?.observe(element);
  }

  /** `shape` names the series: another one makes the plot anew. */
  set(data: Lines, shape: string): void {
    this.data = data;
    if (this.plot && this.made === shape) this.plot.setData(data);
    else this.make(shape);
  }

  close(): void {
    this.watcher?.disconnect();
    this.leave();
    this.plot?.destroy();
    this.plot = null;
  }

  private fit(box: DOMRectReadOnly | undefined): void {
    if (!box) return;
    const width = Math.floor(box.width), height = Math.floor(box.height);
    if (width === this.width && height === this.height) return;
    this.width = width;
    this.height = height;
    if (width < 40 || height < 40) return;
    if (this.plot) this.plot.setSize({ width, height });
    else if (this.made !== '') this.make(this.made);
  }

  private make(shape: string): void {
    this.made = shape;
    this.plot?.destroy();
    this.plot = null;
    if (this.width < 40 || this.height < 40) return;
    this.plot = new uPlot(this.uplot(), this.data, this.element);
  }

  private uplot(): uPlot.Options {
    const { options } = this;
    const zone = options.zone();
    const clock = clockOf(zone);
    const seconds = (splits: number[]): boolean => splits.some((one) => one % 60 !== 0);
    return {
      width: this.width, height: this.height,
      padding: [10, Math.min(options.rightRoom ?? 10, this.width * 0.22), 0, 0],
      legend: { show: false },
      cursor: {
        drag: { x: false, y: false, setScale: false },
        points: { show: false },
        focus: { prox: options.focus ? 24 : -1 },
      },
      focus: { alpha: options.focus ? 0.25 : 1 },
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), clock.zone),
      scales: { x: { time: true }, y: { range: (_, low, high) => span(low, high, options.zero ?? false) } },
      series: [{}, ...options.series()],
      axes: [
        { ...axis(), show: options.timeAxis ?? true, size: 26, gap: 4, space: 70, values: (u, splits) => splits.map((one) => u.data[0].length === 0 ? '' : clock.timeOfMs(one * 1000).slice(0, seconds(splits) ? 8 : 5)) },
        { ...axis(), size: options.axisWidth ?? 58, gap: 6, space: 34, values: (u, splits) => splits.map((one) => u.data[0].length === 0 ? '' : options.values(one, placesOf(splits))) },
      ],
      bands: options.bands ?? [],
      plugins: options.plugins ?? [],
    };
  }
}

function placesOf(splits: readonly number[]): number {
  const step = Math.abs((splits[1] ?? 1) - (splits[0] ?? 0));
  return step >= 1 || step === 0 ? 0 : Math.min(6, Math.ceil(-Math.log10(step) - 1e-9));
}

/** A little room above and below; a flat line lies in the middle. */
function span(low: number | null, high: number | null, zero: boolean): [number, number] {
  let from = low ?? 0, to = high ?? 0;
  if (zero) {
    from = Math.min(from, 0);
    to = Math.max(to, 0);
  }
  const room = to > from ? (to - from) * 0.06 : Math.max(Math.abs(to) * 0.01, 0.01);
  return [from - room, to + room];
}
