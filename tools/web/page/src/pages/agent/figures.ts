/** The agent's name and its figures; beside them where its gain comes from, each counterparty apart. */
import { compareMoney, money, signOf, signedMoney } from '../../format/money';
import { count } from '../../format/count';
import { shownName } from '../../format/names';
import { over } from '../../parts/board';
import { agentHue, agentStroke } from '../../parts/colours';
import { h, mark, say, show, tint } from '../../shell/dom';
import { SplitBars } from '../battle/heroes';
import type { Agent, State } from '../../source/types';

const COUNTERPARTIES_MAX = 12;

interface Tile {
  label: string;
  text: (agent: Agent) => string;
  exact?: (agent: Agent) => string;
  sign?: boolean;
}

const TILES: readonly Tile[] = [
  { label: 'this round', text: (a) => (a.out != null ? '-' : signedMoney(a.round_gain)), exact: (a) => a.round_gain, sign: true },
  { label: 'gain', text: (a) => signedMoney(a.gain), exact: (a) => a.gain, sign: true },
  { label: 'drawdown', text: (a) => money(a.drawdown), exact: (a) => a.drawdown },
  { label: 'equity', text: (a) => money(a.equity), exact: (a) => a.equity },
  { label: 'cash', text: (a) => money(a.cash), exact: (a) => a.cash },
  { label: 'fees paid', text: (a) => money(a.fees), exact: (a) => a.fees },
  { label: 'orders', text: (a) => count(a.orders) },
  { label: 'fills', text: (a) => count(a.fills) },
  { label: 'rejects', text: (a) => count(a.rejects) },
];

export class Figures {
  readonly element: HTMLElement;
  readonly split: HTMLElement;
  private readonly swatch = h('i', { class: 'swatch', 'aria-hidden': 'true' });
  private readonly name = h('h1', {});
  private readonly place = h('span', { class: 'chip' });
  private readonly strategy = h('span', { class: 'dim' });
  private readonly values = TILES.map(() => h('dd', {}));
  private readonly bars = new SplitBars();
  private readonly others = h('dl', { class: 'pairs', hidden: true });
  private readonly alone = h('p', { class: 'dim' }, 'No trade with another agent.');
  private drawn = '?';

  constructor() {
    this.element = h('section', { class: 'panel figures', 'aria-label': 'figures' },
      h('div', { class: 'head' }, this.swatch, this.name, this.place, this.strategy),
      h('dl', { class: 'tiles' }, ...TILES.map((tile, i) => h('div', {}, h('dt', {}, tile.label), this.values[i] ?? null))));
    this.split = h('section', { class: 'panel origin', 'aria-label': 'where the gain comes from' },
      h('header', {}, h('h2', {}, 'Where the gain comes from')), h('div', { class: 'pad', tabindex: 0, role: 'region', 'aria-label': 'parts of the gain' }, this.bars.element, this.others, this.alone));
  }

  draw(state: State, name: string, agent: Agent): void {
    mark(this.swatch, 'data-hue', agentHue(agent.id));
    mark(this.swatch, 'data-dash', agentStroke(agent.id));
    say(this.name, shownName(name));
    say(this.strategy, agent.strategy != null ? shownName(agent.strategy) : '');
    const all = Object.keys(state.agents).length;
    const standing = agent.out != null ? `out in round ${agent.out_round ?? '?'}: ${agent.out}` : agent.goes_next && !over(state) ? 'next out' : name === state.battle.winner ? 'winner' : 'in';
    say(this.place, `${agent.rank} of ${all} \u00b7 ${standing}`);
    mark(this.place, 'data-tone', agent.out != null ? 'quiet' : agent.goes_next && !over(state) ? 'past' : 'good');
    TILES.forEach((tile, i) => {
      const value = this.values[i];
      if (!value) return;
      say(value, tile.text(agent));
      if (tile.exact) mark(value, 'title', tile.exact(agent));
      if (tile.sign && tile.exact) tint(value, tile.text(agent) === '-' ? 0 : signOf(tile.exact(agent)));
    });
    this.bars.draw(agent);
    this.drawOthers(agent);
  }

  private drawOthers(agent: Agent): void {
    const pairs = Object.entries(agent.head_to_head).filter(([, value]) => signOf(value) !== 0).sort((a, b) => compareMoney(b[1], a[1]));
    const key = pairs.map((pair) => pair.join('=')).join();
    if (key === this.drawn) return;
    this.drawn = key;
    const half = COUNTERPARTIES_MAX / 2;
    const shown = pairs.length > COUNTERPARTIES_MAX ? [...pairs.slice(0, half), ...pairs.slice(-half)] : pairs;
    const rows = shown.map(([other, value]) => {
      const amount = h('dd', { class: 'number', title: value }, signedMoney(value));
      tint(amount, signOf(value));
      return h('div', {}, h('dt', { class: 'clip', title: shownName(other) }, `from ${shownName(other)}`), amount);
    });
    if (pairs.length > shown.length) rows.splice(half, 0, h('div', {}, h('dt', { class: 'dim' }, 'more between'), h('dd', { class: 'dim' }, String(pairs.length - shown.length))));
    this.others.replaceChildren(...rows);
    show(this.others, rows.length > 0);
    show(this.alone, rows.length === 0);
  }
}
