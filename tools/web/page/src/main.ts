import './style/page.css';
import { mountLibrary } from './pages/library';
import type { Library } from './pages/library';
import { address, parse, LIBRARY } from './shell/router';
import type { Route } from './shell/router';
import { Shell } from './shell/shell';
import { applyTheme } from './shell/theme';
import { openFile } from './source/file';
import { LiveSource } from './source/live';

/** What the server has in focus, for who comes without an address. */
const CURRENT: Route = { ...LIBRARY, page: 'battle', battle: 'current' };

function start(root: HTMLElement): void {
  const file = openFile();
  let shell: Shell | null = null;
  let library: Library | null = null;
  let route: Route = LIBRARY;

  const turn = (): void => {
    const asked = parse(location.hash, shell?.shownRoute ?? route);
    route = file ? { ...asked, page: asked.page === 'library' ? 'battle' : asked.page, battle: file.battle } : asked;
    if (route.page === 'library') {
      shell?.close();
      shell = null;
      library ??= mountLibrary(root);
      return;
    }
    library?.close();
    library = null;
    if (shell && shell.battle === route.battle) {
      shell.route(route);
    } else {
      shell?.close();
      shell = new Shell(root, file ?? new LiveSource(route.battle), route);
    }
  };

  applyTheme();
  if (location.hash === '' && !file) history.replaceState(null, '', address(CURRENT));
  addEventListener('hashchange', turn);
  turn();
}

const root = document.getElementById('page');
if (root) start(root);
