/**
 * The state document and its changes: RFC 7396 merge patches.
 *
 * What a patch does not touch stays the very same object, so that who draws sees by identity what
 * has not changed.
 */

import type { State } from './source/types';

type Members = { [name: string]: unknown };

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of its own, whatever its name is: `__proto__` is an agent's name like others. */
function put(target: Members, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  else target[name] = value;
}

function own(target: Members, name: string): unknown {
  return Object.prototype.hasOwnProperty.call(target, name) ? target[name] : undefined;
}

/** The patched value; `target` stays as it is. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const before = isObject(target) ? target : {};
  const after: Members = {};
  for (const name of Object.keys(before)) put(after, name, own(before, name));
  let same = before === target;
  for (const name of Object.keys(patch)) {
    const change = own(patch, name);
    const old = own(before, name);
    if (change === null) {
      if (old !== undefined) {
        delete after[name];
        same = false;
      }
      continue;
    }
    const value = mergePatch(old, change);
    if (value !== old) {
      put(after, name, value);
      same = false;
    }
  }
  return same ? target : after;
}

/** Before its first input a battle has no times: they are zero then, so that who draws need not ask. */
export function whole(state: State): State {
  const battle: Partial<State['battle']> = state.battle;
  if (battle.time_ns != null) return state;
  return { ...state, battle: { ...state.battle, time_ns: '0', time: '', trade_from_ns: '0', round: 0 } };
}

/** A member of a record whose names others chose. */
export function member<T>(record: Record<string, T> | undefined, name: string | null): T | undefined {
  return record && name !== null && Object.prototype.hasOwnProperty.call(record, name) ? record[name] : undefined;
}
