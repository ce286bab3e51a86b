import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Document, Files } from '../../server/src/document.ts';
import { newestVersion, noFiles, supportedVersions } from '../../server/src/document.ts';
import { confFacts } from '../../server/src/facts/conf/settings.ts';
import badValue from '../../server/src/rules/conf/bad-value.ts';
import syntax from '../../server/src/rules/conf/syntax.ts';
import unknownParameter from '../../server/src/rules/conf/unknown-parameter.ts';
import { rules as allRules } from '../../server/src/rules/index.ts';
import { lint } from '../../server/src/lint.ts';
import { parseConf } from '../../server/src/syntax/conf.ts';
import { applyEdits } from '../../server/src/text.ts';
import { confCases } from './conf-cases.ts';
import type { Answer, Installation } from './servers.ts';
import { checkConf, installPostgres } from './servers.ts';

const rules = allRules.filter((rule) => rule.language === 'conf');
const corpus = path.join(import.meta.dirname, '../../../shared/corpus/postgresql_conf');

/** What can only be told by looking at several parameters together. */
const knownDifferences: Readonly<Record<string, string>> = {
  '"max_connections = 262143"': 'up to 16 the server adds its own processes before it compares with the limit',
};

describe.each(supportedVersions)('postgresql.conf and PostgreSQL %i', (version) => {
  let installation: Installation;
  beforeAll(async () => { installation = await installPostgres(version); });

  test('the same texts are accepted', async () => {
    expect(await disagreements(confCases.map((text) => [JSON.stringify(text), text]))).toEqual([]);
  });

  test('the same files of other people are accepted', async (context) => {
    if (!existsSync(corpus)) return context.skip('there are no files beside the repository');
    const files = readdirSync(corpus).map((name) => [name, withoutForeign(readFileSync(path.join(corpus, name), 'utf8'))] as const);
    expect(await disagreements(files.filter(([, text]) => !isTemplate(text)))).toEqual([]);
  });

  test('the same random lines are refused', async () => {
    const found: string[] = [];
    await inParallel(Array.from({ length: 12 }, (_, i) => randomLines(i + 1, 60)), async (lines) => {
      const text = `${lines.join('\n')}\n`;
      const { log } = await checkConf(installation, text);
      const theirs = new Set([...log.matchAll(/syntax error in file .* line (\d+), near/g)].map((match) => Number(match[1])));
      const ours = new Set(parseConf(text).problems.map(({ line }) => text.slice(0, line.start).split('\n').length));
      lines.forEach((line, i) => {
        if (theirs.has(i + 1) !== ours.has(i + 1)) found.push(`${JSON.stringify(line)}: only ${theirs.has(i + 1) ? 'the server refuses' : 'we refuse'} it`);
      });
    });
    expect(found).toEqual([]);
  });

  test('every first fix of an example is accepted', async () => {
    const refused: string[] = [];
    await inParallel(rules.flatMap((rule) => rule.examples.filter((example) => example.bad !== undefined).map((example) => [rule, example] as const)), async ([rule, example]) => {
      if ((example.version ?? version) !== version) return;
      const text = example.bad!.replace(/[«»]/g, '');
      const fixed = fixAllFirst(rule.id, documentOf(text, version, example.files), 5, example.options);
      // An example that names no version may use what only the newest one knows.
      if (fixed === undefined || (version < newestVersion && !weAccept(fixed, version))) return;
      const answer = await checkConf(installation, fixed, example.files);
      if (!answer.accepted) refused.push(`${JSON.stringify(fixed)}: ${reason(answer)}`);
    });
    expect(refused).toEqual([]);
  });

  test('every fix of a broken text makes the server accept it', async () => {
    const refused: string[] = [];
    await inParallel(confCases.filter((text) => !weAccept(text, version)), async (text) => {
      const fixed = ['conf/syntax', 'conf/unknown-parameter', 'conf/bad-value'].reduce((current, rule) => fixAllFirst(rule, documentOf(current, version), 5) ?? current, text);
      if (fixed === text || !weAccept(fixed, version)) return;
      const answer = await checkConf(installation, fixed);
      if (!answer.accepted) refused.push(`${JSON.stringify(text)} became ${JSON.stringify(fixed)}: ${reason(answer)}`);
    });
    expect(refused).toEqual([]);
  });

  async function disagreements(texts: readonly (readonly [string, string])[]): Promise<string[]> {
    const found: string[] = [];
    await inParallel(texts, async ([name, text]) => {
      const ours = weAccept(text, version);
      const answer = await checkConf(installation, text);
      if (ours !== answer.accepted && !(name in knownDifferences)) found.push(`${name}: we ${ours ? 'accept' : 'refuse'} it, the server says: ${reason(answer)}`);
    });
    return found.sort();
  }
});

function weAccept(text: string, version: number): boolean {
  const facts = confFacts(documentOf(text, version));
  return [syntax, unknownParameter, badValue].every((rule) => [...rule.check(facts, {})].length === 0);
}

/** The text after the first fix of each finding, found anew after each; undefined when there is none. */
function fixAllFirst(rule: string, document: Document, rounds: number, options: Readonly<Record<string, unknown>> = {}): string | undefined {
  const { findings } = lint(document, { only: rule, ruleOptions: new Map([[rule, options]]) });
  const fix = findings.map((finding) => finding.fixes[0]).find((first) => first !== undefined);
  if (fix === undefined) return undefined;
  const text = applyEdits(document.text, fix.edits);
  return rounds === 0 ? text : fixAllFirst(rule, { ...document, text }, rounds - 1, options) ?? text;
}

function documentOf(text: string, version: number, neighbours: Readonly<Record<string, string>> = {}): Document {
  const files: Files = { ...noFiles, read: (name) => neighbours[name] };
  return { path: 'postgresql.conf', text, language: 'conf', version, files };
}

/** Locales, time zones and included files are those of another machine. */
function withoutForeign(text: string): string {
  return text.replace(/^[ \t]*(lc_|include|timezone|log_timezone)/gim, '#$1');
}

function isTemplate(text: string): boolean {
  const { settings, unknown } = confFacts(documentOf(text, 18)).file;
  return unknown.length > 0 || settings.some((setting) => setting.template);
}

function reason({ accepted, log }: Answer): string {
  const lines = log.split('\n').filter((line) => !line.includes('skipping missing configuration file')).map((line) => line.replace(/^.*?(LOG|FATAL|HINT|DETAIL): +/, '').replace(/"\/[^"]*\//g, '"'));
  return accepted ? 'accepted' : lines.slice(0, 2).join(' ');
}

const pieces = ['a', 'b.c', "'", "''", "'x'", '\\', "\\'", '#', ' ', '\t', '=', '-', '+', '0', '7', '0x', '1F', 'kB', 'e5', '.', ':', '/', '_', '\u00e9', '*', ',', ';', '"', '\r', 'x.y.z', 'E-3'];
const beginnings = ['', 'a ', 'a=', 'a.b = '];

/** The same lines for the same seed, so that a failure can be repeated. */
function randomLines(seed: number, count: number): string[] {
  let state = seed;
  const below = (limit: number): number => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor(state / 65536) % limit;
  };
  return Array.from({ length: count }, () => {
    const rest = Array.from({ length: 1 + below(7) }, () => pieces[below(pieces.length)]!);
    return beginnings[below(beginnings.length)]! + rest.join('');
  });
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all([worker(), worker(), worker()]);
}
