/**
 * Addresses, behind the #:
 *
 *   #/                                        the library
 *   #/battle/NAME                             battle
 *   #/battle/NAME/market[/SYMBOL]             market
 *   #/battle/NAME/agent[/AGENT]               agent
 *   #/battle/NAME/box                         box
 *   #/battle/NAME/input/N                     the same page as before, with the panel of input N
 *   #/battle/NAME/order/AGENT/NUMBER          likewise, of an agent's order
 *
 * Names may hold any character; each part stands percent-encoded. ?at=INPUT is the moment that is
 * shown, ?agent=NAME whose orders the market shows, ?why=INPUT and
 * ?order=AGENT/NUMBER the panel.
 */

export type PageName = 'library' | 'battle' | 'market' | 'agent' | 'box';

export interface Route {
  page: PageName;
  /** '' in the library. */
  battle: string;
  /** The market's symbol, or the agent's name; null: the first. */
  of: string | null;
  at: number | null;
  agent: string | null;
  why: Why | null;
}

/** Whose life the panel tells: an input's, or an order's by its agent's own number. */
export type Why = { input: number } | { agent: string; cl_ord_id: string };

export const LIBRARY: Route = { page: 'library', battle: '', of: null, at: null, agent: null, why: null };

const PAGES: readonly PageName[] = ['market', 'agent', 'box'];

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function inputOf(text: string | null | undefined): number | null {
  if (text === null || text === undefined || !/^\d{1,16}$/.test(text)) return null;
  const input = Number(text);
  return Number.isSafeInteger(input) ? input : null;
}

function orderOf(agent: string | undefined, id: string | undefined): Why | null {
  return agent && id && /^\d{1,20}$/.test(id) ? { agent, cl_ord_id: id } : null;
}

function whyOf(query: URLSearchParams): Why | null {
  const input = inputOf(query.get('why'));
  if (input !== null) return { input };
  const [, agent, id] = /^(.*)\/(\d+)$/s.exec(query.get('order') ?? '') ?? [];
  return orderOf(agent, id);
}

/** `before` is what the page shows now: an address of an input alone keeps it. */
export function parse(hash: string, before: Route = LIBRARY): Route {
  const [path = '', search = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const parts = path.split('/').map(decoded);
  const query = new URLSearchParams(search);
  if (parts[0] !== 'battle' || !parts[1]) return LIBRARY;
  const battle = parts[1];
  const route: Route = {
    page: 'battle',
    battle,
    of: null,
    at: inputOf(query.get('at')),
    agent: query.get('agent'),
    why: whyOf(query),
  };
  if (parts[2] === 'input' || parts[2] === 'order') {
    const stays = before.battle === battle ? before : route;
    const input = inputOf(parts[3]);
    const why = parts[2] === 'order' ? orderOf(parts[3], parts[4]) : input === null ? null : { input };
    return { ...stays, why };
  }
  const page = PAGES.find((name) => name === parts[2]);
  return page ? { ...route, page, of: parts[3] || null } : route;
}

export function address(route: Route): string {
  if (route.page === 'library') return '#/';
  const parts = ['battle', route.battle];
  if (route.page !== 'battle') parts.push(route.page);
  if (route.of !== null && route.page !== 'battle') parts.push(route.of);
  const query = new URLSearchParams();
  if (route.at !== null) query.set('at', String(route.at));
  if (route.agent !== null) query.set('agent', route.agent);
  if (route.why && 'input' in route.why) query.set('why', String(route.why.input));
  else if (route.why) query.set('order', `${route.why.agent}/${route.why.cl_ord_id}`);
  const search = query.toString();
  return `#/${parts.map(encodeURIComponent).join('/')}${search ? `?${search}` : ''}`;
}

export function inputAddress(battle: string, input: number): string {
  return `#/battle/${encodeURIComponent(battle)}/input/${input}`;
}

export function orderAddress(battle: string, agent: string, cl_ord_id: string): string {
  return `#/${['battle', battle, 'order', agent, cl_ord_id].map(encodeURIComponent).join('/')}`;
}
