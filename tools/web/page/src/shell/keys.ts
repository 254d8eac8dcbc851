/** The keyboard. A field that is being written in has its keys to itself. */
import type { PageName } from './router';

export interface KeyActions {
  /** First refusal is the page's. */
  pageKey(event: KeyboardEvent): boolean;
  open(page: PageName): void;
  help(): void;
  theme(): void;
  step(parts: number): void;
  start(): void;
  now(): void;
  toggle(): void;
  escape(): void;
}

const PAGES: Record<string, PageName> = { 1: 'battle', 2: 'market', 3: 'agent', 4: 'box' };
const MANY = 10;

/** A list that chooses seeks names by letters: these zoom on, so that who chose need not leave it first. */
const ZOOM = '+=-_[]';

function writes({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches('select') && ZOOM.includes(key)) return false;
  return target.matches('input, textarea, select') || target.isContentEditable;
}

/** What a key does on a thing that has the focus stays its own: space presses a button. */
function presses(event: KeyboardEvent): boolean {
  return (event.key === ' ' || event.key === 'Enter') && event.target instanceof HTMLElement && event.target.matches('button, a, summary');
}

/** What a page does not do stays the browser's. */
function did(action: (() => void) | undefined): boolean {
  action?.();
  return action !== undefined;
}

function act(event: KeyboardEvent, actions: Partial<KeyActions>): boolean {
  const page = PAGES[event.key], { open, step } = actions;
  if (page) return did(open && (() => open(page)));
  const steps = event.shiftKey ? MANY : 1;
  switch (event.key) {
    case '?': return did(actions.help);
    case 't': return did(actions.theme);
    case 'ArrowLeft': return did(step && (() => step(-steps)));
    case 'ArrowRight': return did(step && (() => step(steps)));
    case 'Home': return did(actions.start);
    case 'End': return did(actions.now);
    case ' ': return did(actions.toggle);
    case 'Escape': return did(actions.escape);
    default: return false;
  }
}

export function bindKeys(actions: Partial<KeyActions>): () => void {
  const listener = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector('dialog.key[open]') !== null) return;
    if (writes(event) && event.key !== 'Escape') return;
    if (presses(event)) return;
    if (actions.pageKey?.(event) || act(event, actions)) event.preventDefault();
  };
  addEventListener('keydown', listener);
  return () => removeEventListener('keydown', listener);
}
