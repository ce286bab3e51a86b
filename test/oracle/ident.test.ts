import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchored } from '../../server/src/facts/anchors.ts';
import { rules } from '../../server/src/rules/index.ts';
import { parseIdent } from '../../server/src/syntax/ident.ts';
import { Lines } from '../../server/src/text.ts';
import { startPostgres, type Server } from './servers.ts';

const examples = rules.filter((rule) => rule.language === 'ident').flatMap((rule) => rule.examples.map((example) => ({ id: rule.id, example })));

describe.each([15, 18])('pg_ident.conf and PostgreSQL %i', (version) => {
  let server: Server;
  let client: Client;
  beforeAll(async () => {
    server = await startPostgres(version);
    client = await server.connect();
  });
  afterAll(async () => {
    await client?.end();
    await server?.stop();
  });

  const texts = examples.filter(({ example }) => example.version === undefined || example.version === version)
    .flatMap(({ id, example }) => [example.bad, example.good, example.fixed].flatMap((text) => (text === undefined ? [] : [[id, text.replace(/[«»]/g, '')] as const])));

  test('the same entries of the examples are accepted', async () => {
    expect(texts.length).toBeGreaterThan(20);
    const found: string[] = [];
    for (const [id, text] of texts) {
      const theirs = await refusedLines(text);
      const { refused, unsure } = ourLines(text, version);
      for (const line of new Set([...theirs.keys(), ...refused])) {
        if (!unsure.has(line) && theirs.has(line) !== refused.has(line)) found.push(`${id}: ${JSON.stringify(text)}: line ${line}: ${theirs.get(line) ?? 'only we refuse it'}`);
      }
    }
    expect(found).toEqual([]);
  });

  test('an anchored expression matches the names that the whole of the old one matches, and no others', async () => {
    const names = ['admin', 'admins', 'noadmin', 'noadmin2', 'a', 'b', 'ab', 'web1', 'web12x', '', 'a.b', 'a|b', 'root'];
    const wrong: string[] = [];
    for (const pattern of ['admin', '^admin', 'admin$', 'a|b', '^a|b$', '(^a|b$)', 'web\\d', 'a[.|]b', '(?i)ADMIN', 'a\\|b', '^(adm|ro)', '\\Aweb\\d+', '.', 'a?']) {
      for (const name of names) {
        const { rows: [row] } = await client.query<{ whole: boolean; ours: boolean }>(
          'select $1 ~ $2 as whole, $1 ~ $3 as ours', [name, wholeOf(pattern), anchored(pattern) ?? pattern],
        );
        if (row!.whole !== row!.ours) wrong.push(`${pattern} and ${name}: ${JSON.stringify(row)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  async function refusedLines(text: string): Promise<Map<number, string>> {
    await server.writeFile('pg_ident.conf', text);
    const { rows } = await client.query<{ line_number: number; error: string }>('select line_number, error from pg_ident_file_mappings where error is not null');
    return new Map(rows.map((row) => [row.line_number, row.error]));
  }
});

/** The blunt way: everything between the two ends, whatever it is. */
function wholeOf(pattern: string): string {
  const [options = ''] = /^\(\?[a-z]+\)/.exec(pattern) ?? [];
  return `${options}^(?:${pattern.slice(options.length)})$`;
}

function ourLines(text: string, version: number): { refused: Set<number>; unsure: Set<number> } {
  const lines = new Lines(text);
  const refused = new Set<number>();
  const unsure = new Set<number>();
  for (const { line, template, error, include } of parseIdent(text, version).lines) {
    const number = lines.position(line.start).line + 1;
    if (template || include) unsure.add(number);
    else if (error !== undefined) refused.add(number);
  }
  return { refused, unsure };
}
