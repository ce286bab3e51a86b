import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Editor } from './editor.ts';

const kinds = { 'pg-hba': 'pg_hba.conf', 'pg-ident': 'pg_ident.conf', 'postgresql-conf': 'postgresql.conf' };

describe.each(Object.entries(kinds))('snippets for %s', (language, name) => {
  const snippets = JSON.parse(readFileSync(`snippets/${language}.json`, 'utf8')) as Record<string, { prefix: string; description: string; body: string[] }>;
  const own = Object.values(snippets).filter(({ prefix }) => prefix !== 'pgrampart-ignore');

  test('every one has its own prefix', () => {
    const prefixes = Object.values(snippets).map(({ prefix }) => prefix);
    expect(new Set(prefixes).size).toBe(prefixes.length);
  });

  // A postgresql.conf without a word about logins and changes is reported for it: each snippet is typed into one that has it.
  const rest = own.filter(({ prefix }) => prefix === 'log_connections');

  test.each(own.map((snippet) => [snippet.prefix, snippet] as const))('%s passes our own rules', async (_, snippet) => {
    const body = [...new Set([snippet, ...rest])].flatMap((one) => one.body);
    const editor = await Editor.open();
    const uri = `file:///cluster/${name}`;
    await editor.type(uri, language, `${expand(body.join('\n'))}\n`);
    expect((await editor.diagnostics(uri)).map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
  });
});

/** What is inserted when every placeholder is left as it is. */
function expand(snippet: string): string {
  return snippet.replace(/\$\{\d+:((?:\\.|[^}\\])*)\}/g, '$1').replace(/\\([\\$}])/g, '$1');
}
