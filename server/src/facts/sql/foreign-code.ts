import type { SqlFile } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import { shift } from '../../text.ts';

/** SQL that a routine in another language puts together. Spans are offsets in the file. */
export interface ForeignSql {
  readonly language: ForeignLanguage;
  /** The function that runs it, as it is written. */
  readonly runs: string;
  /** The expression whose text runs. */
  readonly at: Span;
}

export type ForeignLanguage = 'python' | 'perl' | 'javascript' | 'tcl';

/** Read by patterns: what is not surely put together out of values is left alone. */
export function findForeignSql(file: SqlFile): ForeignSql[] {
  return file.statements.flatMap(({ written, span }) => {
    const { body } = written;
    const language = languageOf(body?.language ?? '');
    if (body === undefined || language === undefined || body.text.length > longest) return [];
    const calls = language === 'tcl' ? commandsIn(body.text) : callsIn(body.text, language);
    return calls.map((call) => ({ language, runs: call.runs, at: shift(body.inStatement(call.at), span.start) }));
  });
}

const longest = 500_000;

function languageOf(name: string): ForeignLanguage | undefined {
  if (name.startsWith('plpython')) return 'python';
  if (name.startsWith('plperl')) return 'perl';
  if (/^pl(?:v8|js)$/.test(name)) return 'javascript';
  return /^pltclu?$/.test(name) ? 'tcl' : undefined;
}

type Calling = Exclude<ForeignLanguage, 'tcl'>;

const runners: Readonly<Record<Calling, RegExp>> = {
  python: /\bplpy\s*\.\s*(?:execute|cursor|prepare)(?=\s*\()/g,
  perl: /\bspi_(?:exec_query|query|prepare|query_prepared)(?=\s*\()/g,
  javascript: /\bpl(?:v8|js)\s*\.\s*(?:execute|prepare)(?=\s*\()/g,
};

/** Comments and strings. */
const literals: Readonly<Record<Calling, RegExp>> = {
  python: /#[^\n]*|('''|""")[^]*?\1|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g,
  perl: /#[^\n]*|'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"/g,
  javascript: /\/\/[^\n]*|\/\*[^]*?\*\/|'(?:\\[^]|[^'\\\n])*'|"(?:\\[^]|[^"\\\n])*"|`(?:\\[^]|[^`\\])*`/g,
};

function callsIn(text: string, language: Calling): { runs: string; at: Span }[] {
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

/** `spi_exec -count 1 "SELECT … $name"`: Tcl puts values into every text in double quotes; `[quote $name]` doubles their quotes. */
function commandsIn(text: string): { runs: string; at: Span }[] {
  const code = text.replace(/^[ \t]*#[^\n]*/gm, (comment) => ' '.repeat(comment.length));
  return [...code.matchAll(/\b(spi_(?:exec|prepare))\b(?:[ \t]+-(?:count|array)[ \t]+\S+)*[ \t]+("(?:\\[^]|[^"\\])*")/g)].flatMap((match) => {
    const [whole, runs, query] = match;
    if (!/(?<!\\)\$\{?\w/.test(query!.replace(/\[(?:quote|expr)\b[^\]]*\]/g, ''))) return [];
    const end = match.index + whole.length;
    return [{ runs: runs!, at: { start: end - query!.length, end } }];
  });
}

/** The same text with comments and the inside of strings blanked, so that signs in them count for nothing. */
function blanked(text: string, language: Calling): string {
  return text.replace(literals[language], (written) => (
    /^[#/]/.test(written) ? ' '.repeat(written.length) : written[0] + '_'.repeat(Math.max(0, written.length - 2)) + written.at(-1)
  ));
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
  const pattern = new RegExp(`(?:^|[\\s;])(?:(?:my|var|let|const)\\s+)?${name.replace('$', '\\$')}\\s*[+.]?=(?!=)\\s*`, 'g');
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
function isPutTogether(text: string, code: string, language: Calling): boolean {
  if (!/["'`]/.test(code)) return false;
  if (language === 'javascript') return isJoinedJavaScript(text, code);
  return language === 'python' ? isJoinedPython(text, code) : isJoinedPerl(text, code);
}

function isJoinedJavaScript(text: string, code: string): boolean {
  const inside = [...code.matchAll(/`_*`/g)].some(({ index, 0: written }) => [...text.slice(index, index + written.length).matchAll(/(?<!\\)\$\{([^{}]*)\}/g)].some(([, value]) => !isSafe(value!)));
  return inside || isAdded(code);
}

/** Texts and values with `+` between them. */
function isAdded(code: string): boolean {
  return /["'`)]\s*\+|\+\s*["'`]/.test(code) && code.split('+').some((part) => !/["'`]/.test(part) && !isSafe(part));
}

function isJoinedPython(text: string, code: string): boolean {
  if (/\b[rR]?[fF][rR]?["']/.test(code)) return [...text.matchAll(/\{([^{}]*)\}/g)].some(([, value]) => !isSafe(value!));
  if (/["')]\s*\+|\+\s*["']/.test(code)) return isAdded(code);
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
  return /^\s*(?:(?:plpy|plv8|pljs)\s*\.\s*)?(?:quote_literal|quote_ident|quote_nullable|int|float|len|Number|parseInt|parseFloat|str\s*\(\s*(?:int|len))\s*\(/.test(value) || /^\s*[\d.]*\s*$/.test(value) || /^[A-Z_]+$/.test(value.trim());
}
