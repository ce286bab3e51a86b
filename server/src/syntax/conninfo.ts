import type { Span } from '../text.ts';
import { spanIn, type Decoded } from './decoded.ts';

/** A connection string as libpq reads it. What libpq would refuse ends the reading; what stands before it counts. */
export interface Conninfo {
  readonly form: 'words' | 'uri';
  readonly options: readonly ConninfoOption[];
  /** Nothing in it is what libpq would refuse. */
  readonly readable: boolean;
  /** Where a further option goes, and what has to stand in front of it. */
  readonly next: { readonly at: number; readonly separator: ' ' | '?' | '&' };
}

export interface ConninfoOption {
  /** `host`, `user`, `sslmode` …; in a URI the parts have these names too. */
  readonly keyword: string;
  /** Quotes, escapes and percent signs undone. */
  readonly value: string;
  /** Keyword and value; in a URI the separator in front of the value belongs to it: `:secret`, `&sslmode=prefer`. */
  readonly span: Span;
  /** The value, with its quotes. */
  readonly at: Span;
}

/** Reads `host=db user='a b'` and `postgresql://user@host/db?sslmode=require`; spans are those of the document that holds the text. */
export function parseConninfo(text: Decoded): Conninfo {
  if (!/^postgres(ql)?:\/\//.test(text.text)) return { form: 'words', ...readWords(text), next: { at: text.end, separator: ' ' } };
  return { form: 'uri', options: readUri(text), readable: true, next: { at: text.end, separator: text.text.includes('?') ? '&' : '?' } };
}

/** The value in force: of several with the same keyword the last one. */
export function optionOf({ options }: Conninfo, keyword: string): ConninfoOption | undefined {
  return options.findLast((option) => option.keyword === keyword);
}

function readWords(source: Decoded): Pick<Conninfo, 'options' | 'readable'> {
  const { text } = source;
  const options: ConninfoOption[] = [];
  let read = 0;
  const pattern = /\s*([^\s=]+)\s*=\s*('(?:[^'\\]|\\[^])*'|(?!')(?:[^\s\\]|\\[^])*)/y;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [whole, keyword, written] = match as unknown as [string, string, string];
    const end = match.index + whole.length;
    const value = (written.startsWith("'") ? written.slice(1, -1) : written).replace(/\\([^])/g, '$1');
    const start = match.index + whole.search(/\S/);
    read = end;
    options.push({ keyword, value, span: spanIn(source, start, end), at: spanIn(source, end - written.length, end) });
  }
  return { options, readable: text.slice(read).trim() === '' };
}

/** `postgresql://user:password@host:port,host:port/dbname?keyword=value&…` */
function readUri(source: Decoded): ConninfoOption[] {
  const { text } = source;
  const options: ConninfoOption[] = [];
  const add = (keyword: string, start: number, end: number, from = start): void => {
    const value = unescape(text.slice(start, end));
    options.push({ keyword, value, span: spanIn(source, from, end), at: spanIn(source, start, end) });
  };
  const authority = text.indexOf('//') + 2;
  const at = endOf(text, authority, /[@/]/);
  const named = text[at] === '@';
  if (named) {
    const colon = endOf(text.slice(0, at), authority, /:/);
    add('user', authority, colon);
    if (colon < at) add('password', colon + 1, at, colon);
  }
  const hosts = named ? at + 1 : authority;
  const path = endOf(text, hosts, /[/?]/);
  options.push(...readHosts(source, hosts, path));

  const query = endOf(text, path, /\?/);
  if (path + 1 < query) add('dbname', path + 1, query, path);
  for (let start = query + 1; start < text.length;) {
    const end = endOf(text, start, /&/);
    const equals = text.indexOf('=', start);
    if (equals === -1 || equals > end) break;
    const keyword = unescape(text.slice(start, equals));
    // JDBC's `ssl=true` is the one foreign word that libpq knows.
    if (keyword === 'ssl' && text.slice(equals + 1, end) === 'true') {
      options.push({ keyword: 'sslmode', value: 'require', span: spanIn(source, start - 1, end), at: spanIn(source, start, end) });
    } else add(keyword, equals + 1, end, start - 1);
    start = end + 1;
  }
  return options;
}

/** Hosts and ports are lists of equal length in two options; that of a host in brackets is an IPv6 address. */
function readHosts(source: Decoded, start: number, end: number): ConninfoOption[] {
  const { text } = source;
  const hosts: string[] = [];
  const ports: string[] = [];
  for (let from = start; from <= end;) {
    const [, host, port] = /^(\[[^\]]*\]|[^:,]*)(?::([^,]*))?/.exec(text.slice(from, end)) as unknown as [string, string, string?];
    hosts.push(unescape(host.replace(/^\[(.*)\]$/, '$1')));
    ports.push(unescape(port ?? ''));
    from = Math.min(end, endOf(text, from + host.length, /,/)) + 1;
  }
  const span = spanIn(source, start, end);
  return [{ keyword: 'host', value: hosts.join(), span, at: span }, { keyword: 'port', value: ports.join(), span, at: span }].filter(({ value }) => value !== '');
}

function endOf(text: string, from: number, pattern: RegExp): number {
  const found = text.slice(from).search(pattern);
  return found === -1 ? text.length : from + found;
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
