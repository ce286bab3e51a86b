import { readList } from '../syntax/list.ts';

/**
 * What the server refuses in the text of a parameter, as the end of a sentence that starts with its name; undefined when it
 * takes the text. What depends on the server's files and locales (time zones, dates, `lc_messages`) is not known and so not judged.
 */
export function checkText(name: string, text: string, version: number): string | undefined {
  const known = listWords(name, version);
  if (known !== undefined) return checkWords(name, known, text);
  return Object.hasOwn(checks, name) ? checks[name]!(text, version) : undefined;
}

/** The words that a list parameter takes; undefined when it takes more than known words. */
export function listWords(name: string, version: number): readonly string[] | undefined {
  const words = lists[name];
  return words && Object.keys(words).filter((word) => words[word]! <= version);
}

/** Lists of keywords, with the first version that knows a word where it is not the first of all. */
const lists: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  log_destination: { stderr: 0, csvlog: 0, jsonlog: 15, syslog: 0, eventlog: 0 },
  log_connections: { receipt: 18, authentication: 18, authorization: 18, setup_durations: 18, all: 18 },
  createrole_self_grant: { set: 16, inherit: 16 },
  restrict_nonsystem_relation_kind: { view: 0, 'foreign-table': 0 },
  debug_io_direct: { data: 16, wal: 16, wal_init: 16 },
};

function checkWords(name: string, known: readonly string[], text: string): string | undefined {
  const entries = readList(text);
  if (name === 'log_connections' && entries?.length === 1 && /^(on|off|true|false|yes|no|1|0)$/i.test(entries[0]!)) return undefined;
  if (entries?.every((entry) => known.includes(entry.toLowerCase()))) return undefined;
  return takesOnly(known);
}

export function takesOnly(words: readonly string[]): string {
  return `takes only ${words.join(', ')}`;
}

const checks: Readonly<Record<string, (text: string, version: number) => string | undefined>> = {
  role: (text) => (text === 'none' ? undefined : 'takes only none'),
  search_path: checkList,
  temp_tablespaces: checkList,
  synchronous_standby_names: (text) => (isStandbyList(text) ? undefined : 'takes a list of standbys such as FIRST 1 (a, b)'),
  primary_slot_name: (text) => (text === '' || isSlotName(text) ? undefined : slotNames),
  synchronized_standby_slots: (text) => (readList(text, folded)?.every((entry) => isSlotName(entry)) ? undefined : slotNames),
  backtrace_functions: (text) => (/^[0-9a-zA-Z_, \n\t]*$/.test(text) ? undefined : 'takes a list of C function names'),
  default_table_access_method: (text) => (text === '' ? 'takes the name of an access method' : undefined),
  wal_consistency_checking: checkResourceManagers,
  recovery_target: (text) => (text === '' || text === 'immediate' ? undefined : 'takes only immediate'),
  recovery_target_lsn: (text) => (text === '' || /^[0-9a-fA-F]{1,8}\/[0-9a-fA-F]{1,8}$/.test(text) ? undefined : 'takes a position in the log such as 0/1234ABCD'),
  recovery_target_name: (text) => (bytesOf(text) < 64 ? undefined : 'takes a name of at most 63 bytes'),
  recovery_target_timeline: checkUnsigned,
  recovery_target_xid: checkUnsigned,
  DateStyle: checkDateStyle,
  client_encoding: (text) => (encodings.has(text.toLowerCase().replace(/[^a-z0-9]/g, '')) ? undefined : 'takes the name of an encoding'),
};

const slotNames = 'takes names of replication slots: lower-case letters, digits and underscores';

function checkList(text: string): string | undefined {
  return readList(text) === undefined ? 'takes names with commas between them' : undefined;
}

/** An unquoted name is made a name as SQL does: in lower case, cut behind 63 bytes. */
function folded(word: string): string {
  return word.toLowerCase().slice(0, 63);
}

function isSlotName(text: string): boolean {
  return /^[a-z0-9_]{1,63}$/.test(text);
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Before 15 no extension could add one. */
function checkResourceManagers(text: string, version: number): string | undefined {
  const entries = readList(text);
  if (entries === undefined) return 'takes names of resource managers with commas between them';
  return version >= 15 || entries.every((entry) => resourceManagers.includes(entry.toLowerCase())) ? undefined : takesOnly(resourceManagers);
}

const resourceManagers = ['all', 'heap', 'heap2', 'btree', 'hash', 'gin', 'gist', 'sequence', 'spgist', 'brin', 'generic'];

/** What is no number counts as 0; what does not fit 64 bits is refused. */
function checkUnsigned(text: string): string | undefined {
  const digits = /^[ \t\n\v\f\r]*[-+]?(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/.exec(text)?.[1];
  return digits === undefined || BigInt(digits.replace(/^0(?=[0-7])/, '0o')) < 2n ** 64n ? undefined : 'takes a smaller number';
}

/** `2 (a, b)`, `ANY 1 (*)`, `FIRST 2 (a, "b c")`, or only names (syncrep_gram.y). */
function isStandbyList(text: string): boolean {
  if (text === '') return true;
  const token = /[ \t\n\v\f\r]*(?:([0-9]+)|("(?:[^"]|"")*"|\*|[A-Za-z_\x80-\uffff][A-Za-z0-9_$\x80-\uffff]*)|([,()]))[ \t\n\v\f\r]*/y;
  let shape = '';
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (match === null) return false;
    shape += match[1] !== undefined ? (Number(match[1]) > 0 ? '1' : '0') : match[3] ?? (/^(any|first)$/i.test(match[2]!) ? 'k' : 'n');
  }
  return /^(?:k?1\([n01](?:,[n01])*\)|[n01](?:,[n01])*)$/.test(shape);
}

/** A style, an order of day, month and year, or both; two that differ are refused. */
function checkDateStyle(text: string): string | undefined {
  const wrong = 'takes one of ISO, SQL, Postgres, German and one of MDY, DMY, YMD';
  const styles = new Set<string>();
  const orders = new Set<string>();
  for (const entry of readList(text) ?? ['?']) {
    const word = entry.toLowerCase();
    const style = /^(?:(iso|sql|german)$|(postgres))/.exec(word);
    const order = /^(?:(ymd|dmy|mdy|us)$|(euro|noneuro))/.exec(word);
    if (style !== null) styles.add(style[1] ?? style[2]!);
    else if (order !== null) orders.add(orderNames[order[0]] ?? order[0]);
    else if (word !== 'default') return wrong;
  }
  return styles.size > 1 || orders.size > 1 ? wrong : undefined;
}

const orderNames: Readonly<Record<string, string>> = { us: 'mdy', noneuro: 'mdy', euro: 'dmy' };

/** Names of encodings (encnames.c), in lower case and without what is no letter or digit. */
const encodings: ReadonlySet<string> = new Set([
  'abc', 'alt', 'big5', 'euccn', 'eucjis2004', 'eucjp', 'euckr', 'euctw', 'gb18030', 'gbk', ...['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '13', '14', '15', '16'].map((part) => `iso8859${part}`),
  'johab', 'koi8', 'koi8r', 'koi8u', ...['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'].map((part) => `latin${part}`), 'mskanji', 'muleinternal', 'shiftjis', 'shiftjis2004', 'sjis', 'sqlascii', 'tcvn', 'tcvn5712',
  'uhc', 'unicode', 'utf8', 'vscii', 'win', ...['1250', '1251', '1252', '1253', '1254', '1255', '1256', '1257', '1258', '866', '874', '932', '936', '949', '950'].map((page) => `win${page}`),
  ...['1250', '1251', '1252', '1253', '1254', '1255', '1256', '1257', '1258', '866', '874', '932', '936', '949', '950'].map((page) => `windows${page}`),
]);
