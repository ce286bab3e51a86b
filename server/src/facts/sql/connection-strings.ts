import { optionOf, parseConninfo, type Conninfo } from '../../syntax/conninfo.ts';
import type { Token } from '../../syntax/sql/lexer.ts';
import { applyEdits, shift, type Edit, type Span } from '../../text.ts';
import { callsOf } from './calls.ts';
import { Cursor } from './cursor.ts';
import { anyWriting, comesLater } from './later-text.ts';
import { inFile, literalOf, type Literal } from './sql-literals.ts';
import type { SqlCommand } from './sql-commands.ts';
import type { SqlFacts } from '../sql.ts';

/** A connection string that is written out in a command. */
export interface ConnectionString {
  /** The constant, in the file. */
  readonly at: Span;
  /** Its options; spans are those of the file. */
  readonly conninfo: Conninfo;
  /** Nothing is put in front of it or behind it when the command runs. */
  readonly whole: boolean;
  /** A tool or format() fills places in it. */
  readonly template: boolean;
  /** `text`: a URI somewhere else; what it is for is not known. */
  readonly use: 'dblink' | 'subscription' | 'standby' | 'text';
  /** The words that a statement of the file needs in front of another string to put it in the place of this one. */
  readonly setter: string | undefined;
  readonly command: SqlCommand;
}

const dblinkCalls = ['dblink', 'dblink_connect', 'dblink_connect_u', 'dblink_exec'];

/** Every connection string of a file, routine bodies included, in order. */
export function connectionStrings(facts: SqlFacts): readonly ConnectionString[] {
  if (!/\b(dblink|subscription|primary_conninfo)|postgres(ql)?:\/\//i.test(facts.document.text)) return [];
  const found = new Map<number, ConnectionString>();
  for (const { command, literal, whole, use, setter } of [...inCalls(facts), ...inStatements(facts), ...uris(facts)]) {
    const at = command.inFile(literal);
    const conninfo = parseConninfo(inFile(command, literal));
    if (found.has(at.start) || !['host', 'hostaddr', 'port', 'dbname', 'user', 'password'].some((keyword) => optionOf(conninfo, keyword))) continue;
    const template = /[{}$<]|%\w/.test(literal.value) || fillsHost(conninfo);
    found.set(at.start, { at, conninfo: whole ? conninfo : withoutLast(conninfo, literal.value), whole, template, use, setter: command.inside === 'file' ? setter : undefined, command });
  }
  return [...found.values()].sort((a, b) => a.at.start - b.at.start);
}

/** Another string took its place, or what it was for is gone. */
export function isReplaced(facts: SqlFacts, { setter, command }: ConnectionString): boolean {
  if (setter === undefined) return false;
  const gone = setter.startsWith('ALTER SYSTEM') ? ['alter system set primary_conninfo', 'alter system reset primary_conninfo', 'alter system reset all'] : [setter, setter.replace(/^ALTER (.*) CONNECTION$/s, 'drop $1')];
  return comesLater(facts, command.statement, new RegExp(`\\b(?:${gone.map(anyWriting).join('|')})\\b`, 'i'));
}

/** What a later file has to hold to put the string with these edits in its place. */
export function stringLater({ document: { text } }: SqlFacts, { setter, at }: ConnectionString, edits: readonly Edit[]): string | undefined {
  if (setter === undefined) return undefined;
  const mended = applyEdits(text.slice(at.start, at.end), edits.map((edit) => ({ text: edit.text, span: shift(edit.span, -at.start) })));
  return `${setter} ${mended};`;
}

/** `host=#host port=#port`: no name of a host begins with such a sign, and no port does. */
function fillsHost(conninfo: Conninfo): boolean {
  return ['host', 'port'].some((keyword) => /^[#&!~^?]\w/.test(optionOf(conninfo, keyword)?.value ?? ''));
}

interface Site {
  readonly command: SqlCommand;
  readonly literal: Literal;
  readonly whole: boolean;
  readonly use: ConnectionString['use'];
  readonly setter?: string | undefined;
}

function* inCalls(facts: SqlFacts): Iterable<Site> {
  for (const { command, call } of callsOf(facts, dblinkCalls)) {
    const candidates = call.name.startsWith('dblink_connect') ? call.arguments.slice(0, 2) : call.arguments.slice(0, 1);
    for (const argument of candidates) {
      for (const token of argument.tokens) {
        const literal = literalOf(token, command.written.text);
        if (literal) yield { command, literal, whole: argument.literal !== undefined, use: 'dblink' };
      }
    }
  }
}

function* inStatements({ commands }: SqlFacts): Iterable<Site> {
  for (const command of commands) {
    const cursor = Cursor.over(command.written);
    const subscription = cursor.take('CREATE', 'SUBSCRIPTION') || cursor.take('ALTER', 'SUBSCRIPTION');
    if (!subscription && !cursor.take('ALTER', 'SYSTEM', 'SET')) continue;
    const setter = subscription ? `ALTER SUBSCRIPTION ${cursor.here()} CONNECTION` : 'ALTER SYSTEM SET primary_conninfo =';
    const token = subscription ? behind(cursor, 'CONNECTION') : cursor.word() === 'PRIMARY_CONNINFO' ? cursor.token(2) : undefined;
    const literal = literalOf(token, cursor.text);
    if (literal) yield { command, literal, whole: true, use: subscription ? 'subscription' : 'standby', setter };
  }
}

function behind(cursor: Cursor, word: string): Token | undefined {
  while (!cursor.done && cursor.word() !== word) cursor.index++;
  return cursor.token(1);
}

/** Of comments on objects another rule speaks. */
function* uris({ commands, document }: SqlFacts): Iterable<Site> {
  if (!/postgres(ql)?:\/\/[^\s/@:]*:[^\s/@]+@/i.test(document.text)) return;
  for (const command of commands) {
    if (!/postgres(ql)?:\/\//i.test(command.written.text) || /^COMMENT\b/.test(command.written.head)) continue;
    for (const token of command.written.tokens) {
      const literal = literalOf(token, command.written.text);
      if (literal && /^postgres(ql)?:\/\/\S+$/.test(literal.value)) yield { command, literal, whole: true, use: 'text' };
    }
  }
}

/** What is put behind the text belongs to its last value, unless a blank parts them. */
function withoutLast(conninfo: Conninfo, text: string): Conninfo {
  return /\s$/.test(text) ? conninfo : { ...conninfo, options: conninfo.options.slice(0, -1) };
}
