/** Three cards on top: who leads and why, who goes next, what the box does. */
import { money, moneyOf, placeOf, signOf, signedMoney, units } from '../../format/money';
import { percent } from '../../format/count';
import { shownName, shownText } from '../../format/names';
import { agentHue, agentStroke } from '../../parts/colours';
import { over } from '../../parts/board';
import type { Placed } from '../../parts/board';
import { sentences } from '../../parts/said';
import type { Sentence } from '../../parts/said';
import { h, mark, say, show, tint } from '../../shell/dom';
import { address } from '../../shell/router';
import type { Context } from '../page';
import type { Agent, State } from '../../source/types';

class Card {
  readonly element: HTMLElement;
  readonly label: HTMLElement;
  readonly swatch: HTMLElement;
  readonly name: HTMLAnchorElement;
  readonly figure: HTMLElement;
  readonly unit: HTMLElement;
  readonly text: HTMLElement;
  readonly more: HTMLElement;

  constructor(kind: string) {
    this.label = h('h2', { class: 'label' });
    this.swatch = h('i', { class: 'swatch', 'aria-hidden': 'true' });
    this.name = h('a', { class: 'name' });
    this.figure = h('b');
    this.unit = h('small');
    this.text = h('p', { class: 'said' });
    this.more = h('div', { class: 'more' });
    this.element = h('section', { class: 'hero', 'data-kind': kind },
      this.label, h('div', { class: 'head' }, this.swatch, this.name, h('span', { class: 'figure' }, this.figure, ' ', this.unit)), this.text, this.more);
  }
}

interface Part {
  word: string;
  money: string;
}

/** Where a gain comes from; what is zero is left out. They add up to the gain. */
export function split(agent: Agent): Part[] {
  const fees = moneyOf(-(units(agent.fees) ?? 0n)), haircut = moneyOf(-(units(agent.haircut) ?? 0n));
  return [
    { word: 'market', money: agent.from_market }, { word: 'agents', money: agent.from_agents },
    { word: signOf(fees) > 0 ? 'rebates' : 'fees', money: fees }, { word: 'haircut', money: haircut },
  ].filter((part) => signOf(part.money) !== 0);
}

/** Bars of the parts, to one scale, each with its word and money. */
export class SplitBars {
  readonly element = h('dl', { class: 'split' });
  private drawn = '';

  draw(agent: Agent): void {
    const parts = split(agent);
    const key = parts.map((part) => part.word + part.money).join();
    if (key === this.drawn) return;
    this.drawn = key;
    const most = Math.max(...parts.map((part) => Math.abs(placeOf(part.money))), 1e-6);
    this.element.replaceChildren(...parts.map((part) => {
      const bar = h('i', { 'aria-hidden': 'true' });
      bar.style.transform = `scaleX(${(Math.abs(placeOf(part.money)) / most).toFixed(3)})`;
      const value = h('dd', { title: part.money }, h('span', { class: 'gauge' }, bar), h('span', { class: 'number' }, signedMoney(part.money)));
      tint(value, signOf(part.money));
      return h('div', {}, h('dt', {}, part.word), value);
    }));
  }
}

/** Who earned most has told where it comes from, in the words of who is first; who is both has them there. */
function earned(state: State, said: Sentence, first: string | undefined): Sentence {
  const agent = said.agent !== null && said.agent !== first ? state.agents[said.agent] : undefined;
  const parts = agent ? split(agent).map((part) => `${part.word} ${signedMoney(part.money)}`) : [];
  return parts.length > 0 ? { ...said, text: `${said.text}: ${parts.join(', ')}` } : said;
}

export class Heroes {
  readonly element: HTMLElement;
  private readonly context: Context;
  private readonly leads = new Card('leads');
  private readonly next = new Card('next');
  private readonly box = new Card('box');
  private readonly parts = new SplitBars();
  private readonly busy = h('dl', { class: 'busy' });
  private busyKeys = '';

  constructor(context: Context) {
    this.context = context;
    this.leads.more.append(this.parts.element);
    this.box.more.append(this.busy);
    this.box.name.href = address({ ...context.route, page: 'box', of: null, why: null });
    this.element = h('div', { class: 'heroes' }, this.leads.element, this.next.element, this.box.element);
  }

  /** The box is always that of now, whatever moment is shown. */
  draw(state: State, newest: State, placed: readonly Placed[]): void {
    const said = sentences(state);
    const first = placed[0];
    this.drawAgent(this.leads, state, said.leads, first?.name ?? null, !over(state) && state.battle.round > 0);
    show(this.parts.element, first !== undefined);
    if (first) this.parts.draw(first.agent);
    const goes = placed.filter(({ agent }) => agent.goes_next).at(-1);
    this.drawAgent(this.next, state, over(state) ? earned(state, said.next, first?.name) : said.next, over(state) ? null : (goes?.name ?? null), !over(state));
    this.drawBox(newest);
  }

  private drawAgent(card: Card, state: State, said: Sentence, fallback: string | null, byRound: boolean): void {
    say(card.label, said.label);
    say(card.text, said.text);
    const name = said.agent ?? fallback;
    const agent = name !== null ? state.agents[name] : undefined;
    show(card.name.parentElement as HTMLElement, agent !== undefined);
    if (!agent || name === null) return;
    say(card.name, shownName(name));
    mark(card.name, 'href', address({ ...this.context.route, page: 'agent', of: name, why: null }));
    mark(card.swatch, 'data-hue', agentHue(agent.id));
    mark(card.swatch, 'data-dash', agentStroke(agent.id));
    const figure = byRound ? agent.round_gain : agent.gain;
    say(card.figure, signedMoney(figure));
    say(card.unit, byRound ? 'this round' : 'gain');
    mark(card.figure, 'title', `${byRound ? 'this round' : 'gain'} ${money(figure, 6)}`);
    tint(card.figure, signOf(figure));
  }

  private drawBox(state: State): void {
    say(this.box.label, 'box');
    const broke = state.battle.state === 'broke off' || state.battle.state === 'damaged';
    const told = broke ? (state.alarms?.[0]?.text ?? state.said.box) : state.said.box;
    say(this.box.text, shownText(told ?? (state.battle.state === 'runs' ? '' : 'the battle does not run')));
    const processes = Object.entries(state.processes ?? {});
    const stands = processes.filter(([, one]) => one.state === 'stands').length;
    const worst = state.alarms?.[0];
    const word = state.battle.state === 'not known' ? 'reads on' : broke ? state.battle.state : state.battle.state !== 'runs' ? 'at rest' : processes.length === 0 ? 'not known'
      : stands > 0 ? `${stands} stand${stands === 1 ? 's' : ''} still`
      : worst && worst.severity !== 'info' ? `${state.alarms?.length === 1 ? '1 alarm' : `${state.alarms?.length} alarms`}: ${worst.severity}`
      : 'runs well';
    say(this.box.name, word);
    show(this.box.swatch, false);
    mark(this.box.element, 'data-tone', broke || stands > 0 || worst?.severity === 'critical' ? 'bad' : worst?.severity === 'warning' ? 'warn' : 'good');
    this.drawBusy(state);
  }

  /** The house's own processes, each with how busy it is. */
  private drawBusy(state: State): void {
    const own = Object.entries(state.processes ?? {}).filter(([name, one]) => !name.startsWith('agent') && one.state !== 'ended' && one.busy_permille != null).slice(0, 4);
    const keys = own.map(([name]) => name).join();
    if (keys !== this.busyKeys) {
      this.busyKeys = keys;
      this.busy.replaceChildren(...own.map(([name]) =>
        h('div', {}, h('dt', {}, name), h('dd', {}, h('span', { class: 'gauge' }, h('i', { 'aria-hidden': 'true' })), h('span', { class: 'number' })))));
    }
    own.forEach(([, one], i) => {
      const row = this.busy.children[i];
      const bar = row?.querySelector('i'), text = row?.querySelector('.number');
      if (bar) bar.style.transform = `scaleX(${((one.busy_permille ?? 0) / 1000).toFixed(3)})`;
      if (text) say(text, percent(one.busy_permille ?? null));
    });
  }
}
