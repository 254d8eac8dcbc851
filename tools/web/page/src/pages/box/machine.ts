/**
 * A picture of the machine: its cores, on each the processes that run there. A block's bar is how busy
 * the process is; the upright gauge, how full the ring is that it reads.
 */
import { count, percent } from '../../format/count';
import { age } from '../../format/time';
import { shownName } from '../../format/names';
import { h, Keyed, mark, say, show } from '../../shell/dom';
import { address } from '../../shell/router';
import type { Context } from '../page';
import type { Process, State } from '../../source/types';

/** From so many on a core's agents are small blocks. */
const SMALL_FROM = 7;
const NOWHERE = '-';

interface Block {
  element: HTMLElement;
  name: HTMLElement;
  state: HTMLElement;
  ring: HTMLElement;
  ringHolder: HTMLElement;
  busy: HTMLElement;
  percent: HTMLElement;
  does: HTMLElement;
}

/** Where each process runs: what the process says of itself, else where it was put. */
export function placement(state: State): Map<string, string[]> {
  const cores = new Map<string, string[]>();
  for (let core = 0; core < (state.machine?.cores ?? 0); core++) cores.set(String(core), []);
  const put = new Map<string, string>();
  for (const [core, names] of Object.entries(state.machine?.placement ?? {})) for (const name of names) put.set(name, core);
  for (const [name, process] of Object.entries(state.processes ?? {})) {
    const core = process.core != null && process.core >= 0 ? String(process.core) : (put.get(name) ?? NOWHERE);
    const on = cores.get(core);
    if (on) on.push(name);
    else cores.set(core, [name]);
  }
  for (const names of cores.values()) names.sort(inHouseOrder);
  return cores;
}

const ORDER = ['feed', 'exec', 'journal', 'view', 'export', 'top', 'web', 'agent'];

function inHouseOrder(a: string, b: string): number {
  const place = (name: string): number => {
    const at = ORDER.findIndex((word) => name.startsWith(word));
    return at < 0 ? ORDER.length - 1.5 : at;
  };
  return place(a) - place(b) || a.localeCompare(b, 'en', { numeric: true });
}

export class MachinePicture {
  readonly element: HTMLElement;
  private readonly context: Context;
  private readonly cores: Keyed<HTMLElement>;
  private readonly lists = new Map<string, Keyed<HTMLElement>>();
  private readonly blocks = new Map<string, Block>();
  private readonly title = h('span', { class: 'dim' });

  constructor(context: Context) {
    this.context = context;
    const board = h('div', { class: 'cores' });
    this.cores = new Keyed(board, (core) => this.makeCore(core));
    this.element = h('section', { class: 'panel machine', 'aria-label': 'processes on the cores of the machine' },
      h('header', {}, h('h2', {}, 'The machine'), this.title,
        h('span', { class: 'legend' }, h('i', { class: 'key-bar', 'aria-hidden': 'true' }), 'busy', h('i', { class: 'key-ring', 'aria-hidden': 'true' }), 'ring it reads')), board);
  }

  draw(state: State): void {
    const cores = placement(state);
    const processes = Object.values(state.processes ?? {});
    const total = state.machine?.cores ?? 0;
    const over = total > 0 && processes.length > total;
    say(this.title, `${total > 0 ? `${total} core${total === 1 ? '' : 's'}, ` : ''}${processes.length} processes${over ? ': they share cores' : ''}`);
    this.cores.arrange([...cores.keys()]);
    for (const [core, names] of cores) {
      const list = this.lists.get(core);
      if (!list) continue;
      list.arrange(names);
      mark(list.element, 'data-small', names.filter((name) => name.startsWith('agent')).length >= SMALL_FROM ? '' : null);
      for (const name of names) {
        const process = state.processes?.[name], block = this.blocks.get(`${core}/${name}`);
        if (process && block) this.fill(block, name, process);
      }
    }
  }

  private makeCore(core: string): HTMLElement {
    const list = h('div', { class: 'blocks' });
    this.lists.set(core, new Keyed(list, (name) => this.makeBlock(core, name)));
    return h('section', { class: 'core', 'aria-label': core === NOWHERE ? 'core not known' : `core ${core}` },
      h('h3', {}, core === NOWHERE ? 'core not known' : `core ${core}`), list);
  }

  private makeBlock(core: string, name: string): HTMLElement {
    const ring = h('i'), busy = h('i');
    const block: Omit<Block, 'element'> = {
      name: h('span', { class: 'name clip' }), state: h('span', { class: 'state' }),
      ring, ringHolder: h('span', { class: 'ring', role: 'img' }, ring),
      busy, percent: h('span', { class: 'number' }), does: h('span', { class: 'does dim clip' }),
    };
    const element = h('div', { class: 'block', 'data-agent': name.startsWith('agent') ? '' : undefined }, block.ringHolder,
      h('div', { class: 'block-body' },
        h('div', { class: 'block-head' }, block.name, block.state, block.percent),
        h('span', { class: 'gauge', 'aria-hidden': 'true' }, busy), block.does));
    this.blocks.set(`${core}/${name}`, { element, ...block });
    return element;
  }

  private fill(block: Block, name: string, process: Process): void {
    const agent = name.startsWith('agent') && process.own != null;
    if (agent && block.name.firstElementChild === null) block.name.replaceChildren(h('a', {}, ''));
    const label = agent ? block.name.firstElementChild ?? block.name : block.name;
    say(label, process.own != null && process.own !== '' ? (agent ? shownName(process.own) : `${name} ${shownName(process.own)}`) : name);
    if (agent) mark(label, 'href', address({ ...this.context.route, page: 'agent', of: process.own ?? null, why: null }));
    mark(block.element, 'data-state', process.state);
    mark(block.element, 'data-lost', process.lost > 0 ? '' : null);
    say(block.state, process.state === 'runs' ? '' : process.state === 'stands' ? `stands ${age(process.heartbeat_age_ns ?? null)}` : process.state);
    const busy = process.busy_permille ?? 0;
    block.busy.style.transform = `scaleX(${(busy / 1000).toFixed(3)})`;
    say(block.percent, process.busy_permille != null && process.state !== 'ended' ? percent(process.busy_permille) : '');
    const fill = process.ring_fill_permille;
    show(block.ringHolder, fill != null);
    if (fill != null) {
      block.ring.style.transform = `scaleY(${(fill / 1000).toFixed(3)})`;
      mark(block.ringHolder, 'aria-label', `ring ${percent(fill)} full`);
      mark(block.ringHolder, 'title', `ring ${percent(fill)} full`);
    }
    say(block.does, does(process));
  }
}

function does(process: Process): string {
  if (process.state === 'ended') return process.lost > 0 ? `LOST ${count(process.lost)}` : '';
  const words: string[] = [];
  if (process.rate != null && process.rate_unit) words.push(`${count(process.rate)} ${process.rate_unit}/s`);
  if (process.lag != null && process.lag > 0 && process.lag_unit) words.push(`${count(process.lag)} ${process.lag_unit} behind`);
  if (process.waits_for) words.push(`waits for ${process.waits_for}`);
  if (process.lost > 0) words.push(`LOST ${count(process.lost)}`);
  return words.join(', ');
}
