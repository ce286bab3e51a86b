import type { Written } from '../document.ts';
import type { Span } from '../text.ts';
import { bitsOf, formatIp, maskOf, parseBits, parseIp } from './address.ts';
import { checkOptions, readOptions, type HbaOption } from './hba-options.ts';
import { readPieces } from './hba-pieces.ts';
import { isKeyword, type HbaToken, type TokenLine } from './hba-tokens.ts';
import { likelyWord, shown } from './hba-words.ts';
import { regexError } from './regex.ts';

export { optionsOfEveryMethod, type HbaOption } from './hba-options.ts';
export { isKeyword, type HbaToken } from './hba-tokens.ts';

/** A pg_hba.conf as written. Every input gives one. */
export interface HbaFile extends Written {
  /** Every logical line that is not blank or a comment, in order: records, includes, templates and broken lines. */
  readonly lines: readonly HbaLine[];
  /** The lines that are records a server would accept, in order. */
  readonly records: readonly HbaRecord[];
}

export interface HbaLine {
  /** From the first token to the last. */
  readonly span: Span;
  /** All physical lines of it, blanks and comment included, without the line end. */
  readonly line: Span;
  readonly fields: readonly (readonly HbaToken[])[];
  /** What the server reads here cannot be known: a template placeholder, or `@file` where one word belongs. */
  readonly template: boolean;
  /** What makes a server of the given version refuse the whole file, in our words. */
  readonly error?: HbaError;
  readonly include?: HbaInclude;
}

export interface HbaError {
  readonly at: Span;
  /** A clause such as `"hots" is not a connection type`. */
  readonly message: string;
  /** What was most likely meant in place of `at`. */
  readonly instead?: string;
}

export interface HbaInclude {
  readonly kind: 'include' | 'include_if_exists' | 'include_dir';
  readonly target: HbaToken;
}

export const connectionTypes = ['local', 'host', 'hostssl', 'hostnossl', 'hostgssenc', 'hostnogssenc'] as const;
export type ConnectionType = (typeof connectionTypes)[number];

export const methods = ['trust', 'reject', 'md5', 'password', 'scram-sha-256', 'gss', 'sspi', 'ident', 'peer', 'ldap', 'radius', 'cert', 'pam', 'bsd', 'oauth'] as const;
export type Method = (typeof methods)[number];

export interface HbaRecord extends HbaLine {
  readonly type: HbaToken & { readonly text: ConnectionType };
  readonly databases: readonly HbaToken[];
  readonly users: readonly HbaToken[];
  /** Absent on `local` records. */
  readonly address?: HbaAddress;
  /** As written. `ident` on a `local` record means `peer`. */
  readonly method: HbaToken & { readonly text: Method };
  readonly options: readonly HbaOption[];
}

export type HbaAddress = HbaNamedAddress | HbaNetwork;

export interface HbaNamedAddress {
  readonly kind: 'all' | 'samehost' | 'samenet' | 'host' | 'suffix';
  readonly tokens: readonly [HbaToken];
}

export interface HbaNetwork {
  readonly kind: 'ip';
  /** The address, and the mask where it stands in a column of its own. */
  readonly tokens: readonly [HbaToken, HbaToken?];
  readonly family: 4 | 6;
  /** As written: bits outside the mask may be set. */
  readonly network: Uint8Array;
  readonly mask: Uint8Array;
  /** The prefix length; absent when the mask is not one run of ones. */
  readonly bits?: number;
}

export function parseHba(text: string, version: number): HbaFile {
  const lines: HbaLine[] = [];
  const records: HbaRecord[] = [];
  const comments: Span[] = [];
  const units: Span[] = [];
  for (const { comment, line } of readPieces(text, version, (tokenLine) => readLine(text, tokenLine, version))) {
    if (comment) comments.push(comment);
    if (line === undefined) continue;
    lines.push(line);
    units.push(line.span);
    if (isRecord(line)) records.push(line);
  }
  return { lines, records, comments, units };
}

/** The span from the first token to the last, and what else is known before a line is understood. */
export function lineOf({ line, fields, template }: TokenLine): HbaLine {
  return { span: { start: fields[0]![0]!.span.start, end: fields.at(-1)!.at(-1)!.span.end }, line, fields, template };
}

/** The include directive that a line is from version 16 on: exactly two fields, of which the first token counts. */
export function includeOf({ fields }: HbaLine, version: number): HbaInclude | undefined {
  const [keyword, target] = [fields[0]?.[0], fields[1]?.[0]];
  if (version < 16 || fields.length !== 2 || !keyword || !target) return undefined;
  const kind = includeKinds.find((name) => name === keyword.text);
  return kind && { kind, target };
}

const includeKinds = ['include', 'include_if_exists', 'include_dir'] as const;
const byteOrderMark = '\uFEFF';

/** Thrown inside this file only, to leave a record early. */
class Refusal {
  readonly error: HbaError;
  constructor(at: Span, message: string, instead?: string) {
    this.error = { at, message, ...(instead !== undefined && { instead }) };
  }
}

/** A record that a server would accept. */
export function isRecord(line: HbaLine): line is HbaRecord {
  return 'method' in line;
}

function readLine(text: string, tokenLine: TokenLine, version: number): HbaLine {
  const line = lineOf(tokenLine);
  if (line.template) return line;
  if (tokenLine.error) return { ...line, error: tokenLine.error };
  const include = includeOf(line, version);
  if (include?.target.file !== undefined) return { ...line, template: true };
  if (include) return { ...line, include };
  try {
    return new RecordReader(text, line, version).record();
  } catch (refusal) {
    if (refusal instanceof Refusal) return { ...line, error: refusal.error };
    if (refusal === unknowable) return { ...line, template: true };
    throw refusal;
  }
}

/** Methods that need an option. */
const needy: ReadonlySet<Method> = new Set(['ldap', 'radius', 'oauth']);

const unknowable = Symbol('one word is in another file');

class RecordReader {
  readonly #text: string;
  readonly #line: HbaLine;
  readonly #version: number;
  #next = 0;

  constructor(text: string, line: HbaLine, version: number) {
    this.#text = text;
    this.#line = line;
    this.#version = version;
  }

  record(): HbaRecord {
    const type = this.#type();
    const databases = this.#names('database');
    const users = this.#names('role');
    const address = type.text === 'local' ? undefined : this.#address();
    const method = this.#method(type);
    const options = this.#next < this.#line.fields.length ? readOptions(this.#text, this.#line.fields.slice(this.#next).flat()) : [];
    const { span, line, fields } = this.#line;
    const record: HbaRecord = { span, line, fields, template: false, type, databases, users, address, method, options };
    const wrong = options.length > 0 || needy.has(method.text) ? checkOptions(record, this.#version) : undefined;
    if (wrong) throw new Refusal(wrong.at, wrong.message, wrong.instead);
    return record;
  }

  #type(): HbaRecord['type'] {
    const token = this.#word('connection type');
    const type = connectionTypes.find((name) => name === token.text);
    if (type) return token as HbaRecord['type'];
    if (token.text.startsWith(byteOrderMark)) {
      throw new Refusal({ start: token.span.start, end: token.span.start + 1 }, 'a byte order mark stands before the first word', '');
    }
    if (this.#version < 16 && includeKinds.some((kind) => kind === token.text) && this.#line.fields.length === 2) {
      throw new Refusal(token.span, `${token.text} is read from PostgreSQL 16 on, this one is ${this.#version}`);
    }
    throw new Refusal(token.span, `${shown(token.text)} is not a connection type`, likelyWord(token.text, connectionTypes));
  }

  #names(what: string): readonly HbaToken[] {
    const tokens = this.#field(what);
    if (this.#version < 16) return tokens;
    for (const token of tokens) {
      const wrong = token.text.startsWith('/') ? regexError(token.text.slice(1), this.#version) : undefined;
      if (wrong) throw new Refusal(token.span, `the regular expression ${shown(token.text)} has ${wrong}`);
    }
    return tokens;
  }

  #address(): HbaAddress {
    const token = this.#word('address');
    for (const kind of ['all', 'samehost', 'samenet'] as const) if (isKeyword(token, kind)) return { kind, tokens: [token] };
    const slash = token.text.indexOf('/');
    const host = slash < 0 ? token.text : token.text.slice(0, slash);
    const network = parseIp(host);
    if (slash < 0) return network ? this.#masked(token, network) : { kind: host.startsWith('.') ? 'suffix' : 'host', tokens: [token] };
    if (!network) throw new Refusal(token.span, `${shown(token.text)} has a mask behind something that is no IP address`, hostNameIn(token));
    const bits = parseBits(token.text.slice(slash + 1), network.length);
    if (bits === undefined) throw new Refusal(token.span, `${shown(token.text)} has no mask from 0 to ${network.length * 8}`);
    return { kind: 'ip', tokens: [token], family: familyOf(network), network, mask: maskOf(bits, network.length), bits };
  }

  /** The mask column that an address without `/bits` needs. */
  #masked(token: HbaToken, network: Uint8Array): HbaNetwork {
    const instead = network.some((byte) => byte !== 0) ? `${formatIp(network)}/${network.length * 8}` : undefined;
    const missing = `${shown(token.text)} has no mask`;
    if (this.#next >= this.#line.fields.length) throw new Refusal(token.span, missing, instead);
    const column = this.#word('mask');
    const mask = parseIp(column.text);
    if (!mask && isMethodLike(column.text)) throw new Refusal(token.span, missing, instead);
    if (!mask) throw new Refusal(column.span, `${shown(column.text)} is no mask for ${shown(token.text)}`);
    if (mask.length !== network.length) throw new Refusal(column.span, `the mask ${shown(column.text)} is for another IP version than its address`);
    const bits = bitsOf(mask);
    return { kind: 'ip', tokens: [token, column], family: familyOf(network), network, mask, ...(bits !== undefined && { bits }) };
  }

  #method(type: HbaRecord['type']): HbaRecord['method'] {
    const token = this.#word('authentication method');
    const method = methods.find((name) => name === token.text);
    if (!method) throw this.#notAMethod(type, token);
    if (method === 'oauth' && this.#version < 18) throw new Refusal(token.span, `oauth is known from PostgreSQL 18 on, this one is ${this.#version}`);
    if (method === 'gss' && type.text === 'local') throw new Refusal(token.span, 'gss does not work on local records');
    if (method === 'peer' && type.text !== 'local') throw new Refusal(token.span, 'peer works on local records only');
    if (method === 'cert' && type.text !== 'hostssl') {
      throw new Refusal(type.span, 'cert works on hostssl records only', type.text === 'host' ? 'hostssl' : undefined);
    }
    return token as HbaRecord['method'];
  }

  #notAMethod(type: HbaRecord['type'], token: HbaToken): Refusal {
    if (type.text === 'local' && parseIp(token.text.split('/', 1)[0]!)) {
      return new Refusal(token.span, `a local record has no address, so ${shown(token.text)} is read as its method`);
    }
    return new Refusal(token.span, `${shown(token.text)} is not an authentication method`, likelyMethod(token.text));
  }

  /** The only token of the next field. */
  #word(what: string): HbaToken {
    const tokens = this.#field(what);
    if (tokens.some((token) => token.file !== undefined)) throw unknowable;
    if (tokens.length > 1) {
      throw new Refusal({ start: tokens[0]!.span.start, end: tokens.at(-1)!.span.end }, `a record has one ${what}, here are ${tokens.length}`);
    }
    return tokens[0]!;
  }

  #field(what: string): readonly HbaToken[] {
    const tokens = this.#line.fields[this.#next++];
    if (!tokens) throw new Refusal(this.#line.span, `the record ends before the ${what}`);
    return tokens;
  }
}

/** `db.example.com` of `db.example.com/32`, where nothing else can be meant. */
function hostNameIn({ text, quoted }: HbaToken): string | undefined {
  return quoted ? undefined : /^([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*)\/\d+$/i.exec(text)?.[1];
}

function familyOf(network: Uint8Array): 4 | 6 {
  return network.length === 4 ? 4 : 6;
}

function isMethodLike(word: string): boolean {
  return methods.some((method) => method === word) || likelyMethod(word) !== undefined;
}

/** What people write for a method; nobody is offered `trust` for a slip of the keyboard. */
function likelyMethod(word: string): string | undefined {
  if (word.toLowerCase() === 'trust') return 'trust';
  return methodNicknames.get(word.toLowerCase()) ?? likelyWord(word, methods.filter((method) => method !== 'trust'));
}

const methodNicknames = new Map([
  ['scram', 'scram-sha-256'], ['scram-sha', 'scram-sha-256'], ['sha-256', 'scram-sha-256'], ['sha256', 'scram-sha-256'],
  ['gssapi', 'gss'], ['deny', 'reject'], ['certificate', 'cert'],
]);
