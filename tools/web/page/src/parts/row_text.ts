/** A row in words, as `royale top` says them. */
import { shownName } from '../format/names';
import { signedMoney } from '../format/money';
import type { Row } from '../source/types';

function text(row: Row, column: string): string {
  const value = row[column];
  return value === null || value === undefined ? '' : shownName(String(value));
}

function at(row: Row): string {
  return row.price === null || row.price === undefined ? 'at the market' : `at ${text(row, 'price')}`;
}

function fill(row: Row): string {
  const verb = row.side === 'buy' ? 'bought' : 'sold';
  const how = row.liquidity === 'maker' ? 'it rested' : 'it took';
  const whom = row.cause === 'agent' ? "an agent's order" : "the record's";
  return `${verb} ${text(row, 'qty')} ${text(row, 'instrument')} ${at(row)} (${how}, ${whom}), ${text(row, 'leaves')} left of it, holds ${text(row, 'position')}`;
}

const WORDS: Record<string, (row: Row) => string> = {
  fill,
  order: (row) => `order ${text(row, 'cl_ord_id')}: ${text(row, 'side')} ${text(row, 'qty')} ${text(row, 'instrument')} ${at(row)}${row.ioc === true ? ', at once or not at all' : ''}`,
  ack: (row) => `order ${text(row, 'cl_ord_id')} passed its checks`,
  rested: (row) => `order ${text(row, 'cl_ord_id')} rests: ${text(row, 'side')} ${text(row, 'qty')} ${text(row, 'instrument')} ${at(row)}`,
  reject: (row) => `refused: ${row.side ? `${text(row, 'side')} ${text(row, 'qty')} ${text(row, 'instrument')}` : 'a cancel'}: ${text(row, 'reason')}`,
  cancel: (row) => `order ${text(row, 'cl_ord_id')} gone: ${text(row, 'qty')} lots, ${text(row, 'reason')}`,
  cancel_request: (row) => `asks to cancel order ${text(row, 'cl_ord_id')}`,
  decision: (row) => `decides: intent ${text(row, 'intent')}${Array.isArray(row.features) && row.features.length > 0 ? `, features ${row.features.join(' ')}` : ''}`,
  round: (row) => `round ${text(row, 'round')} begins, ${text(row, 'agents')} in`,
  rank: (row) => `round ${text(row, 'round')} ends: ${text(row, 'agent')} ranks ${text(row, 'rank')} with ${signedMoney(text(row, 'score'))}`,
  out: (row) => `${text(row, 'agent')} is out in round ${text(row, 'round')}: ${text(row, 'reason')}`,
  handed_over: (row) => `${text(row, 'qty')} ${text(row, 'instrument')} handed over to the record ${at(row)}`,
  end: (row) => `the battle is over${row.stopped === true ? ': it was stopped' : ''}`,
};

export function rowText(row: Row): string {
  return WORDS[row.type]?.(row) ?? row.type;
}
