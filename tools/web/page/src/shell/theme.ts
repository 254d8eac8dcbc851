/** Light, dark, or as the system is; and the colours for canvases, read once a change. */

export type Theme = 'system' | 'light' | 'dark';

const NAME = 'royale.theme';
const ORDER: readonly Theme[] = ['system', 'dark', 'light'];
const listeners = new Set<() => void>();

export function theme(): Theme {
  try {
    const kept = localStorage.getItem(NAME);
    return ORDER.find((one) => one === kept) ?? 'system';
  } catch {
    return 'system';
  }
}

export function setTheme(next: Theme): void {
  try {
    localStorage.setItem(NAME, next);
  } catch {
    /* Not kept, but shown. */
  }
  applyTheme(next);
}

export function nextTheme(): Theme {
  return ORDER[(ORDER.indexOf(theme()) + 1) % ORDER.length] ?? 'system';
}

export function applyTheme(chosen: Theme = theme()): void {
  if (chosen === 'system') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.dataset.theme = chosen;
  inks.clear();
  for (const listener of listeners) listener();
}

/** Called when colours change; returns how to leave. */
export function onTheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

if (typeof matchMedia === 'function')
  matchMedia('(prefers-color-scheme: light)').addEventListener('change', () => applyTheme());

const inks = new Map<string, string>();

/** The value of a custom property: ink('--line'). */
export function ink(property: string): string {
  let value = inks.get(property);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(property).trim() || '#888';
    inks.set(property, value);
  }
  return value;
}
