/** Draws at most once an animation frame, however often it is woken. */
export class Frames {
  private asked = 0;
  private readonly draw: () => void;

  constructor(draw: () => void) {
    this.draw = draw;
  }

  readonly wake = (): void => {
    if (this.asked !== 0) return;
    this.asked = requestAnimationFrame(() => {
      this.asked = 0;
      this.draw();
    });
  };

  close(): void {
    if (this.asked !== 0) cancelAnimationFrame(this.asked);
    this.asked = 0;
  }
}

/** For what need not follow each frame: true at most once in `ms`. */
export class Pace {
  private readonly ms: number;
  private last = -Infinity;

  constructor(ms: number) {
    this.ms = ms;
  }

  due(now = performance.now()): boolean {
    if (now - this.last < this.ms) return false;
    this.last = now;
    return true;
  }

  reset(): void {
    this.last = -Infinity;
  }
}

export function calm(): boolean {
  return typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches;
}
