import { describe, expect, it } from 'vitest';
import { member, mergePatch } from '../src/state';

describe('merge patch', () => {
  /* RFC 7396, appendix A. */
  const cases: [unknown, unknown, unknown][] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [['a', 'b'], ['c', 'd'], ['c', 'd']],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  it.each(cases)('%j and %j', (target, patch, wanted) => {
    const before = JSON.stringify(target);
    expect(mergePatch(target, patch)).toEqual(wanted);
    expect(JSON.stringify(target)).toBe(before);
  });

  it('leaves what it does not touch the very same', () => {
    const before = { a: { x: 1 }, b: { y: 2 } };
    const after = mergePatch(before, { a: { x: 3 } }) as typeof before;
    expect(after.b).toBe(before.b);
    expect(after.a).not.toBe(before.a);
    expect(mergePatch(before, {})).toBe(before);
    expect(mergePatch(before, { b: { y: 2 } })).toBe(before);
  });

  it('takes any name, __proto__ too', () => {
    const patch = JSON.parse('{"agents":{"__proto__":{"gain":"1"},"constructor":{"gain":"2"}}}') as unknown;
    const after = mergePatch({ agents: {} }, patch) as { agents: Record<string, { gain: string }> };
    expect(Object.keys(after.agents)).toEqual(['__proto__', 'constructor']);
    expect(member(after.agents, '__proto__')?.gain).toBe('1');
    expect(({} as { gain?: string }).gain).toBeUndefined();
    expect(member({}, '__proto__')).toBeUndefined();
    expect(Object.keys((mergePatch(after, JSON.parse('{"agents":{"__proto__":null}}')) as typeof after).agents)).toEqual(['constructor']);
  });
});
