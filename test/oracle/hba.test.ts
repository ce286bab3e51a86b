import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newestVersion } from '../../server/src/document.ts';
import { lint } from '../../server/src/lint.ts';
import { rules } from '../../server/src/rules/index.ts';
import { parseHba } from '../../server/src/syntax/hba.ts';
import { Lines } from '../../server/src/text.ts';
import { filesOf } from '../files.ts';
import type { Server } from './servers.ts';
import { startPostgres } from './servers.ts';

const corpus = path.join(import.meta.dirname, '../../../shared/corpus/pg_hba');
const examples = rules.filter((rule) => rule.language === 'hba').flatMap((rule) => rule.examples.map((example) => ({ id: rule.id, example })));

/** What a build without these libraries says about lines that are valid elsewhere. */
const onlyThisBuild = /not supported by this build/;

describe.each([15, 18])('pg_hba.conf and PostgreSQL %i', (version) => {
  let server: Server;
  let client: Client;
  beforeAll(async () => {
    // Without a validator the server refuses the method oauth, whatever the record says.
    server = await startPostgres(version, { files: version >= 18 ? { 'postgresql.auto.conf': "oauth_validator_libraries = 'any'\n" } : {} });
    client = await server.connect();
  });
  afterAll(async () => {
    await client?.end();
    await server?.stop();
  });

  test('every text that a first fix leaves behind is accepted', async () => {
    const fixed = examples.filter(({ example }) => example.fixed !== undefined && belongsTo(example.version));
    expect(fixed).not.toEqual([]);
    const refused: string[] = [];
    for (const { id, example } of fixed) {
      // An example that names no version may use what only the newest one knows.
      if (version < newestVersion && ourLines(example.fixed!, version, example.files).refused.size > 0) continue;
      const lines = await refusedLines(example.fixed!, example.files);
      if (lines.size > 0) refused.push(`${id}: ${JSON.stringify(example.fixed)}: ${[...lines.values()].join('; ')}`);
    }
    expect(refused).toEqual([]);
  });

  test('the same lines of the examples are accepted', async () => {
    const texts = examples.filter(({ example }) => belongsTo(example.version))
      .flatMap(({ id, example }) => [example.bad, example.good].flatMap((text) => (text === undefined ? [] : [[id, text.replace(/[«»]/g, ''), example.files] as const])));
    expect(await disagreements(texts)).toEqual([]);
  });

  test('the same lines of other people are accepted', async (context) => {
    if (!existsSync(corpus)) return context.skip('there are no files beside the repository');
    expect(await disagreements(readdirSync(corpus).map((name) => [name, readFileSync(path.join(corpus, name), 'utf8'), {}] as const))).toEqual([]);
  });

  function belongsTo(exampleVersion: number | undefined): boolean {
    return exampleVersion === undefined || exampleVersion === version;
  }

  async function disagreements(texts: readonly (readonly [string, string, Readonly<Record<string, string>>?])[]): Promise<string[]> {
    const found: string[] = [];
    for (const [name, text, files] of texts) {
      const theirs = await refusedLines(text, files);
      const { refused, unsure } = ourLines(text, version, files);
      for (const line of new Set([...theirs.keys(), ...refused.keys()])) {
        if (unsure.has(line) || theirs.has(line) === refused.has(line)) continue;
        found.push(`${name}:${line}: ${theirs.has(line) ? `only the server refuses it: ${theirs.get(line)}` : `only we refuse it: ${refused.get(line)}`}`);
      }
    }
    return found;
  }

  /** The view reads the file anew for every query; the server itself goes on with what it has loaded. */
  async function refusedLines(text: string, files: Readonly<Record<string, string>> = {}): Promise<Map<number, string>> {
    for (const [name, content] of Object.entries(files)) {
      if (!/^(postgresql.*|pg_hba)\.conf$/.test(name)) await server.writeFile(name, content);
    }
    await server.writeFile('pg_hba.conf', text);
    const main = version >= 16 ? "file_name like '%/pg_hba.conf'" : 'true';
    const { rows } = await client.query<{ line_number: number; error: string | null }>(
      `select line_number, error from pg_hba_file_rules where type is null and ${main}`,
    );
    return new Map(rows.filter((row) => !onlyThisBuild.test(row.error ?? '')).map((row) => [row.line_number, row.error ?? 'refused without a reason']));
  }
});

/** The lines that the syntax refuses, and those that name a file which is not there. */
function ourLines(text: string, version: number, files: Readonly<Record<string, string>> = {}): { refused: Map<number, string>; unsure: Set<number> } {
  const lines = new Lines(text);
  const refused = new Map<number, string>();
  const unsure = new Set<number>();
  for (const { line, template, error } of parseHba(text, version).lines) {
    const number = lines.position(line.start).line + 1;
    if (template) unsure.add(number);
    else if (error !== undefined) refused.set(number, error.message);
  }
  const document = { path: 'pg_hba.conf', text, language: 'hba' as const, version, files: filesOf(files) };
  for (const { at, message } of lint(document, { only: 'hba/include-missing' }).findings) refused.set(lines.position(at.start).line + 1, message);
  return { refused, unsure };
}
