import { beforeAll, describe, expect, it } from 'vitest';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { checks, parameter, places, stop, toldAt } from '../../places.ts';

beforeAll(loadPostgresFromDisk);

describe.each(places)('$value', (place) => {
  it('is known as well as a parameter behind every check', () => {
    const told = checks.map((check) => [check, toldAt(place, check)]);
    expect(told).toEqual(checks.map((check) => [check, toldAt(parameter, check)]));
  });

  it.each(place.changes)('is as unknown as without a check behind %s', (change) => {
    const told = checks.map((check) => [check, toldAt(place, check, change)]);
    expect(told).toEqual(checks.map((check) => [check, toldAt(place, 'RUN', change)]));
  });
});

describe('a kind of JSON', () => {
  const told = (kind: string, value: string) => toldAt({ parameters: 'p jsonb', value, given: '', changes: [] }, `IF ${kind} THEN RUN END IF;`);

  it('that has no text of its own leaves a doubt', () => {
    expect(told(`jsonb_typeof(p) = 'number'`, `(p #>> '{}')`)).toBe('low param');
    expect(told(`jsonb_typeof(p -> 'k') IN ('number', 'boolean')`, `(p ->> 'k')`)).toBe('low param');
    expect(toldAt({ parameters: 'p jsonb', value: `(p ->> 'k')`, given: '', changes: [] }, `IF jsonb_typeof(p -> 'k') <> 'number' ${stop} RUN`)).toBe('low param');
  });

  it('that is a text, or of another value, says nothing', () => {
    expect(told(`jsonb_typeof(p) = 'string'`, `(p #>> '{}')`)).toBe('medium param');
    expect(told(`jsonb_typeof(p) = 'object'`, `(p ->> 'k')`)).toBe('medium param');
    expect(told(`jsonb_typeof(p -> 'j') = 'number'`, `(p ->> 'k')`)).toBe('medium param');
    expect(told(`jsonb_typeof(p -> 'k') <> 'number'`, `(p ->> 'k')`)).toBe('medium param');
  });
});

describe('what belongs to something else', () => {
  it.each([
    [`IF (p ->> 'j') NOT IN ('a') ${stop} RUN`, `(p ->> 'k')`, 'p jsonb'],
    [`IF (js ->> 'k') NOT IN ('a') ${stop} RUN`, `(p ->> 'k')`, 'p jsonb'],
    [`IF p[2] NOT IN ('a') ${stop} RUN`, 'p[1]', 'p text[]'],
    [`IF names[1] NOT IN ('a') ${stop} RUN`, 'p[1]', 'p text[]'],
    [`IF split_part(p, '.', 2) NOT IN ('a') ${stop} RUN`, `split_part(p, '.', 1)`, 'p text'],
    [`IF left(p, 3) NOT IN ('abc') ${stop} RUN`, 'p', 'p text'],
    [`IF p::varchar(3) NOT IN ('abc') ${stop} RUN`, 'p', 'p text'],
  ])('says nothing: %s of %s', (check, value, parameters) => {
    expect(toldAt({ parameters, value, given: '', changes: [] }, check)).toBe('medium param');
  });
});
