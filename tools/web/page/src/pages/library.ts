/** The battles of a server: which runs, what became of the others. */
import { count } from '../format/count';
import { shownName } from '../format/names';
import { HelpDialog, KeyDialog } from '../shell/dialogs';
import { h } from '../shell/dom';
import { bindKeys } from '../shell/keys';
import { address, LIBRARY } from '../shell/router';
import { Tools } from '../shell/top_bar';
import { refused } from '../shell/why_panel';
import { askLibrary } from '../source/live';
import { SourceError } from '../source/source';
import type { LibraryBattle } from '../source/types';

export interface Library {
  close(): void;
}

const LOOK_MS = 5000;

function row(battle: LibraryBattle): HTMLElement {
  const href = address({ ...LIBRARY, page: 'battle', battle: battle.name });
  const cell = (text: string, kind = ''): HTMLElement => h('td', { class: kind }, text);
  return h('tr', {},
    h('th', { scope: 'row' }, h('a', { href }, shownName(battle.name))),
    h('td', {}, h('span', { class: 'chip', 'data-tone': battle.state === 'runs' ? 'good' : 'quiet' }, battle.state)),
    cell(battle.begun ? battle.begun.slice(0, 19).replace('T', ' ') : '-'),
    cell(battle.agents != null ? String(battle.agents) : '-', 'number'),
    cell(battle.inputs != null ? count(battle.inputs) : '-', 'number'),
    cell(battle.winner ? shownName(battle.winner) : '-'));
}

/** Those that run come first, then the youngest. */
export function inOrder(battles: readonly LibraryBattle[]): LibraryBattle[] {
  const runs = (battle: LibraryBattle): number => (battle.state === 'runs' ? 0 : 1);
  return [...battles].sort((a, b) => runs(a) - runs(b) || (b.begun ?? '').localeCompare(a.begun ?? '') || a.name.localeCompare(b.name));
}

export function mountLibrary(root: HTMLElement): Library {
  const body = h('div', { class: 'library-body', 'aria-live': 'polite' }, h('p', { class: 'empty' }, 'Asking the server\u2026'));
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const dialog = new KeyDialog(() => void look());
  const help = new HelpDialog();
  const tools = new Tools(() => help.toggle());
  const unbind = bindKeys({
    help: () => help.toggle(),
    theme: () => tools.turn(),
    escape: () => { if (help.open) help.toggle(); },
  });
  root.replaceChildren(
    h('header', { class: 'top' }, h('div', { class: 'who' }, h('span', { class: 'brand' }, 'royale')),
      h('nav', { 'aria-label': 'pages' }, h('a', { href: address({ ...LIBRARY, page: 'battle', battle: 'current' }) }, 'The battle in focus')), tools.element),
    h('main', { id: 'main', class: 'library' }, h('h1', {}, 'Battles'), body), dialog.element, help.element);
  document.title = 'royale';

  const show = (battles: LibraryBattle[]): void => {
    if (battles.length === 0) {
      body.replaceChildren(h('p', { class: 'empty' }, 'No battle lies here yet. ', h('code', {}, 'royale run FILE.yaml'), ' begins one.'));
      return;
    }
    const heads = ['battle', 'state', 'begun (UTC)', 'agents', 'inputs', 'winner'];
    body.replaceChildren(h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'battles' }, h('table', { class: 'list' },
      h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col', class: head === 'agents' || head === 'inputs' ? 'number' : '' }, head)))),
      h('tbody', {}, ...inOrder(battles).map(row)))));
  };

  const look = async (): Promise<void> => {
    clearTimeout(timer);
    try {
      const { battles } = await askLibrary();
      if (closed) return;
      dialog.hide();
      show(battles);
    } catch (error) {
      if (closed) return;
      if (error instanceof SourceError && error.wantsKey) dialog.show(error.message);
      else body.replaceChildren(...refused(error));
    }
    timer = setTimeout(() => void look(), LOOK_MS);
  };
  void look();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      unbind();
      root.replaceChildren();
    },
  };
}
