import fc from 'fast-check';
import type { Parameter } from '../../server/src/catalog/parameters.ts';

const units = ['', 'B', 'kB', 'MB', 'GB', 'TB', 'us', 'ms', 's', 'min', 'h', 'd', 'mb', 'KB', 'S', 'x', ' kB', ' ms', '\tMB', ' s ', 'kB x', 'kBx'];
const mantissa = fc.oneof(
  fc.integer({ min: -3, max: 300 }).map(String), fc.integer({ min: -(2 ** 31) - 2, max: 2 ** 31 + 2 }).map(String), fc.integer({ min: 0, max: 600 }).map((n) => `0${n.toString(8)}`),
  fc.integer({ min: 0, max: 70_000 }).map((n) => `0x${n.toString(16)}`), fc.integer({ min: 0, max: 9000 }).map((n) => String(n / 100)), fc.integer({ min: 0, max: 5 }).map((n) => `1e${n}`),
  fc.constantFrom('', '+5', '-0', '.5', '1.', '-.5', '1e400', 'nan', 'inf', '08', '0x', '1_000', '99999999999999999999', '1e-3', '0.1', '0.0005', '1.0000001', ' 5', '\n5', '0b1', 'abc', '--1'),
);
const number = fc.tuple(mantissa, fc.constantFrom(...units)).map((parts) => parts.join(''));
const boolean = fc.constantFrom('on', 'ON', 'of', 'off', 'o', 't', 'tr', 'tru', 'true', 'truex', 'y', 'ye', 'yes', 'n', 'no', 'f', 'false', '1', '0', '2', '01', '', 'on ', ' on', 'enabled', 'YES');
const word = fc.constantFrom(
  'on', 'off', 'true', 'tru', 'yes', 'no', '1', '0', 'debug', 'debug5', 'debug6', 'info', 'archive', 'hot_standby', 'replica', 'replica ', ' replica', 'lz4', 'zstd', 'pglz', 'md5', 'scram-sha-256', 'none', 'all', 'auto', 'try', '',
  'c', 'posix', 'windows', 'worker', 'io_uring', 'fsync', 'fsync_writethrough', 'open_datasync', 'always', 'remote_write', 'regress', 'read committed', 'serializable', 'TLSv1.2', 'tlsv1.2', 'nonsense', 'partition', 'sync', 'copy', 'clone',
);
const piece = fc.constantFrom(
  'a', 'A', 'b_1', 'ISO', 'sql', 'Postgres', 'German', 'DMY', 'mdy', 'US', 'Euro', 'default', 'stderr', 'CSVLOG', 'jsonlog', 'syslog', 'eventlog', 'all', 'heap', 'Heap2', 'set', 'inherit', 'view', 'foreign-table', 'data', 'wal', 'wal_init', 'receipt', 'authorization', 'on', '1', '2', '0',
  'FIRST', 'any', 'latest', 'current', 'immediate', '0/1', 'FFFFFFFF/0', '0/G', 'UTF8', 'utf-8', 'LATIN1', 'koi8r', '18446744073709551615', '18446744073709551616', 'public', '"$user"', '"a b"', '""', '"', '"x"', '*', ',', ',', ', ', ' ', '(', ')', '-', '.', '/', '$', '\u00e9', '\t', '\n', "'", '\\',
);
const text = fc.oneof({ weight: 3, arbitrary: fc.array(piece, { maxLength: 6 }).map((parts) => parts.join('')) }, fc.array(piece, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(', ')), fc.integer({ min: 60, max: 66 }).map((n) => 'a'.repeat(n)));

/** What somebody may write for this parameter: its own limits and words, their neighbours, and what is none of it. */
export function valueOf({ type, min, max, values }: Parameter): fc.Arbitrary<string> {
  const limits = [min, max].filter((limit) => limit !== undefined).flatMap((limit) => [limit - 1, limit, limit + 1].map(String));
  switch (type) {
    case 'bool': return fc.oneof({ weight: 5, arbitrary: boolean }, word);
    case 'enum': return fc.oneof(fc.constantFrom(...values!, ...values!.map((value) => value.toUpperCase())), word, boolean);
    case 'integer':
    case 'real': return fc.oneof({ weight: 4, arbitrary: number }, fc.constantFrom(...limits, '0'), boolean);
    case 'string': return text;
  }
}

const name = fc.constantFrom('work_mem', 'WORK_MEM', 'sort_mem', 'fsync', 'log_filename', 'search_path', 'random_page_cost', 'log_statement', 'a.b', 'A.b_1', 'a.b.c', 'no_such', 'log-x', '1a', 'include_if_exists', '\u00fc.x', '"fsync"', 'deadlock_timeout', '');
const value = fc.constantFrom(
  '4MB', '4 MB', "'4MB'", "'4 MB'", '64', '0x40', '1.5', "'1.5'", '.5', '1e3', 'on', 'off', 'tru', "'on '", 'none', 'ddl', 'a.b', 'a-b', '/a', 'a/b', "''", "'it''s'", "'it\\'s'", "'a\\101'", "'x", "x'", "'a' 'b'", '"a"', 'a,b', '*', '', '-1', '+1', '5s', '5 s', "'5 s'", '-', '\u00e9', "'#'", '\\', "'\\\\'",
);
const line = fc.tuple(name, fc.constantFrom('=', ' = ', ' ', '\t', '==', ':', ' =', ''), value, fc.constantFrom('', '', ' ', '# c', ' # c', ';', '\r', '\f', ' x')).map((parts) => parts.join(''));

/** A postgresql.conf of a few lines; one broken line hides those behind it, so most lines are good. */
export const confText = fc.array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom('work_mem = 4MB', 'work_mem=bad', 'Work_Mem 8MB', '# c', '', 'a.b = 1', 'fsync on', "search_path='a, b'", 'deadlock_timeout=2s', 'sort_mem=5MB', "log_filename = 'x\\t'") }, line), { maxLength: 8 }).map((lines) => lines.join('\n'));
