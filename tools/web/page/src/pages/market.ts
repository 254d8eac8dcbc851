/** The market: one instrument's depth over time, its book at the moment shown, trades, an agent's orders and fills. */
import '../style/market.css';
import { count, whole } from '../format/count';
import { priceOf, shortPrice, units } from '../format/money';
import { shownName } from '../format/names';
import { Loader } from '../map/loader';
import { MarketMap } from '../map/map';
import type { Pick } from '../map/map';
import { TAKER } from '../map/words';
import type { Route } from '../shell/router';
import { address } from '../shell/router';
import type { View as Seen } from '../source/source';
import type { Instrument, Level } from '../source/types';
import { member } from '../state';
import type { Context, Mount, Page } from './page';

const LEVELS_SHOWN = 8;
const LINKS_SHOWN = 8;
const ZOOMS: readonly string[] = ['+', '=', '-', '_', '[', ']', '0'];
/** Lists beside the map are made anew no more often. */
const LISTS_MS = 400;

function make<K extends keyof HTMLElementTagNameMap>(tag: K, name: string, text = ''): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (name !== '') element.className = name;
  if (text !== '') element.textContent = text;
  return element;
}

function say(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function spreadOf({ bid, ask, price_scale, tick, currency }: Instrument): string {
  const low = bid == null ? null : units(bid, price_scale);
  const high = ask == null ? null : units(ask, price_scale);
  return low === null || high === null ? '-' : `${shortPrice(priceOf(high - low, price_scale), tick)} ${currency}`;
}

/** `?canvas=1`, before or behind the #: the map does without WebGL2. */
function canvasAlone(): boolean {
  return /[?&]canvas=1\b/.test(location.search) || /[?&]canvas=1\b/.test(location.hash);
}

class MarketPage implements Page {
  private readonly root = make('section', 'market');
  private readonly tabs = make('nav', 'market-tabs');
  private readonly agents = make('select', 'market-agent');
  private readonly figures = make('p', 'market-figures');
  private readonly says = make('p', 'map-says');
  private readonly trouble = make('p', 'map-trouble');
  private readonly book = make('table', 'market-book');
  private readonly trades = make('ol', 'market-links');
  private readonly fills = make('ol', 'market-links');
  private readonly fillsTitle = make('h2', '', 'Fills');
  private readonly plot = make('div', 'market-map');
  private readonly tradesButton = make('button', 'market-button', 'trades');
  private readonly candlesButton = make('button', 'market-button', 'candles');
  private readonly legend = make('p', 'map-legend');
  private readonly thinned = make('span', 'dim');
  private readonly map: MarketMap;
  private readonly gone = new AbortController();
  private loader: Loader | null = null;
  private current: Route;
  private tabsFor = '';
  private agentsFor = '';
  private listsMs = 0;

  constructor(
    element: HTMLElement,
    private readonly context: Context,
  ) {
    this.current = context.route;
    this.build(element);
    this.map = new MarketMap(this.plot, {
      canvas: canvasAlone(),
      pick: (pick) => this.context.go({ ...this.current, why: pick.why }),
      jump: (t) => this.jump(t),
      moved: (view) => {
        this.loader?.moved(view);
        this.listsMs = 0;
        this.context.wake();
      },
      says: (text) => say(this.says, text ?? 'Point at the map: the exact quantity at a price and a moment.'),
    });
    const signal = this.gone.signal;
    const recolour = (): void => this.map.recolour();
    window.matchMedia?.('(prefers-color-scheme: light)').addEventListener('change', recolour, { signal });
    const observer = new MutationObserver(recolour);
    observer.observe(document.documentElement, { attributes: true });
    signal.addEventListener('abort', () => observer.disconnect());
  }

  private build(element: HTMLElement): void {
    this.tabs.setAttribute('aria-label', 'instruments');
    const label = make('label', 'market-choose', 'orders of ');
    label.append(this.agents);
    this.agents.addEventListener('change', () =>
      this.context.go({ ...this.current, agent: this.agents.value === '' ? null : this.agents.value }),
    );
    const tools = make('div', 'market-tools');
    this.toggle(this.tradesButton, 'trades', 'b');
    this.toggle(this.candlesButton, 'candles', 'c');
    tools.append(label, this.tradesButton, this.candlesButton);
    for (const [text, title, does] of [
      ['\u2212', 'zoom out (-)', () => this.map.zoom(1 / 0.6)],
      ['+', 'zoom in (+)', () => this.map.zoom(0.6)],
      ['whole', 'the whole battle (0)', () => this.map.home()],
    ] as const) {
      const button = make('button', 'market-button', text);
      button.title = title;
      button.setAttribute('aria-label', title);
      button.addEventListener('click', does);
      tools.append(button);
    }
    this.plot.tabIndex = 0;
    this.plot.setAttribute('role', 'group');
    this.plot.setAttribute('aria-roledescription', 'map of the market');
    this.says.setAttribute('aria-live', 'polite');
    this.trouble.setAttribute('role', 'status');
    const head = make('div', 'market-head');
    head.append(this.tabs, tools);
    const main = make('div', 'market-main');
    main.append(this.figures, this.plot, this.says, this.trouble, this.legend);
    const side = make('div', 'market-side');
    this.fillsTitle.hidden = true;
    side.append(make('h2', '', 'Book'), this.book, make('h2', '', 'Largest trades in view'), this.trades, this.fillsTitle, this.fills);
    const body = make('div', 'market-body');
    body.append(main, side);
    this.root.append(head, body);
    element.append(this.root);
  }

  private toggle(button: HTMLButtonElement, what: 'trades' | 'candles', key: string): void {
    button.title = `${what} (${key})`;
    button.addEventListener('click', () => {
      this.map.shows[what] = !this.map.shows[what];
      this.pressed();
      this.map.changed();
    });
  }

  private pressed(): void {
    this.tradesButton.setAttribute('aria-pressed', String(this.map.shows.trades));
    this.candlesButton.setAttribute('aria-pressed', String(this.map.shows.candles));
  }

  private jump(t: number): void {
    const clock = this.loader?.scene.clock;
    if (clock == null) return;
    this.context.source.jump({ time_ns: String(clock.ns(t)) }).catch(() => {
      /* the shell says what failed */
    });
  }

  private symbol(seen: Seen): string | null {
    const all = Object.keys(seen.newest?.instruments ?? {});
    return this.current.of !== null && all.includes(this.current.of) ? this.current.of : (all[0] ?? null);
  }

  draw(seen: Seen): void {
    const symbol = this.symbol(seen);
    this.pressed();
    this.drawTabs(seen, symbol);
    this.drawAgents(seen);
    const instrument = member(seen.shown?.instruments, symbol);
    this.drawFigures(instrument, symbol);
    this.drawBook(instrument);
    if (symbol === null) return;
    if (this.loader?.symbol !== symbol) {
      this.loader?.close();
      this.loader = new Loader(this.context.source, symbol, this.current.agent, () => this.context.wake());
    }
    this.loader.choose(this.current.agent);
    this.loader.state(seen);
    this.map.show(this.loader.scene);
    this.plot.setAttribute('aria-label', `depth of ${symbol}; arrows move the crosshair, n goes to the next trade, Enter says why`);
    this.plot.setAttribute('aria-busy', String(this.loader.loading));
    say(this.trouble, this.loader.trouble ?? (this.loader.loading ? 'reading the market ...' : ''));
    say(this.thinned, this.map.leftOut ?? '');
    this.drawLists();
  }

  private drawTabs(seen: Seen, symbol: string | null): void {
    const all = Object.keys(seen.newest?.instruments ?? {});
    const more = seen.newest?.instruments_more ?? 0;
    const name = JSON.stringify([all, symbol, more, this.current]);
    if (name === this.tabsFor) return;
    this.tabsFor = name;
    this.tabs.replaceChildren(
      ...all.map((each) => {
        const link = make('a', 'market-tab', shownName(each));
        link.href = address({ ...this.current, page: 'market', of: each, why: null });
        if (each === symbol) link.setAttribute('aria-current', 'page');
        return link;
      }),
    );
    if (more > 0) this.tabs.append(make('span', 'dim', `${more} more are not filmed`));
  }

  private drawAgents(seen: Seen): void {
    const all = Object.entries(seen.newest?.agents ?? {}).sort(([, a], [, b]) => a.id - b.id);
    const name = JSON.stringify([all.map(([each]) => each), this.current.agent]);
    if (name === this.agentsFor) return;
    this.agentsFor = name;
    const none = make('option', '', 'nobody');
    none.value = '';
    const options = all.map(([each]) => {
      const option = make('option', '', shownName(each));
      option.value = each;
      return option;
    });
    this.agents.replaceChildren(none, ...options);
    this.agents.value = this.current.agent ?? '';
  }

  private drawFigures(of: Instrument | undefined, symbol: string | null): void {
    if (of === undefined || symbol === null) {
      say(this.figures, symbol === null ? 'No instrument has a market yet.' : '');
      return;
    }
    const price = (text: string | null | undefined): string => (text == null ? '-' : shortPrice(text, of.tick));
    const best = (text: string | null | undefined, lots: number | null | undefined): string =>
      text == null ? '-' : `${price(text)} \u00d7 ${lots == null ? '-' : whole(lots)}`;
    say(
      this.figures,
      `${of.trading ? '' : 'NOT TRADING  '}last ${price(of.last)}  bid ${best(of.bid, of.bid_qty)}  ask ${best(of.ask, of.ask_qty)}` +
        `  spread ${spreadOf(of)}  traded ${count(of.volume)}, by agents ${count(of.agent_volume)}`,
    );
  }

  private drawBook(of: Instrument | undefined): void {
    if (of === undefined) {
      this.book.replaceChildren();
      return;
    }
    const asks = of.asks.slice(0, LEVELS_SHOWN).reverse();
    const bids = of.bids.slice(0, LEVELS_SHOWN);
    const most = Math.max(1, ...asks.map(([, lots]) => lots), ...bids.map(([, lots]) => lots));
    const rows: [string, Level][] = [...asks.map((each): [string, Level] => ['ask', each]), ...bids.map((each): [string, Level] => ['bid', each])];
    if (this.book.tBodies.length === 0) {
      const head = this.book.createTHead().insertRow();
      for (const word of ['side', 'price', 'lots']) {
        const cell = make('th', '', word);
        cell.scope = 'col';
        head.append(cell);
      }
      this.book.createTBody();
    }
    const body = this.book.tBodies[0]!;
    while (body.rows.length > rows.length) body.deleteRow(-1);
    while (body.rows.length < rows.length) {
      const row = body.insertRow();
      for (let n = 0; n < 3; n++) row.insertCell();
    }
    rows.forEach(([side, [price, lots]], n) => {
      const row = body.rows[n]!;
      const className = `${side}${n === asks.length - 1 && side === 'ask' ? ' best' : ''}`;
      if (row.className !== className) row.className = className;
      say(row.cells[0]!, side);
      say(row.cells[1]!, shortPrice(price, of.tick));
      say(row.cells[2]!, whole(lots));
      row.style.setProperty('--share', `${Math.round((100 * lots) / most)}%`);
    });
  }

  /** A list that stays the same keeps its links: somebody may be about to click one. */
  private links(list: HTMLElement, of: readonly Pick[], none: string): void {
    const key = JSON.stringify(of);
    if (list.dataset['key'] === key) return;
    list.dataset['key'] = key;
    const items = of.map(({ input, text }) => {
      const item = make('li', '');
      const link = this.context.inputLink(input, text);
      link.title = `why: input ${whole(input)}`;
      item.append(link);
      return item;
    });
    list.replaceChildren(...(items.length > 0 ? items : [make('li', 'dim', none)]));
  }

  private drawLists(): void {
    const now = performance.now();
    const { scene } = this.loader!;
    if (now - this.listsMs < LISTS_MS || scene.clock === null) return;
    /* Whose link has the focus keeps it. */
    if (this.trades.contains(document.activeElement) || this.fills.contains(document.activeElement)) return;
    this.listsMs = now;
    this.links(
      this.trades,
      this.map.bubbles.slice(0, LINKS_SHOWN).map(({ bubble }) => this.map.bubblePick(bubble)),
      'none',
    );
    this.fillsTitle.hidden = scene.agent === null;
    this.fills.hidden = scene.agent === null;
    if (scene.agent === null) return;
    say(this.fillsTitle, `Last fills of ${shownName(scene.agent)} in view`);
    this.links(this.fills, this.map.fills.slice(0, LINKS_SHOWN).map(({ fill }) => this.map.fillPick(fill)), 'none');
  }

  private drawLegend(): void {
    if (this.legend.childElementCount > 0) return;
    for (const [mark, text] of [
      ['sign-buy', TAKER.buy],
      ['sign-sell', TAKER.sell],
      ['sign-own', 'ringed: an agent took part'],
      ['sign-depth', 'depth: few to many lots, by the logarithm; bids cool, asks warm'],
    ] as const)
      this.legend.append(make('span', `sign ${mark}`), make('span', '', text));
    this.legend.append(this.thinned);
  }

  route(route: Route): void {
    this.current = route;
    this.drawLegend();
    this.context.wake();
  }

  key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey) return false;
    /* What zooms does so from anywhere; the crosshair's keys are the map's that has the focus. */
    if ((event.target === this.plot || ZOOMS.includes(event.key)) && this.map.key(event)) return true;
    if (event.key === 'c') this.candlesButton.click();
    else if (event.key === 'b') this.tradesButton.click();
    else if (event.key === 'm') {
      this.plot.focus();
      this.map.begin();
    } else return false;
    return true;
  }

  close(): void {
    this.gone.abort();
    this.loader?.close();
    this.map.close();
    this.root.remove();
  }
}

export const mountMarket: Mount = (element, context) => {
  const page = new MarketPage(element, context);
  page.route(context.route);
  return page;
};
