/** The box: what runs on which core, how busy and how far behind it is, what is wrong and what to do. */
import { shownText } from '../format/names';
import { h, say, show } from '../shell/dom';
import { Pace } from '../shell/frames';
import type { View } from '../source/source';
import { Alarms } from './box/alarms';
import { Counters } from './box/counters';
import { MachinePicture } from './box/machine';
import { ProcessTable } from './box/processes';
import type { Mount } from './page';

/** Figures of the processes change twenty times a second; eyes follow five. */
const DRAW_MS = 200;

export const mountBox: Mount = (element, context) => {
  const sentence = h('p', { class: 'box-said' });
  const empty = h('p', { class: 'empty large', hidden: true });
  const machine = new MachinePicture(context);
  const table = new ProcessTable(context);
  const alarms = new Alarms();
  const counters = new Counters(context.source, context.wake);
  const grid = h('div', { class: 'box-grid' }, machine.element, h('div', { class: 'box-side' }, alarms.element, counters.element), table.element);
  element.append(h('div', { class: 'box-page' }, sentence, empty, grid));
  const pace = new Pace(DRAW_MS);

  return {
    draw(view: View) {
      /* The processes of the past are not known: the box is always that of now. */
      const state = view.newest;
      if (!state) {
        show(empty, true);
        say(empty, 'Waiting for the first figures\u2026');
        show(grid, false);
        return;
      }
      if (!pace.due()) return;
      const said = shownText(state.said.box ?? '');
      show(sentence, said !== '');
      say(sentence, said);
      const known = Object.keys(state.processes ?? {}).length > 0;
      show(empty, !known);
      if (!known) say(empty, state.battle.state === 'runs' ? 'Nothing is known of processes: the door of the battle did not open to this server.' : 'The battle does not run: no process is there. Its counters lie in its folder: royale counters DIR.');
      show(grid, true);
      grid.dataset.known = String(known);
      counters.draw(state);
      show(machine.element, known);
      show(table.element, known);
      if (known) {
        machine.draw(state);
        table.draw(state);
      }
      alarms.draw(state.alarms ?? [], state.alarms_more ?? 0);
    },
    key(event) {
      if (event.key !== '/' || table.element.hidden) return event.key === 'Escape' && table.unfilter();
      table.filter();
      return true;
    },
    close() {
      element.replaceChildren();
    },
  };
};
