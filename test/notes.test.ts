import { describe, expect, it } from 'vitest';
import { Notes } from '../server/src/notes.ts';

describe('a note on an object', () => {
  it('stays with it, and with no copy', () => {
    const notes = new Notes<object, string>();
    const others = new Notes<object, string>();
    const noted = { a: 1 };
    notes.set(noted, 'first');
    notes.set(noted, 'second');
    expect([notes.get(noted), others.get(noted), notes.get({ ...noted }), notes.get(Object.assign({}, noted))]).toEqual(['second', undefined, undefined, undefined]);
    expect(JSON.stringify(noted)).toBe('{"a":1}');
    expect(noted).toEqual({ a: 1 });
  });

  it('can say that there is nothing', () => {
    const notes = new Notes<object, string | undefined>();
    const noted: string[] = ['x'];
    expect(notes.has(noted)).toBe(false);
    notes.set(noted, undefined);
    expect([notes.has(noted), notes.get(noted), noted.length, Object.keys(noted)]).toEqual([true, undefined, 1, ['0']]);
  });
});
