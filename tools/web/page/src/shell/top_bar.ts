/** Above every page: which battle, whether it is live, market time, the round, the ways to the pages. */
import { clockOf, lasting } from '../format/time';
import { shownName } from '../format/names';
import { over, ranked, stillIn } from '../parts/board';
import type { View } from '../source/source';
import type { State } from '../source/types';
import { h, mark, say, show } from './dom';
import { address } from './router';
import type { PageName, Route } from './router';
import { nextTheme, setTheme, theme } from './theme';

const TABS: readonly (readonly [PageName, string])[] = [['battle', 'Battle'], ['market', 'Market'], ['agent', 'Agent'], ['box', 'Box']];

const ALL = 'all battles of this server';

export interface Status {
  word: string;
  tone: 'good' | 'past' | 'bad' | 'quiet';
}

/** The word of the chip. */
export function status(view: View, stale: boolean): Status {
  const state = view.shown;
  if (view.connection === 'lost' && !(state && over(state))) return { word: 'NO CONNECTION', tone: 'bad' };
  if (!state && view.trouble !== null && view.connection !== 'key') return { word: 'NOTHING TO SHOW', tone: 'bad' };
  if (!state) return { word: view.connection === 'key' ? 'KEY WANTED' : 'CONNECTING', tone: 'quiet' };
  if (view.at === 'past') return { word: 'PAST', tone: 'past' };
  if (stale) return { word: 'STALE', tone: 'bad' };
  switch (state.battle.state) {
    case 'runs': return { word: 'LIVE', tone: 'good' };
    case 'none': return { word: 'NO BATTLE YET', tone: 'quiet' };
    case 'ended': return { word: 'OVER', tone: 'quiet' };
    case 'not known': return { word: 'READING', tone: 'quiet' };
    case 'stopped': return { word: 'STOPPED', tone: 'quiet' };
    default: return { word: state.battle.state.toUpperCase(), tone: 'bad' };
  }
}

export class TopBar {
  readonly element: HTMLElement;
  private readonly title = h('h1', { class: 'unseen' });
  private readonly name: HTMLAnchorElement;
  private readonly chip: HTMLElement;
  private readonly time: HTMLElement;
  private readonly zone: HTMLElement;
  private readonly round: HTMLElement;
  private readonly roundHolder: HTMLElement;
  private readonly roundLeft: HTMLElement;
  private readonly roundDone: HTMLElement;
  private readonly inside: HTMLElement;
  private readonly speed: HTMLElement;
  private readonly tabs = new Map<PageName, HTMLAnchorElement>();
  private readonly alarms: HTMLAnchorElement;
  private readonly tools: Tools;
  private readonly library: boolean;
  private battle = '';

  constructor(library: boolean, help: () => void) {
    this.library = library;
    this.name = h('a', { class: 'battle-name', href: library ? '#/' : '#', title: library ? ALL : undefined });
    this.chip = h('span', { class: 'chip', role: 'status' });
    this.time = h('time', { class: 'clock' });
    this.zone = h('span', { class: 'dim zone' });
    this.round = h('b');
    this.roundLeft = h('span', { class: 'left' });
    this.roundDone = h('span', { class: 'bar-done' });
    this.inside = h('span', { class: 'dim inside' });
    this.speed = h('span', { class: 'dim speed' });
    this.alarms = h('a', { class: 'alarms', hidden: true });
    this.tools = new Tools(help);
    const nav = h('nav', { 'aria-label': 'pages' });
    TABS.forEach(([page, word], i) => {
      const tab = h('a', { title: `${word} (${i + 1})` }, word);
      this.tabs.set(page, tab);
      nav.append(tab);
    });
    this.roundHolder = h('div', { class: 'round', role: 'group', 'aria-label': 'round', hidden: true }, this.round, this.roundLeft,
      h('span', { class: 'bar', 'aria-hidden': 'true' }, this.roundDone), this.inside);
    this.element = h('header', { class: 'top' }, this.title,
      h('div', { class: 'who' }, h('span', { class: 'brand', 'aria-hidden': 'true' }, 'royale'), this.name, this.chip),
      h('div', { class: 'when' }, this.time, this.zone, this.speed),
      this.roundHolder,
      nav, this.alarms, this.tools.element);
  }

  route(route: Route): void {
    this.battle = route.battle;
    if (this.name.textContent === '') say(this.name, shownName(route.battle));
    say(this.title, `${shownName(route.battle)}: ${route.page}`);
    for (const [page, tab] of this.tabs) {
      tab.href = address({ ...route, page, of: page === route.page ? route.of : null, why: null });
      mark(tab, 'aria-current', page === route.page ? 'page' : null);
    }
    this.alarms.href = address({ ...route, page: 'box', of: null, why: null });
  }

  turn(): void {
    this.tools.turn();
  }

  draw(view: View, stale: boolean): void {
    const { word, tone } = status(view, stale);
    say(this.chip, word);
    mark(this.chip, 'data-tone', tone);
    if (!view.shown) return;
    this.drawName(view.shown.battle.name);
    this.drawTime(view.shown);
    this.drawRound(view.shown);
    this.drawAlarms(view.newest?.alarms ?? []);
  }

  /** In a library battles of one name are many: there its folder's stands, and the battle file's in the tip. */
  private drawName(name: string): void {
    const shown = this.battle === 'current' && name !== '' ? name : this.battle;
    say(this.name, shown === 'current' ? 'no battle yet' : shownName(shown));
    const file = name !== '' && name !== shown && this.library ? `${shownName(name)} in its battle file; ` : '';
    mark(this.name, 'title', this.library ? file + ALL : null);
  }

  private drawTime({ battle }: State): void {
    if (battle.time_ns === '0') return;
    const clock = clockOf(battle.zone);
    say(this.time, clock.time(battle.time_ns));
    say(this.zone, `${clock.name(battle.time_ns)} ${clock.day(battle.time_ns)}`);
    const speed = battle.speed_permille;
    say(this.speed, battle.state === 'runs' && speed != null && speed > 0 ? `${speedText(speed)}x` : '');
  }

  private drawRound(state: State): void {
    const { battle } = state;
    const placed = ranked(state);
    show(this.roundHolder, placed.length > 0);
    /* Each round somebody goes: so many agents are not in for more of them. */
    const most = placed.length > 1 ? placed.length - 1 : Infinity;
    const rounds = battle.rounds != null ? ` of ${Math.min(battle.rounds, most)}` : '';
    say(this.round, over(state) ? `Over after round ${battle.round}` : battle.round === 0 ? (placed.length > 0 ? 'Warm-up' : '') : `Round ${battle.round}${rounds}`);
    const left = battle.round_left_ns != null && !over(state) ? BigInt(battle.round_left_ns) : null;
    say(this.roundLeft, left !== null ? `${lasting(String(left))} left` : '');
    const length = battle.round_ns != null ? BigInt(battle.round_ns) : 0n;
    const done = over(state) ? 1 : left !== null && length > 0n && battle.round > 0 ? Number(((length - left) * 1000n) / length) / 1000 : 0;
    this.roundDone.style.transform = `scaleX(${Math.min(1, Math.max(0, done)).toFixed(3)})`;
    say(this.inside, placed.length > 0 ? `${stillIn(placed)} of ${placed.length} in` : '');
  }

  private drawAlarms(alarms: readonly { severity: string }[]): void {
    show(this.alarms, alarms.length > 0);
    if (alarms.length === 0) return;
    say(this.alarms, alarms.length === 1 ? '1 alarm' : `${alarms.length} alarms`);
    mark(this.alarms, 'data-severity', alarms[0]?.severity ?? 'info');
  }

}

/** Colours and help: on every page. */
export class Tools {
  readonly element: HTMLElement;
  private readonly shade = h('button', { class: 'icon', type: 'button', on: { click: () => this.turn() } });

  constructor(help: () => void) {
    this.element = h('div', { class: 'tools' }, this.shade,
      h('button', { class: 'icon', 'data-icon': 'help', type: 'button', 'aria-label': 'help', title: 'help (?)', on: { click: help } }));
    this.draw();
  }

  turn(): void {
    setTheme(nextTheme());
    this.draw();
  }

  private draw(): void {
    const now = theme();
    mark(this.shade, 'data-icon', now);
    mark(this.shade, 'aria-label', `colours: ${now}`);
    mark(this.shade, 'title', `colours: ${now === 'system' ? 'as the system' : now} (t)`);
  }
}

function speedText(permille: number): string {
  return permille >= 10_000 ? Math.round(permille / 1000).toLocaleString('en-US') : (permille / 1000).toFixed(1);
}
