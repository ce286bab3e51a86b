import { decodeLiteral } from '../../syntax/sql/literals.ts';
import type { Span } from '../../text.ts';
import type { Cursor, NamePart } from './cursor.ts';

/** One option of CREATE or ALTER ROLE, USER or GROUP. Spans are those of the cursor's text. */
export interface RoleOption {
  /** In upper case and without NO: `SUPERUSER`, `PASSWORD`, `CONNECTION LIMIT`, `VALID UNTIL`, `IN ROLE`, `ROLE`, `ADMIN` … */
  readonly name: string;
  /** False for `NOSUPERUSER` and its like. */
  readonly on: boolean;
  /** The whole option with its value. */
  readonly at: Span;
  /** Of PASSWORD, VALID UNTIL and CONNECTION LIMIT. */
  readonly value?: OptionValue;
  /** Of IN ROLE, ROLE, ADMIN, and ADD USER of ALTER GROUP. */
  readonly roles: readonly NamePart[];
}

export interface OptionValue extends Span {
  /** Without quotes; undefined for NULL and for what stands for a value: a variable, a template. */
  readonly text: string | undefined;
}

export interface RoleOptions {
  readonly options: readonly RoleOption[];
  /** False when a template may add more. */
  readonly complete: boolean;
  /** False when there is something else among them, which is left out. */
  readonly understood: boolean;
}

/** From here to the end of the statement. */
export function readRoleOptions(cursor: Cursor): RoleOptions {
  const options: RoleOption[] = [];
  let complete = true;
  let understood = true;
  while (!cursor.done) {
    const { kind } = cursor.token()!;
    const begin = cursor.index;
    const option = kind === 'template' || kind === 'variable' ? undefined : readOption(cursor);
    if (option) {
      options.push(option);
      continue;
    }
    if (kind === 'template' || kind === 'variable') complete = false;
    else understood = false;
    cursor.index = begin;
    cursor.skip();
  }
  return { options, complete, understood };
}

function readOption(cursor: Cursor): RoleOption | undefined {
  const start = cursor.token()!.start;
  const behind = () => cursor.token(-1)!.end;
  const option = (name: string, rest: Partial<RoleOption> = {}): RoleOption => ({ name, on: true, roles: [], at: { start, end: behind() }, ...rest });
  const word = cursor.word();
  const flag = /^(NO)?(SUPERUSER|CREATEDB|CREATEROLE|INHERIT|LOGIN|REPLICATION|BYPASSRLS)$/.exec(word);
  if (flag !== null) {
    cursor.index++;
    return option(flag[2]!, { on: flag[1] === undefined });
  }
  for (const [words, name] of valued) {
    if (!cursor.take(...words)) continue;
    const value = readValue(cursor);
    return value && option(name, { value });
  }
  for (const [words, name] of listed) {
    if (!cursor.take(...words)) continue;
    const roles = cursor.parts();
    return roles.length === 0 ? undefined : option(name, { roles });
  }
  return undefined;
}

const valued: readonly (readonly [readonly string[], string])[] = [
  [['PASSWORD'], 'PASSWORD'], [['ENCRYPTED', 'PASSWORD'], 'PASSWORD'], [['UNENCRYPTED', 'PASSWORD'], 'PASSWORD'],
  [['CONNECTION', 'LIMIT'], 'CONNECTION LIMIT'], [['VALID', 'UNTIL'], 'VALID UNTIL'], [['SYSID'], 'SYSID'],
];
const listed: readonly (readonly [readonly string[], string])[] = [
  [['IN', 'ROLE'], 'IN ROLE'], [['IN', 'GROUP'], 'IN ROLE'], [['ROLE'], 'ROLE'], [['USER'], 'ROLE'], [['ADMIN'], 'ADMIN'],
  [['ADD', 'USER'], 'ROLE'], [['DROP', 'USER'], 'DROP USER'],
];

function readValue(cursor: Cursor): OptionValue | undefined {
  const first = cursor.token();
  if (first === undefined || first.unterminated) return undefined;
  if (first.kind === 'dollar') {
    cursor.index++;
    return { start: first.start, end: first.end, text: decodeLiteral(cursor.of(first)) };
  }
  if (first.kind === 'parameter') {
    cursor.index++;
    return { start: first.start, end: first.end, text: undefined };
  }
  if (cursor.takeText('-')) {
    const number = cursor.part();
    return number && { start: first.start, end: number.end, text: `-${number.text}` };
  }
  const part = cursor.part();
  if (part === undefined) return undefined;
  const plain = part.kind !== 'template' && !/^null$/i.test(part.text);
  return { start: part.start, end: part.end, text: plain ? (part.kind === 'string' ? decodeLiteral(part.text) : part.text) : undefined };
}
