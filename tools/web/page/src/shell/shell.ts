/**
 * Holds one battle's page together: source, top bar, banners, the page itself, time line, panel and
 * dialogs. Everything is drawn in one animation frame, after the source said that something changed.
 */
import { mountAgent } from '../pages/agent';
import { mountBattle } from '../pages/battle';
import { mountBox } from '../pages/box';
import { mountMarket } from '../pages/market';
import type { Context, Mount, Page } from '../pages/page';
import { Film } from '../source/film';
import type { Source } from '../source/source';
import { Banners, isStale } from './banners';
import { HelpDialog, KeyDialog } from './dialogs';
import { h } from './dom';
import { Frames, Pace } from './frames';
import { shownName } from '../format/names';
import { bindKeys } from './keys';
import { address, inputAddress } from './router';
import type { PageName, Route } from './router';
import { onTheme } from './theme';
import { Timeline } from './timeline';
import { TopBar } from './top_bar';
import { WhyPanel } from './why_panel';

const PAGES: Record<Exclude<PageName, 'library'>, Mount> = {
  battle: mountBattle, market: mountMarket, agent: mountAgent, box: mountBox,
};
const TITLES: Record<PageName, string> = { library: 'battles', battle: 'battle', market: 'market', agent: 'agent', box: 'box' };
/** Banners say seconds: looked at also when nothing comes. */
const LOOK_MS = 500;
const ADDRESS_MS = 400;

export class Shell {
  readonly source: Source;
  private readonly root: HTMLElement;
  private readonly frames: Frames;
  private readonly film: Film;
  private readonly topBar: TopBar;
  private readonly banners: Banners;
  private readonly timeline: Timeline;
  private readonly panel: WhyPanel;
  private readonly keyDialog: KeyDialog;
  private readonly help = new HelpDialog();
  private readonly main: HTMLElement;
  private readonly leave: (() => void)[] = [];
  private readonly addressPace = new Pace(ADDRESS_MS);
  private page: Page | null = null;
  private pageName: PageName | null = null;
  private current: Route;

  constructor(root: HTMLElement, source: Source, route: Route) {
    this.root = root;
    this.source = source;
    this.current = route;
    this.frames = new Frames(() => this.draw());
    this.film = new Film(source, this.frames.wake);
    this.topBar = new TopBar(source.kind === 'live', () => this.help.toggle());
    this.timeline = new Timeline({ source, film: this.film, inputLink: this.inputLink, wake: this.frames.wake });
    this.banners = new Banners(() => this.timeline.now());
    this.panel = new WhyPanel(source, {
      events: (input) => (this.film.course?.events ?? []).filter((event) => event.input === input),
      jump: (input) => this.jump(input),
      open: (why) => this.go({ ...this.current, why }),
      close: () => this.go({ ...this.current, why: null }),
    });
    this.keyDialog = new KeyDialog(() => source.again());
    this.main = h('main', { id: 'main', tabindex: -1 });
    root.replaceChildren(
      h('a', { class: 'skip', href: '#main', on: { click: (event) => { event.preventDefault(); this.main.focus(); } } }, 'To the page'),
      this.topBar.element, this.banners.element, this.main, this.timeline.element, this.panel.element,
      this.keyDialog.element, this.help.element);
    this.listen();
    this.route(route);
    if (route.at !== null) this.jump(route.at);
  }

  get battle(): string {
    return this.source.battle;
  }

  get shownRoute(): Route {
    return this.current;
  }

  route(route: Route): void {
    if (route.at !== null && route.at !== this.current.at) this.jump(route.at);
    this.current = route;
    this.topBar.route(route);
    if (route.page !== this.pageName) this.mount(route);
    else this.page?.route?.(route);
    this.panel.set(route.why);
    this.frames.wake();
  }

  close(): void {
    for (const one of this.leave) one();
    this.frames.close();
    this.page?.close();
    this.timeline.close();
    this.film.close();
    this.source.close();
  }

  private listen(): void {
    const timer = setInterval(this.frames.wake, LOOK_MS);
    const resize = (): void => {
      this.timeline.resize();
      this.frames.wake();
    };
    addEventListener('resize', resize);
    this.leave.push(
      () => clearInterval(timer),
      () => removeEventListener('resize', resize),
      this.source.subscribe(this.frames.wake),
      onTheme(this.frames.wake),
      bindKeys({
        pageKey: (event) => this.page?.key?.(event) ?? false,
        open: (page) => this.go({ ...this.current, page, of: page === this.current.page ? this.current.of : null, why: null }),
        help: () => this.help.toggle(),
        theme: () => this.topBar.turn(),
        step: (parts) => this.timeline.step(parts),
        start: () => this.timeline.start(),
        now: () => this.timeline.now(),
        toggle: () => this.timeline.toggle(),
        escape: () => this.escape(),
      }));
  }

  private escape(): void {
    if (this.help.open) this.help.toggle();
    else if (this.panel.open) this.go({ ...this.current, why: null });
    else if (this.source.view().at === 'past') this.timeline.now();
  }

  private readonly inputLink = (input: number, text: string): HTMLAnchorElement =>
    h('a', { class: 'input', href: inputAddress(this.battle, input) }, text);

  private go(route: Route): void {
    location.hash = address(route);
  }

  private jump(input: number): void {
    this.source.jump({ input }).catch(() => this.frames.wake());
  }

  private mount(route: Route): void {
    this.page?.close();
    this.main.replaceChildren();
    this.pageName = route.page;
    this.main.dataset.page = route.page;
    if (route.page === 'library') return;
    const now = (): Route => this.current;
    const context: Context = {
      source: this.source, film: this.film,
      get route() { return now(); },
      go: (to) => this.go(to), inputLink: this.inputLink, wake: this.frames.wake,
    };
    this.page = PAGES[route.page](this.main, context);
  }

  /** The moment that is shown stands in the address: it can be sent to somebody, of a replay too. */
  private address(at: number | null): void {
    const waits = this.timeline.moves && !this.timeline.replay.playing;
    if (at === this.current.at || waits || !this.addressPace.due()) return;
    this.current = { ...this.current, at };
    history.replaceState(null, '', address(this.current));
    this.topBar.route(this.current);
  }

  private title(): void {
    const told = this.source.view().shown?.battle.name;
    const name = this.current.battle === 'current' && told ? told : this.current.battle;
    const title = `${shownName(name)} \u00b7 ${TITLES[this.current.page]} \u00b7 royale`;
    if (document.title !== title) document.title = title;
  }

  private draw(): void {
    const view = this.source.view(), now_ms = performance.now();
    if (view.connection === 'key') this.keyDialog.show(view.trouble);
    else if (view.connection === 'open') this.keyDialog.hide();
    if (view.newest) this.film.look(view.newest);
    this.title();
    this.address(view.at === 'past' && view.shown ? view.shown.battle.input : null);
    this.root.dataset.stale = String(isStale(view, now_ms));
    this.topBar.draw(view, isStale(view, now_ms));
    this.banners.draw(view, now_ms);
    this.timeline.draw(view);
    this.page?.draw(view);
  }
}
