/** One agent: where it stands, where its gain comes from, what it holds and wants, what it did and why. */
import { ranked } from '../parts/board';
import { h, show } from '../shell/dom';
import { History } from '../source/history';
import { member } from '../state';
import type { View } from '../source/source';
import { address } from '../shell/router';
import { AgentCurve } from './agent/curve';
import { Deeds } from './agent/deeds';
import { Figures } from './agent/figures';
import { FillChart } from './agent/fill_chart';
import { Holdings } from './agent/holdings';
import { Picker } from './agent/picker';
import type { Mount } from './page';

export const mountAgent: Mount = (element, context) => {
  const picker = new Picker(context);
  const figures = new Figures();
  const curve = new AgentCurve(context);
  const fills = new FillChart(context);
  const deeds = new Deeds(context);
  const holdings = new Holdings(context, () => deeds.choose('rejects'));
  const empty = h('p', { class: 'empty large', hidden: true });
  const body = h('div', { class: 'agent-body' }, figures.element,
    h('div', { class: 'agent-grid' }, curve.element, figures.split, fills.element, holdings.element, deeds.element, deeds.said));
  element.append(h('div', { class: 'agent-page' }, picker.element, h('div', {}, empty, body)));

  let name: string | null = null;
  let history: History | null = null;
  let moment = -1;

  const choose = (next: string | null): void => {
    if (next === name) return;
    name = next;
    history?.close();
    history = next === null ? null : new History(context.source, next, context.wake);
    fills.reset();
    deeds.reset();
  };

  return {
    draw(view: View) {
      const state = view.shown;
      const placed = state ? ranked(state) : [];
      const of = context.route.of ?? placed[0]?.name ?? null;
      if (state) choose(of);
      const agent = member(state?.agents, of);
      show(body, agent !== undefined);
      show(empty, agent === undefined);
      if (!agent) empty.textContent = state ? `No agent of this battle is called ${of ?? 'so'}.` : 'Waiting for the first figures\u2026';
      if (state) picker.draw(placed, of);
      if (!state || !agent || of === null || !history) return;
      if (view.at === 'past' && state.battle.input !== moment) history.hurry();
      moment = state.battle.input;
      history.want(deeds.types);
      history.look(state.battle.input);
      figures.draw(state, of, agent);
      curve.draw(view, state, of);
      fills.draw(view, state, of, history);
      holdings.draw(state, of, agent);
      deeds.draw(state, history);
    },
    key(event) {
      if (event.key === '/') {
        picker.filter();
        return true;
      }
      if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
        const next = picker.beside(name, event.key === 'ArrowUp' ? -1 : 1);
        if (next !== null) location.replace(address({ ...context.route, of: next }));
        return next !== null;
      }
      return event.key === 'Escape' && picker.unfilter();
    },
    close() {
      history?.close();
      curve.close();
      fills.close();
      element.replaceChildren();
    },
  };
};
