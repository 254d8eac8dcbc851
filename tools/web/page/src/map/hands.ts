/** Mouse, pen and fingers on the map: wheel zooms, dragging pans, two fingers do both, a click picks. */

export interface Hands {
  /** Shows `time` times as much time and `price` times as many prices; (x, y) stays. */
  zoom(x: number, y: number, time: number, price: number): void;
  pan(dx: number, dy: number): void;
  /** null: nothing is pointed at. */
  point(at: { x: number; y: number } | null): void;
  pick(x: number, y: number): void;
  /** Shows the battle as it stood at that place. */
  jump(x: number, y: number): void;
}

/** A finger that moves less has clicked. */
const CLICK_PX = 5;
const WHEEL_A_STEP = 0.0016;

export function listen(element: HTMLElement, hands: Hands): () => void {
  const down = new Map<number, { x: number; y: number }>();
  let moved = 0;
  const place = (event: MouseEvent): { x: number; y: number } => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const spread = (): { x: number; y: number; apart: number } => {
    const [a, b] = [...down.values()];
    if (a === undefined || b === undefined) return { x: 0, y: 0, apart: 1 };
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.max(8, Math.hypot(a.x - b.x, a.y - b.y)) };
  };
  const gone = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(name: K, does: (event: HTMLElementEventMap[K]) => void): void =>
    element.addEventListener(name, does, { signal: gone.signal, passive: false });

  on('wheel', (event) => {
    event.preventDefault();
    const at = place(event);
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      hands.pan(-event.deltaX * unit, 0);
      return;
    }
    const factor = Math.exp(event.deltaY * unit * WHEEL_A_STEP);
    /* With shift prices, with alt both; alone time. */
    hands.zoom(at.x, at.y, event.shiftKey ? 1 : factor, event.shiftKey || event.altKey || event.ctrlKey ? factor : 1);
  });
  on('pointerdown', (event) => {
    if (event.button !== 0) return;
    if (down.size === 0) moved = 0;
    down.set(event.pointerId, place(event));
    element.setPointerCapture?.(event.pointerId);
  });
  on('pointermove', (event) => {
    const at = place(event);
    const before = down.get(event.pointerId);
    if (before === undefined) {
      hands.point(at);
      return;
    }
    const was = spread();
    down.set(event.pointerId, at);
    moved += Math.abs(at.x - before.x) + Math.abs(at.y - before.y);
    if (down.size === 2) {
      const is = spread();
      hands.zoom(is.x, is.y, was.apart / is.apart, was.apart / is.apart);
      hands.pan(is.x - was.x, is.y - was.y);
    } else if (moved > CLICK_PX) {
      hands.pan(at.x - before.x, at.y - before.y);
    }
    hands.point(at);
  });
  const up = (event: PointerEvent): void => {
    if (!down.delete(event.pointerId)) return;
    const at = place(event);
    if (event.type === 'pointerup' && down.size === 0 && moved <= CLICK_PX) hands.pick(at.x, at.y);
  };
  on('pointerup', up);
  on('pointercancel', up);
  on('pointerleave', () => hands.point(null));
  on('dblclick', (event) => {
    const at = place(event);
    hands.jump(at.x, at.y);
  });
  return () => gone.abort();
}
