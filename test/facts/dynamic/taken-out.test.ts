import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function seen(statement: string, clauses = ''): string[] {
  const text = `CREATE FUNCTION app.f(x text, y text) RETURNS void LANGUAGE plpgsql ${clauses} AS $b$ BEGIN ${statement} END $b$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity, problem }) => `${severity} ${problem}`);
}

const bare = (value: string) => `EXECUTE 'SELECT * FROM app.' || ${value};`;
const inQuotes = (value: string) => `EXECUTE 'SELECT * FROM app.t WHERE a = ''' || ${value} || '''';`;
const inName = (value: string) => `EXECUTE 'SELECT "' || ${value} || '" FROM app.t';`;

const signs = `';(),-=<>*/+|&%!:`;
const most = `translate(x, '''${signs.slice(1)}', '')`;
const allSigns = `translate(x, '''"\\$${signs.slice(1)}', '')`;

describe('a text that nearly every sign is taken out of', () => {
  it.each([most, `lower(trim(${most}))`, allSigns, `translate(x, ' ''${signs.slice(1)}', '_')`])('leaves words where SQL stands: %s', (value) => {
    expect(seen(bare(value))).toEqual(['low concatenated']);
    expect(seen(bare(value), 'SECURITY DEFINER')).toEqual(['low concatenated']);
  });

  it('ends no quotes that are taken out', () => {
    expect(seen(inQuotes(most))).toEqual([]);
    expect(seen(inName(most))).toEqual(['low concatenated']);
    expect(seen(inQuotes(allSigns))).toEqual([]);
    expect(seen(inName(allSigns))).toEqual([]);
    expect(seen(`EXECUTE 'SELECT * FROM app.t WHERE a = E''' || ${most} || '''';`)).toEqual(['low concatenated']);
  });

  it('keeps what is not taken out, or is put back', () => {
    expect(seen(bare(`translate(x, ''';,-=', '')`))).toEqual(['medium concatenated']);
    expect(seen(bare(`translate(x, '''${signs.slice(1)}', ';')`))).toEqual(['medium concatenated']);
    expect(seen(bare(`translate(y, x, '')`))).toEqual(['medium concatenated']);
    expect(seen(bare(`replace(${most}, 'q', '''; ')`))).toEqual(['medium list']);
    expect(seen(inQuotes(`replace(${most}, 'q', '''')`))).toEqual(['medium concatenated']);
    expect(seen(bare(`concat(${most}, y)`))).toEqual(['low concatenated', 'medium concatenated']);
  });
});

describe('a text of which regexp_replace() keeps letters and blanks', () => {
  const kept = (pattern: string, replacement = '', flags = 'g') => `regexp_replace(x, '${pattern}', '${replacement}', '${flags}')`;

  it.each([kept('[^A-Za-z0-9_ ]'), kept('[^\\w\\s]+', ' '), kept('[^a-z ]', '', 'gi')])('leaves words where SQL stands: %s', (value) => {
    expect(seen(bare(value), 'SECURITY DEFINER')).toEqual(['low concatenated']);
    expect(seen(inQuotes(value))).toEqual([]);
    expect(seen(inName(value))).toEqual([]);
  });

  it('may leave other signs', () => {
    expect(seen(bare(kept('[^a-z ;-]')))).toEqual(['medium concatenated']);
    expect(seen(inQuotes(kept('[^a-z ;-]')))).toEqual([]);
    expect(seen(inQuotes(kept(`[^a-z '']`)))).toEqual(['medium concatenated']);
    expect(seen(inQuotes(kept('[^a-z ]', `''`)))).toEqual(['medium concatenated']);
    expect(seen(inQuotes(kept('[^a-z ]', '\\&')))).toEqual(['medium concatenated']);
    expect(seen(bare(kept('[^a-z ]', '', 'i')))).toEqual(['medium concatenated']);
    expect(seen(bare(kept('[^a-z ]', '', 'gn')))).toEqual(['medium concatenated']);
    expect(seen(bare(kept('[^a-z_]')))).toEqual([]);
  });
});
