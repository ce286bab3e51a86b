import type { SqlFile } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import { shift } from '../../text.ts';

/** SQL that a routine in another language puts together. Spans are offsets in the file. */
export interface ForeignSql {
  readonly language: 'python' | 'perl';
  /** The function that runs it, as it is written. */
  readonly runs: string;
  /** The expression whose text runs. */
  readonly at: Span;
}

/** Read by patterns: what is not surely put together out of values is left alone. */
export function findForeignSql(file: SqlFile): ForeignSql[] {
  return file.statements.flatMap(({ written, span }) => {
    const { body } = written;
    const language = /^plpython/.test(body?.language ?? '') ? 'python' : /^plperl/.test(body?.language ?? '') ? 'perl' : undefined;
    if (body === undefined || language === undefined || body.text.length > longest) return [];
    return callsIn(body.text, language).map((call) => ({ language, runs: call.runs, at: shift(body.inStatement(call.at), span.start) }));
  });
}

const longest = 500_000;

const runners = {
  python: /\bplpy\s*\.\s*(?:execute|cursor|prepare)(?=\s*\()/g,
  perl: /\bspi_(?:exec_query|query|prepare|query_prepared)(?=\s*\()/g,
} as const;

function callsIn(text: string, language: ForeignSql['language']): { runs: string; at: Span }[] {
  const code = blanked(text, language);
  return [...code.matchAll(runners[language])].flatMap((match) => {
    const open = code.indexOf('(', match.index);
    const argument = firstArgument(code, open);
    if (argument === undefined) return [];
    const runs = text.slice(match.index, open).replace(/\s+/g, '');
    const name = /^\$?\w+$/.exec(text.slice(argument.start, argument.end))?.[0];
    const built = name === undefined ? argument : lastAssigned(code, name, match.index);
    return built && isPutTogether(text.slice(built.start, built.end), code.slice(built.start, built.end), language) ? [{ runs, at: built }] : [];
  });
}

/** The same text with comments and the inside of strings blanked, so that signs in them count for nothing. */
function blanked(text: string, language: ForeignSql['language']): string {
  const literal = language === 'python'
    ? /#[^\n]*|('''|""")[^]*?\1|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g
    : /#[^\n]*|'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"/g;
  return text.replace(literal, (written) => (written[0] === '#' ? ' '.repeat(written.length) : written[0] + '_'.repeat(Math.max(0, written.length - 2)) + written.at(-1)));
}

function firstArgument(code: string, open: number): Span | undefined {
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    if (/[([{]/.test(code[at]!)) depth++;
    else if (/[)\]}]/.test(code[at]!)) depth--;
    if (depth === 0 || (depth === 1 && code[at] === ',')) return trimmed(code, open + 1, at);
  }
  return undefined;
}

function trimmed(code: string, from: number, to: number): Span | undefined {
  let [start, end] = [from, to];
  while (start < end && /\s/.test(code[start]!)) start++;
  while (end > start && /\s/.test(code[end - 1]!)) end--;
  return end > start ? { start, end } : undefined;
}

/** What stands behind `name =` before `before`; parentheses may carry it over several lines. */
function lastAssigned(code: string, name: string, before: number): Span | undefined {
  const pattern = new RegExp(`(?:^|[\\s;])(?:my\\s+)?${name.replace('$', '\\$')}\\s*[+.]?=(?!=)\\s*`, 'g');
  const last = [...code.slice(0, before).matchAll(pattern)].at(-1);
  if (last === undefined) return undefined;
  const start = last.index + last[0].length;
  let depth = 0;
  let end = start;
  for (; end < before; end++) {
    if (/[([{]/.test(code[end]!)) depth++;
    else if (/[)\]}]/.test(code[end]!)) depth--;
    else if (depth === 0 && /[\n;]/.test(code[end]!)) break;
  }
  return trimmed(code, start, end);
}

/** `text` as written, `code` with its strings blanked. */
function isPutTogether(text: string, code: string, language: ForeignSql['language']): boolean {
  if (!/["']/.test(code)) return false;
  return language === 'python' ? isJoinedPython(text, code) : isJoinedPerl(text, code);
}

function isJoinedPython(text: string, code: string): boolean {
  if (/\b[rR]?[fF][rR]?["']/.test(code)) return [...text.matchAll(/\{([^{}]*)\}/g)].some(([, value]) => !isSafe(value!));
  const joined = /["')]\s*\+\s*([^"'].*)|([\w)\]]+)\s*\+\s*["']/s.exec(code);
  if (joined !== null) return code.split('+').some((part) => !/["']/.test(part) && !isSafe(part));
  const formatted = /["']\s*%\s*(.+)$/s.exec(code)?.[1] ?? /["']\s*\.\s*format\s*\((.*)\)$/s.exec(code)?.[1];
  return formatted !== undefined && formatted.replace(/^\(|\)$/g, '').split(/,(?![^(]*\))/).some((part) => part.trim() !== '' && !isSafe(part));
}

function isJoinedPerl(text: string, code: string): boolean {
  const inside = [...code.matchAll(/"_*"/g)].some(({ index, 0: written }) => /(?<!\\)\$(?!\d)\w|(?<!\\)@\{?\w/.test(text.slice(index, index + written.length)));
  if (inside) return true;
  const parts = code.split(/\s\.\s|(?<=["')])\.|\.(?=["'$])/);
  return parts.length > 1 && parts.some((part) => !/["']/.test(part) && /\$/.test(part) && !isSafe(part));
}

function isSafe(value: string): boolean {
  return /^\s*(?:plpy\s*\.\s*)?(?:quote_literal|quote_ident|quote_nullable|int|float|len|str\s*\(\s*(?:int|len))\s*\(/.test(value) || /^\s*[\d.]*\s*$/.test(value) || /^[A-Z_]+$/.test(value.trim());
}
