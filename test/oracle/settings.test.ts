import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBoolean, readNumber } from '../../server/src/catalog/numbers.ts';
import generated from '../../server/src/catalog/parameters.json' with { type: 'json' };
import { findParameter, isCustomName, type Parameter } from '../../server/src/catalog/parameters.ts';
import { checkValue, readEnum } from '../../server/src/catalog/values.ts';
import { supportedVersions } from '../../server/src/document.ts';
import { confFacts, type SettingInForce } from '../../server/src/facts/conf/settings.ts';
import { parseConf } from '../../server/src/syntax/conf.ts';
import { quoteString } from '../../server/src/syntax/conf-tokens.ts';
import { amount } from '../amount.ts';
import { documentOf, startOracle, withFiles, type Oracle } from './ask.ts';
import { confCases } from './conf-cases.ts';
import { confText, valueOf } from './conf-texts.ts';
import { Differences, type Difference } from './differences.ts';
import { checkConf, installPostgres, type Installation } from './servers.ts';

/** Read from files of the server or of the machine, needed to understand the log, or the end of it: a server stops at a bad date. */
const notAsked = /^(config_file|data_directory|log_error_verbosity|log_min_messages|TimeZone|log_timezone|timezone_abbreviations|recovery_target_time|lc_.*)$/;
const hidden = ['default_with_oids', 'ssl_renegotiation_limit', 'seed', 'role', 'session_authorization'];
/** Only one of them may be set. */
const targets = ['recovery_target', 'recovery_target_lsn', 'recovery_target_name', 'recovery_target_xid'];

describe.each(supportedVersions)('settings and PostgreSQL %i', (version) => {
  const parameters = [...Object.keys(generated), ...hidden].map((name) => findParameter(name, version))
    .filter((one): one is Parameter => one !== undefined && one.context !== 'internal' && !notAsked.test(one.name));
  let installation: Installation;
  let oracle: Oracle;
  beforeAll(async () => {
    [installation, oracle] = await Promise.all([installPostgres(version), startOracle(version)]);
    await oracle.client.query(`create function shown(p text, v text) returns text language plpgsql as $$
      begin perform set_config(p, v, true); return current_setting(p); exception when others then return null; end $$`);
  });
  afterAll(async () => { await oracle?.stop(); });

  test('a server starts with the same values', async () => {
    const differences = new Differences();
    const everyValue = fc.record(Object.fromEntries(parameters.map((one) => [one.name, valueOf(one)])));
    await fc.assert(fc.asyncProperty(everyValue, async (values) => {
      const target = targets.toSorted((a, b) => (values[a]! < values[b]! ? -1 : 1))[0];
      const asked = Object.entries(values).filter(([name]) => !targets.includes(name) || name === target);
      const refused = await refusedBy(asked.map(([name, value]) => `${name} = ${quoteString(value)}`).join('\n'));
      const found = asked.flatMap(([name, value]) => {
        const ours = checkValue(findParameter(name, version)!, value, version);
        if ((ours !== undefined) === refused.has(name)) return [];
        const difference = ours === undefined ? knownDifference(name, value) : undefined;
        if (difference === undefined) return [`${name} = ${JSON.stringify(value)}: we ${ours === undefined ? 'accept it' : `say: ${ours}`}`];
        differences.meet(difference);
        return [];
      });
      expect(found).toEqual([]);
    }), amount(60, 600));
  });

  test('a known difference still occurs', async () => {
    const texts: readonly [Difference, string, string][] = [
      ['other platforms have it', 'shared_memory_type', 'windows'], ['other builds have it', 'bonjour', 'on'], ['the stack of the machine', 'max_stack_depth', '1GB'],
      ['dates', 'recovery_target_time', 'nonsense'], ['parameters that depend on one another', 'log_statement_stats', 'on'],
    ];
    for (const [difference, name, value] of texts) {
      expect(checkValue(findParameter(name, version)!, value, version), name).toBeUndefined();
      expect(knownDifference(name, value), name).toBe(difference);
      expect(await refusedBy(`log_parser_stats = on\n${name} = '${value}'`), name).toContain(name);
    }
  });

  // Without what depends on the transaction, excludes its siblings, or shows what the operating system makes of it.
  test('a session shows the same values', async () => {
    const settable = parameters.filter(({ context, type }) => (context === 'user' || context === 'superuser') && type !== 'string').filter(({ name }) => !hidden.includes(name) && !/^transaction_|stats$|^tcp_/.test(name));
    const values = fc.record(Object.fromEntries(settable.map((one) => [one.name, valueOf(one)])));
    await fc.assert(fc.asyncProperty(values, async (asked) => {
      const ours = Object.entries(asked).flatMap(([name, value]) => {
        const parameter = findParameter(name, version)!;
        return checkValue(parameter, value, version) === undefined && knownDifference(name, value) === undefined ? [{ name, value, setting: settingOf(parameter, value) }] : [];
      });
      const { rows } = await oracle.client.query<{ name: string; value: string; setting: string }>(
        'select n as name, v as value, shown(n, v) as setting from unnest($1::text[], $2::text[]) as t(n, v)', [ours.map(({ name }) => name), ours.map(({ value }) => value)]);
      const found = rows.flatMap(({ name, value, setting }, i) => (isShownAs(findParameter(name, version)!, ours[i]!.setting, settingOf(findParameter(name, version)!, setting)) ? [] : [`${name} = ${JSON.stringify(value)}: ours ${ours[i]!.setting}, the server's ${setting}`]));
      expect(found).toEqual([]);
    }), amount(3, 40));
  });

  test('the view shows the same settings', async () => {
    const found: string[] = [];
    for (const text of confCases.filter((one) => !one.includes('\0'))) found.push(...await disagreements(text));
    const differences = new Differences();
    for (const { text, files } of includeCases) found.push(...await disagreements(text, files, differences));
    expect(found).toEqual([]);
    expect(differences.met).toEqual(['a folder that is not there']);
    await fc.assert(fc.asyncProperty(confText, async (text) => {
      expect(await disagreements(text)).toEqual([]);
    }), amount(100, 1000));
  });

  /** The parameters of which the server says at its start that it does not take the value. */
  async function refusedBy(text: string): Promise<Set<string>> {
    const { log } = await checkConf(installation, text);
    const refused = new Set<string>();
    for (const [, message] of log.matchAll(/^.*?(?:LOG|FATAL): +(.*)$/gm)) {
      const name = /(?:parameter|for) "([^"]+)"/.exec(message!)?.[1] ?? unnamed.find(([start]) => message!.startsWith(start))?.[1];
      if (name === undefined) throw new Error(`Which parameter is this about? ${message}`);
      refused.add(name);
    }
    return refused;
  }

  /** Name, value, file, line and what becomes of it, as pg_file_settings shows them. */
  async function disagreements(text: string, files: Readonly<Record<string, string>> = {}, differences = new Differences()): Promise<string[]> {
    return withFiles(oracle.server, files, async () => {
      await oracle.server.writeFile('postgresql.conf', text);
      const { rows } = await oracle.client.query<FileSetting>('select * from pg_file_settings order by seqno');
      const { file, settings } = confFacts(documentOf('conf', 'postgresql.conf', text, version, files));
      const inIncluded = Object.values(files).some((included) => parseConf(included).problems.length > 0);
      // A mark makes another name of the first one.
      if (file.problems.some(({ kind }) => kind === 'mark')) return rows.some(({ error }) => error !== null) ? [] : [`${JSON.stringify(text)}: only we refuse the byte order mark`];
      const oursBroken = file.problems.length > 0 || inIncluded;
      if (oursBroken !== rows.some(({ error }) => isSyntax(error))) return [`${JSON.stringify(text)}: only ${oursBroken ? 'we refuse' : 'the server refuses'} the syntax`];
      const lost = rows.find(({ name, error }) => name === null && !isSyntax(error));
      if (lost?.error?.startsWith('could not open directory') && settings.complete) differences.meet('a folder that is not there');
      else if (lost !== undefined && settings.complete) return [`${JSON.stringify(text)}: only the server says: ${lost.error}`];
      // Behind the first line that is broken, or that names a file that is not there, the view says nothing.
      if (oursBroken || lost !== undefined) return [];
      const unknown = settings.written.some((one) => isUnknown(one.setting.name.text));
      const ours = settings.written.map((one) => {
        const source = one.path === 'postgresql.conf' ? text : files[one.path]!;
        const line = source.slice(0, one.setting.span.start).split('\n').length;
        return `${one.path}:${line} ${one.setting.name.text} ${one.setting.value.text} ${fateOf(one, settings.examined.includes(one), unknown)}`;
      });
      const theirs = rows.map((row) => {
        const fate = needsRestart(row.name!) && !unknown ? 'after a restart' : row.error ?? (row.applied ? 'applied' : 'ignored');
        return `${path.relative(oracle.server.dataDir, row.sourcefile)}:${row.sourceline} ${row.name} ${row.setting} ${fate}`;
      });
      return JSON.stringify(ours) === JSON.stringify(theirs) ? [] : [`${JSON.stringify(text)}: ours ${JSON.stringify(ours)}, the server's ${JSON.stringify(theirs)}`];
    });
  }

  function isUnknown(name: string): boolean {
    return !isCustomName(name) && findParameter(name, version) === undefined;
  }

  /** A running server says of these only that they differ; what it makes of them is asked at a start. */
  function needsRestart(name: string): boolean {
    return findParameter(name, version)?.context === 'postmaster';
  }

  function fateOf({ setting }: SettingInForce, examined: boolean, unknown: boolean): string {
    const parameter = findParameter(setting.name.text, version);
    if (isUnknown(setting.name.text)) return 'unrecognized configuration parameter';
    if (unknown) return 'ignored';
    if (needsRestart(setting.name.text)) return 'after a restart';
    if (!examined) return 'ignored';
    // A running server knows this role; at its start it knows none.
    if (/^(role|session_authorization)$/i.test(setting.name.text) && setting.value.text === 'postgres') return 'applied';
    return parameter !== undefined && checkValue(parameter, setting.value.text, version) !== undefined ? 'setting could not be applied' : 'applied';
  }
});

/** What makes the whole file void. */
function isSyntax(error: string | null): boolean {
  return error === 'syntax error' || /^empty configuration/.test(error ?? '');
}

interface FileSetting {
  readonly sourcefile: string;
  readonly sourceline: number;
  readonly name: string | null;
  readonly setting: string | null;
  readonly applied: boolean;
  readonly error: string | null;
}

/** Which files are read, in which order and how deep. */
const includeCases: readonly { text: string; files: Readonly<Record<string, string>> }[] = [
  { text: "work_mem = 4MB\ninclude 'a.conf'\nwork_mem = 5MB\n", files: { 'a.conf': 'work_mem = 6MB\nfsync = off\n' } },
  { text: "INCLUDE = 'a.conf'\n", files: { 'a.conf': 'work_mem = 6MB\n' } },
  { text: "include_dir 'd'\n", files: { 'd/b.conf': 'work_mem = 1MB\n', 'd/a.conf': 'work_mem = 2MB\n', 'd/B.conf': 'work_mem = 3MB\n', 'd/.x.conf': 'work_mem = 4MB\n', 'd/c.txt': 'work_mem = 5MB\n', 'd/10.conf': 'work_mem = 6MB\n', 'd/9.conf': 'work_mem = 7MB\n' } },
  { text: "include_if_exists 'gone.conf'\nwork_mem = 4MB\n", files: {} },
  { text: "include 'gone.conf'\nwork_mem = 4MB\n", files: {} },
  { text: "include_dir 'gone'\n", files: {} },
  { text: "include 'd/a.conf'\n", files: { 'd/a.conf': "include 'b.conf'\ninclude '../c.conf'\n", 'd/b.conf': 'work_mem = 1MB\n', 'c.conf': 'work_mem = 2MB\n' } },
  { text: "include 'a.conf'\n", files: { 'a.conf': "work_mem = 1MB\ninclude 'a.conf'\n" } },
  { text: "include 'postgresql.conf'\n", files: {} },
  { text: "include '1.conf'\n", files: chain(10) },
  { text: "include '1.conf'\n", files: chain(11) },
  { text: "include 'a.conf'\nwork_mem = 4MB\n", files: { 'a.conf': 'work_mem = = 1\n' } },
  { text: "include 'a.conf'\nwork_mem = 4MB\n", files: { 'a.conf': 'nonsense = 1\n' } },
];

function chain(length: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length }, (_, i) => [`${i + 1}.conf`, `work_mem = ${i + 1}MB\n${i + 1 < length ? `include '${i + 2}.conf'\n` : ''}`]));
}

/** Messages that do not name the parameter. */
const unnamed: readonly (readonly [string, string])[] = [
  ['tables declared WITH OIDS', 'default_with_oids'], ['number of synchronous standbys', 'synchronous_standby_names'], ['Bonjour is not supported', 'bonjour'],
  ['configuration file', '-'], ['skipping missing configuration file', '-'],
];

function knownDifference(name: string, value: string): Difference | undefined {
  if (/eventlog|^windows$|fsync_writethrough/i.test(value)) return 'other platforms have it';
  if (/^(lz4|zstd|io_uring|clone)$/i.test(value) || name === 'bonjour') return 'other builds have it';
  if (name === 'max_stack_depth') return 'the stack of the machine';
  if (name === 'recovery_target_time') return 'dates';
  return /^log_(statement|parser|planner|executor)_stats$|^(autovacuum_max_workers|max_connections|max_wal_senders|max_worker_processes)$/.test(name) ? 'parameters that depend on one another' : undefined;
}

/** The value in the parameter's own unit and in the server's spelling. */
function settingOf(parameter: Parameter, value: string): string {
  switch (parameter.type) {
    case 'bool': return readBoolean(value) ? 'on' : 'off';
    case 'enum': return readEnum(parameter, value)!;
    default: return String(readNumber(value, parameter.type as 'integer', parameter.unit));
  }
}

/** Six digits are what the server shows of a real number. */
function isShownAs(parameter: Parameter, ours: string, theirs: string): boolean {
  if (parameter.type !== 'real') return ours === theirs;
  return Math.abs(Number(ours) - Number(theirs)) <= 5.0001e-6 * Math.abs(Number(ours));
}
