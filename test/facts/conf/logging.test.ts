import { describe, expect, test } from 'vitest';
import { preloads } from '../../../server/src/facts/conf/libraries.ts';
import { collectsLog, logDestinations, missingInLines, replicates } from '../../../server/src/facts/conf/logging.ts';
import { confFacts, isKnown, placeOf, switchedOff } from '../../../server/src/facts/conf/settings.ts';
import { filesOf } from '../../files.ts';

function facts(text: string, { path = 'postgresql.conf', version = 18, files = {} }: { path?: string; version?: number; files?: Record<string, string> } = {}) {
  return confFacts({ path, text, language: 'conf', version, files: filesOf({ ...files, [path]: text }) });
}

describe('a parameter', () => {
  test('is known when it is written or left to the default', () => {
    expect(isKnown(facts('port = 5432'), 'ssl')).toBe(true);
    expect(isKnown(facts('ssl = off', { path: 'conf.d/a.conf' }), 'ssl')).toBe(true);
    expect(isKnown(facts('port = 5432', { path: 'conf.d/a.conf' }), 'ssl')).toBe(false);
    expect(isKnown(facts('port = 5432\ninclude gone'), 'ssl')).toBe(false);
    expect(isKnown(facts('ssl = {{ tls }}\nport = 5432'), 'ssl')).toBe(false);
  });

  test('is reported at its value, or at line 1 when nothing sets it', () => {
    expect(placeOf(facts('# here\nport = 5432'), 'port')).toEqual({ at: { start: 14, end: 18 }, unset: false });
    expect(placeOf(facts('# here\nport = 5432'), 'ssl')).toEqual({ at: { start: 0, end: 6 }, unset: true });
    expect(placeOf(facts('port = 5432', { files: { 'postgresql.auto.conf': 'ssl = on' } }), 'ssl')).toBeUndefined();
  });

  test('is switched off as the version of the server has it', () => {
    expect(switchedOff(facts('port = 5432', { version: 14 }), 'log_checkpoints')?.unset).toBe(true);
    expect(switchedOff(facts('port = 5432', { version: 15 }), 'log_checkpoints')).toBeUndefined();
    expect(switchedOff(facts('log_checkpoints = fal'), 'log_checkpoints')?.unset).toBe(false);
  });
});

describe('the log', () => {
  test('goes where the server sends it', () => {
    expect(logDestinations(facts('port = 5432'))).toEqual(['stderr']);
    expect(logDestinations(facts("log_destination = ' CSVlog,\"syslog\" '"))).toEqual(['csvlog', 'syslog']);
    expect(logDestinations(facts('work_mem = 4MB', { path: 'conf.d/a.conf' }))).toBeUndefined();
  });

  test('is collected, or not, or nobody knows', () => {
    expect(collectsLog(facts('logging_collector = yes'))).toBe(true);
    expect(collectsLog(facts('port = 5432'))).toBe(false);
    expect(collectsLog(facts('work_mem = 4MB', { path: 'conf.d/a.conf' }))).toBeUndefined();
  });

  test('has in each line what its prefix says', () => {
    const missing = (prefix: string, ...destinations: string[]) => missingInLines(prefix, destinations).map(({ word }) => word);
    expect(missing('%m [%p] ', 'stderr')).toEqual(['user', 'database', 'client address']);
    expect(missing('%-10t %5c %q%u%%d%h', 'stderr')).toEqual(['database']);
    expect(missing('', 'syslog')).toEqual(['user', 'database', 'client address']);
    expect(missing('', 'syslog', 'stderr')).toEqual(['time', 'process', 'user', 'database', 'client address']);
    expect(missing('', 'csvlog', 'jsonlog')).toEqual([]);
  });
});

describe('a server', () => {
  test('loads libraries under any of their names', () => {
    expect(preloads(facts("shared_preload_libraries = 'x, $libdir/pgaudit.so'"), 'pgaudit')).toBe(true);
    expect(preloads(facts("shared_preload_libraries = 'pgaudit_x'"), 'pgaudit')).toBe(false);
    expect(preloads(facts('work_mem = 4MB', { path: 'conf.d/a.conf' }), 'pgaudit')).toBeUndefined();
  });

  test('replicates when other machines may, or when it waits for them', () => {
    const withHba = (record: string) => replicates(facts('port = 5432', { files: { 'pg_hba.conf': `${record}\n` } }));
    expect(withHba('host replication all 10.0.0.0/8 md5')).toBe(true);
    expect(withHba('host all all 10.0.0.0/8 md5')).toBe(false);
    expect(withHba('local replication all peer')).toBe(false);
    expect(withHba('host replication all 10.0.0.0/8 reject')).toBe(false);
    expect(replicates(facts("synchronous_standby_names = 'FIRST 1 (a, b)'"))).toBe(true);
    expect(replicates(facts("synchronous_standby_names = ' '"))).toBe(false);
  });
});
