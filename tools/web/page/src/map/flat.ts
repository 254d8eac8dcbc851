/** The depth without WebGL2: each level is a picture once, a draw stretches the part that is seen. */
import type { ByteRange, Level } from './mips';
import type { Film, Painter } from './painter';
import { colourByte, place } from './painter';
import type { Palette } from './palette';
import type { View } from './view';

interface Picture {
  readonly canvas: HTMLCanvasElement;
  readonly palette: Palette;
  readonly range: ByteRange;
}

/** Texels across [from, to) of a level in colour; row 0, the lowest price, is the last of the picture. */
export function coloured(level: Level, range: ByteRange, ramps: Uint8Array, from: number, to: number): Uint8ClampedArray<ArrayBuffer> {
  const width = to - from;
  const out = new Uint8ClampedArray(4 * width * level.height);
  const byteOf = Uint8Array.from({ length: 256 }, (_, byte) => colourByte(byte, range));
  for (let y = 0; y < level.height; y++)
    for (let x = 0; x < width; x++) {
      const at = 2 * (y * level.width + from + x);
      const bids = level.bytes[at]!;
      const asks = level.bytes[at + 1]!;
      if (bids === 0 && asks === 0) continue;
      const ramp = 4 * ((asks > bids ? 256 : 0) + byteOf[Math.max(bids, asks)]!);
      const to4 = 4 * ((level.height - 1 - y) * width + x);
      for (let k = 0; k < 4; k++) out[to4 + k] = ramps[ramp + k]!;
    }
  return out;
}

class FlatPainter implements Painter {
  readonly kind = 'canvas';
  private readonly pictures = new Map<Level, Picture>();

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly context: CanvasRenderingContext2D,
  ) {}

  resize(width: number, height: number): void {
    this.canvas.width = width;
    this.canvas.height = height;
  }

  private picture(level: Level, range: ByteRange, palette: Palette): HTMLCanvasElement {
    let there = this.pictures.get(level);
    if (there === undefined || there.palette !== palette || there.range.low !== range.low || there.range.high !== range.high) {
      const canvas = there?.canvas ?? document.createElement('canvas');
      canvas.width = level.width;
      canvas.height = level.height;
      there = { canvas, palette, range };
      this.pictures.set(level, there);
      level.changed = { from: 0, to: level.width };
    }
    const { from, to } = level.changed;
    if (from < to) {
      const pixels = new ImageData(coloured(level, range, palette.ramps, from, to), to - from, level.height);
      there.canvas.getContext('2d')?.putImageData(pixels, from, 0);
      level.changed = { from: 0, to: 0 };
    }
    return there.canvas;
  }

  draw(films: readonly Film[], view: View, palette: Palette): void {
    const { canvas, context } = this;
    for (const level of this.pictures.keys())
      if (!films.some((film) => film.mips.has(level))) this.pictures.delete(level);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingEnabled = false;
    for (const film of films) {
      const at = place(film, view, canvas.width, canvas.height);
      if (at === null) continue;
      /* What an earlier, coarser film has there is hidden. */
      context.clearRect(-at.x / at.xStep, 0, at.width / at.xStep, canvas.height);
      const picture = this.picture(at.level, at.range, palette);
      const across = at.xStep * canvas.width;
      const up = at.yStep * canvas.height;
      context.drawImage(picture, at.x, at.level.height - at.y - up, across, up, 0, 0, canvas.width, canvas.height);
    }
  }

  close(): void {
    this.pictures.clear();
  }
}

export function flatPainter(canvas: HTMLCanvasElement): Painter | null {
  const context = canvas.getContext('2d');
  return context === null ? null : new FlatPainter(canvas, context);
}
