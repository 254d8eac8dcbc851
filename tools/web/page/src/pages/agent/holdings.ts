/** What it holds, what stands in the book for it with the queue ahead, and what was refused, by reason. */
import { many, whole } from '../../format/count';
import { shownName } from '../../format/names';
import { shortPrice } from '../../format/money';
import { h, mark, tint } from '../../shell/dom';
import { orderAddress } from '../../shell/router';
import { member } from '../../state';
import type { Agent, State } from '../../source/types';
import type { Context } from '../page';

function table(heads: readonly (readonly [string, string])[], rows: HTMLElement[], empty: string, more = 0): HTMLElement {
  if (rows.length === 0) return h('p', { class: 'empty' }, empty);
  return h('table', { class: 'list' }, h('thead', {}, h('tr', {}, ...heads.map(([word, kind]) => h('th', { scope: 'col', class: kind }, word)))), h('tbody', {}, ...rows, more > 0 && h('tr', {}, h('td', { class: 'dim', colspan: heads.length }, `and ${whole(more)} more`))));
}

export class Holdings {
  readonly element: HTMLElement;
  private readonly context: Context;
  private readonly parts: { element: HTMLElement; drawn: string }[];

  private readonly rejects: () => void;

  /** `rejects`: shows which ones were refused. */
  constructor(context: Context, rejects: () => void) {
    this.context = context;
    this.rejects = rejects;
    this.parts = ['positions', 'open orders', 'refused'].map(() => ({ element: h('div', {}), drawn: '' }));
    const [positions, open, refused] = this.parts.map((part) => part.element);
    this.element = h('section', { class: 'panel holdings', 'aria-label': 'holdings' },
      h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'positions, open orders, rejects' },
        h('h2', {}, 'Positions'), positions ?? null, h('h2', {}, 'Open orders'), open ?? null, h('h2', {}, 'Rejects by reason'), refused ?? null));
  }

  draw(state: State, name: string, agent: Agent): void {
    this.part(0, agent.positions, () => this.positions(state, agent));
    this.part(1, agent.open, () => this.open(state, name, agent));
    this.part(2, agent.reasons, () => this.refused(agent));
  }

  /** Made anew only when its figures are others. */
  private part(i: number, of: unknown, make: () => HTMLElement): void {
    const part = this.parts[i];
    const key = `${this.context.route.of}${JSON.stringify(of)}`;
    if (!part || part.drawn === key) return;
    part.drawn = key;
    part.element.replaceChildren(make());
  }

  private positions(state: State, agent: Agent): HTMLElement {
    const held = Object.entries(agent.positions).filter(([, lots]) => lots !== 0);
    return table([['instrument', ''], ['lots', 'number'], ['last', 'number']], held.map(([symbol, lots]) => {
      const market = member(state.instruments, symbol);
      const amount = h('td', { class: 'number' }, `${lots > 0 ? '+' : ''}${whole(lots)}`);
      tint(amount, Math.sign(lots));
      return h('tr', {}, h('th', { scope: 'row' }, shownName(symbol)), amount, h('td', { class: 'number' }, market?.last != null ? shortPrice(market.last, market.tick) : '-'));
    }), 'It holds nothing.');
  }

  private open(state: State, name: string, agent: Agent): HTMLElement {
    return table([['order', ''], ['side', ''], ['lots', 'number'], ['at', 'number'], ['ahead', 'number']], agent.open.map((order) => {
      const market = member(state.instruments, order.instrument);
      const side = h('td', {}, order.side);
      tint(side, order.side === 'buy' ? 1 : -1);
      return h('tr', {},
        h('th', { scope: 'row' }, h('a', { class: 'input', href: orderAddress(this.context.source.battle, name, order.cl_ord_id), title: shownName(order.instrument) }, order.cl_ord_id), ` ${shownName(order.instrument)}`),
        side, h('td', { class: 'number' }, whole(order.qty)),
        h('td', { class: 'number' }, order.price == null ? 'market' : market ? shortPrice(order.price, market.tick) : order.price),
        h('td', { class: 'number', title: order.ahead != null ? `${many(order.ahead, 'lot')} in front of it` : 'more orders are in front of it than are counted' }, order.ahead != null ? whole(order.ahead) : 'many'));
    }), 'No order of its stands in the book.', agent.open_more ?? 0);
  }

  private refused(agent: Agent): HTMLElement {
    const reasons = Object.entries(agent.reasons).filter(([, times]) => times > 0).sort((a, b) => b[1] - a[1]);
    const most = reasons[0]?.[1] ?? 1;
    if (reasons.length === 0) return h('p', { class: 'empty' }, 'Nothing was refused.');
    return h('dl', { class: 'split' }, ...reasons.map(([reason, times]) => {
      const bar = h('i', { 'aria-hidden': 'true' });
      bar.style.transform = `scaleX(${(times / most).toFixed(3)})`;
      const row = h('div', {}, h('dt', {}, h('button', { class: 'as-link', type: 'button', title: 'which ones', on: { click: this.rejects } }, reason)), h('dd', {}, h('span', { class: 'gauge' }, bar), h('span', { class: 'number' }, whole(times))));
      mark(row, 'data-sign', 'down');
      return row;
    }));
  }
}
