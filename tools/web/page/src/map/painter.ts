/**
 * What paints the depth: one picture of a level's texels, whatever the length of the day. webgl.ts does it where
 * there is WebGL2, flat.ts elsewhere; both show the same.
 */
import type { ByteRange, Level, Mips } from './mips';
import type { DepthColumns } from './depth';
import type { Palette } from './palette';
import type { View } from './view';

/** A depth on the map, whose first column begins `t0` behind the map's origin. */
export interface Film {
  readonly depth: DepthColumns;
  readonly mips: Mips;
  readonly t0: number;
}

export interface Painter {
  readonly kind: 'WebGL2' | 'canvas';
  /** Pixels of the device. */
  resize(width: number, height: number): void;
  /** Later films are painted over earlier ones. */
  draw(films: readonly Film[], view: View, palette: Palette): void;
  close(): void;
}

/** Which texels of a film lie where in a view: texel = at + pixel * step; y from the lower edge. */
export interface Placement {
  readonly level: Level;
  readonly range: ByteRange;
  readonly x: number;
  readonly xStep: number;
  readonly y: number;
  readonly yStep: number;
  /** Texels that hold something: [0, width). */
  readonly width: number;
}

/** The level whose texels are no smaller than a pixel, so that no wall falls between two. */
function levelFor(perPixel: number, highest: number): number {
  return Math.min(highest, Math.max(0, Math.ceil(Math.log2(perPixel) - 1e-9)));
}

export function place(film: Film, view: View, width: number, height: number): Placement | null {
  const { depth, mips } = film;
  if (depth.columns === 0) return null;
  const ticks = depth.tick * mips.grid.ticksPerRow;
  const columns = (view.t1 - view.t0) / depth.stepNs;
  const rows = (view.p1 - view.p0) / ticks;
  const i = levelFor(columns / width, mips.levelsAcross);
  const j = levelFor(rows / height, mips.levelsUp);
  /* A price is the middle of its row. */
  const low = (view.p0 - (mips.grid.firstTick - 0.5) * depth.tick) / ticks;
  return {
    level: mips.level(i, j),
    range: mips.range(j),
    x: (view.t0 - film.t0) / depth.stepNs / 2 ** i,
    xStep: columns / width / 2 ** i,
    y: low / 2 ** j,
    yStep: rows / height / 2 ** j,
    width: depth.columns / 2 ** i,
  };
}

/** The colour's byte of a texel's byte. */
export function colourByte(byte: number, range: ByteRange): number {
  if (byte === 0) return 0;
  const share = (byte - range.low) / Math.max(1, range.high - range.low);
  return 1 + Math.round(254 * Math.min(1, Math.max(0, share)));
}
