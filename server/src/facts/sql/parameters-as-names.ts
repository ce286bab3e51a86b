import type { Fix } from '../../rules/rule.ts';
import type { Token } from '../../syntax/sql/lexer.ts';
import { lex } from '../../syntax/sql/lexer.ts';
import { decodeWithPlaces } from '../../syntax/sql/literals.ts';
import type { ExecuteSite, RoutineBody } from '../../syntax/sql/plpgsql.ts';
import { parsePostgres } from '../../syntax/sql/postgres.ts';
import type { SqlFile } from '../../syntax/sql/statements.ts';
import type { Edit, Span } from '../../text.ts';
import { shift } from '../../text.ts';
import type { Role } from '../dynamic/roles.ts';
import { askRoles } from '../dynamic/roles.ts';

/** A `$1` in a constant statement where only a name can stand. Spans are offsets in the file. */
export interface ParameterAsName {
  readonly at: Span;
  readonly name: string;
  readonly fixes: readonly Fix[];
}

export function parametersAsNames(file: SqlFile): ParameterAsName[] {
  return file.statements.flatMap(({ written: { body }, span }) => {
    if (body?.plpgsql === undefined) return [];
    const found = body.plpgsql.executes.flatMap((site) => (site.using.length > 0 ? readSite(site, body) : []));
    return found.map((one) => ({ ...one, at: inFile(one.at, body, span.start), fixes: one.fixes.flatMap((fix) => fixInFile(fix, body, span.start) ?? []) }));
  });
}

function inFile(span: Span, body: RoutineBody, start: number): Span {
  return shift(body.inStatement(span), start);
}

function fixInFile(fix: Fix, body: RoutineBody, start: number): Fix | undefined {
  const edits = fix.edits.flatMap((edit): Edit[] => {
    const text = body.quote(edit.text);
    return text === undefined ? [] : [{ span: inFile(edit.span, body, start), text }];
  });
  return edits.length === fix.edits.length ? { ...fix, edits } : undefined;
}

/** The constant that a site runs, and for every character of it the place in the body. */
interface Constant {
  readonly text: string;
  readonly literal: Span;
  place(span: Span): Span;
}

function readSite({ expression, using }: ExecuteSite, body: RoutineBody): ParameterAsName[] {
  const constant = constantAt(expression, body.text);
  if (constant === undefined || parsePostgres(constant.text).kind !== 'error') return [];
  const parameters = lex(constant.text).filter((token) => token.kind === 'parameter');
  const wrong = wrongParameters(constant.text, parameters);
  if (wrong.size === 0) return [];
  const fixes = fixesFor(constant, parameters, wrong, using, body);
  return [...wrong.keys()].map((token) => ({ at: constant.place(token), name: constant.text.slice(token.start, token.end), fixes }));
}

function constantAt(expression: Span, text: string): Constant | undefined {
  const source = text.slice(expression.start, expression.end);
  const [token, other] = lex(source).filter(({ kind }) => kind !== 'comment');
  if (token === undefined || other !== undefined || (token.kind !== 'string' && token.kind !== 'dollar') || token.unterminated) return undefined;
  const literal = shift(token, expression.start);
  const { value, starts, ends } = decodeWithPlaces(text.slice(literal.start, literal.end));
  return { text: value, literal, place: ({ start, end }) => shift({ start: starts[start]!, end: ends[end - 1]! }, literal.start) };
}

/** Those that PostgreSQL takes for names once names stand there, when it accepts the others as they are. */
function wrongParameters(text: string, parameters: readonly Token[]): Map<Token, Role> {
  const names = new Map(parameters.map((token, index) => [`pgsx${index}z`, token]));
  const asked = askRoles(written(text, parameters, (_, index) => `pgsx${index}z`), new Set(names.keys()));
  const roles = typeof asked === 'string' ? new Map<string, Role>() : asked;
  let wrong = [...roles].flatMap(([name, role]): [Token, Role][] => (role === 'identifier' || role === 'relation' ? [[names.get(name)!, role]] : []));
  const accepted = (all: readonly (readonly [Token, Role])[]): boolean => {
    return parsePostgres(written(text, all.map(([token]) => token), () => 'pgsxz')).kind === 'tree';
  };
  if (!accepted(wrong)) return new Map();
  for (const one of wrong) {
    const others = wrong.filter((other) => other !== one);
    if (accepted(others)) wrong = others;
  }
  return new Map(wrong);
}

function written(text: string, tokens: readonly Span[], write: (token: Span, index: number) => string): string {
  let result = '';
  let done = 0;
  for (const [index, token] of [...tokens].sort((a, b) => a.start - b.start).entries()) {
    result += text.slice(done, token.start) + write(token, index);
    done = token.end;
  }
  return result + text.slice(done);
}

function fixesFor(constant: Constant, parameters: readonly Token[], wrong: ReadonlyMap<Token, Role>, using: readonly Span[], body: RoutineBody): Fix[] {
  const { text } = body;
  const numberOf = (token: Span): number => Number(constant.text.slice(token.start + 1, token.end));
  const names = [...wrong.keys()].map(numberOf);
  const values = parameters.filter((token) => !wrong.has(token)).map(numberOf);
  if ([...names, ...values].some((number) => using[number - 1] === undefined) || values.some((number) => names.includes(number))) return [];
  const argument = (number: number): string => text.slice(using[number - 1]!.start, using[number - 1]!.end);
  const left = using.map((_, index) => index + 1).filter((number) => !names.includes(number));
  const existing = [...wrong.values()].includes('relation');
  return (existing ? [false, true] : [false]).map((regclass): Fix => {
    const asTable = (token: Token): boolean => regclass && wrong.get(token) === 'relation';
    const args = [...wrong.keys()].map((token) => (asTable(token) ? castToRegclass(argument(numberOf(token))) : argument(numberOf(token))));
    const specifier = (token: Token): string => (asTable(token) ? '%s' : '%I');
    const edits: Edit[] = [
      { span: { start: constant.literal.start, end: constant.literal.start }, text: 'format(' },
      ...[...constant.text.matchAll(/%/g)].map(({ index }) => ({ span: constant.place({ start: index, end: index + 1 }), text: '%%' })),
      ...parameters.map((token) => ({ span: constant.place(token), text: wrong.has(token) ? specifier(token) : `$${left.indexOf(numberOf(token)) + 1}` })),
      { span: { start: constant.literal.end, end: constant.literal.end }, text: `, ${args.join(', ')})` },
      usingEdit(using, left.map(argument), text),
    ];
    const title = regclass ? 'Write the name with format() and accept only tables that exist (::regclass)' : 'Write the name with format()';
    return { title, safety: 'review', edits: edits.filter((edit) => edit.text !== text.slice(edit.span.start, edit.span.end)) };
  });
}

function castToRegclass(argument: string): string {
  return /^[\w.]+$/.test(argument) ? `${argument}::regclass` : `(${argument})::regclass`;
}

function usingEdit(using: readonly Span[], left: readonly string[], text: string): Edit {
  const list = { start: using[0]!.start, end: using.at(-1)!.end };
  if (left.length > 0) return { span: list, text: left.join(', ') };
  const keyword = lex(text, 'body').findLast((token) => token.end <= list.start && /^using$/i.test(text.slice(token.start, token.end)));
  const start = keyword === undefined ? list.start : text.slice(0, keyword.start).trimEnd().length;
  return { span: { start, end: list.end }, text: '' };
}
