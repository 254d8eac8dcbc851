import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mountLibrary } from '../src/pages/library';
import { keepKey } from '../src/source/key';
import { theme } from '../src/shell/theme';

let root: HTMLElement;

beforeEach(() => {
  root = document.createElement('div');
  document.body.replaceChildren(root);
  keepKey(null);
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify({ battles: [] }))));
});

afterEach(() => vi.unstubAllGlobals());

it('has colours, help and the battle in focus, and gives the keys back', () => {
  const press = (key: string): boolean => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  const library = mountLibrary(root);
  expect(root.querySelector('nav a')?.getAttribute('href')).toBe('#/battle/current');
  const before = theme();
  press('t');
  expect(theme()).not.toBe(before);
  press('?');
  const help = root.querySelector<HTMLDialogElement>('dialog.help');
  expect(help?.hasAttribute('open')).toBe(true);
  press('Escape');
  expect(help?.hasAttribute('open')).toBe(false);
  expect([press(' '), press('End'), press('1')]).toEqual([true, true, true]);
  library.close();
  expect(press('t')).toBe(true);
});
