import type { SqlFile } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import { contains } from '../../text.ts';
import { withCreatedInside } from './created-inside.ts';
import { hereDocuments, interpolates, withoutDocuments } from './perl-texts.ts';

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
  return withCreatedInside(file).flatMap(({ written, inFile }) => {
    const { body } = written;
    const language = languageOf(body?.language ?? '');
    if (body === undefined || language === undefined || body.text.length > longest) return [];
    const calls = language === 'tcl' ? commandsIn(body.text) : callsIn(body.text, language);
    return calls.map((call) => ({ language, runs: call.runs, at: inFile(body.inStatement(call.at)) }));
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
  const documents = language === 'perl' ? hereDocuments(text) : [];
  const code = blanked(withoutDocuments(text, documents), language);
  const takesDocument = (at: Span) => documents.some(({ marker, body, takesValues }) => takesValues && contains(at, marker.start) && interpolates(text.slice(body.start, body.end)));
  return [...code.matchAll(runners[language])].flatMap((match) => {
    const open = code.indexOf('(', match.index);
    const argument = firstArgument(code, open);
    if (argument === undefined) return [];
    const runs = text.slice(match.index, open).replace(/\s+/g, '');
    const name = /^\$?\w+$/.exec(text.slice(argument.start, argument.end))?.[0];
    const written = (span: Span) => [text.slice(span.start, span.end), code.slice(span.start, span.end)] as const;
    const parts = name === undefined ? [{ at: argument, added: false }] : assigned(code, name, match.index);
    const built = parts.find(({ at, added }) => takesDocument(at) || isPutTogether(...written(at), language) || (added && isValue(written(at)[1])))
      ?? (language === 'python' ? filledTemplate(text, code, parts, match.index) : undefined);
    return built ? [{ runs, at: built.at }] : [];
  });
}

/** `q.format(x)` and `q % x` behind `q = 'SELECT … {}'` */
function filledTemplate(text: string, code: string, parts: readonly { readonly at: Span }[], before: number): { at: Span } | undefined {
  return parts.find(({ at }) => {
    const [, name, rest] = /^(\w+)(\s*(?:\.\s*format\s*\(|%\s*[^=]).*)$/s.exec(code.slice(at.start, at.end)) ?? [];
    const [template, ...others] = name === undefined ? [] : assigned(code, name, before);
    if (template === undefined || others.length > 0 || !/^["'][^]*["']$/.test(code.slice(template.at.start, template.at.end))) return false;
    return isJoinedPython(text.slice(template.at.start, template.at.end) + rest!, code.slice(template.at.start, template.at.end) + rest!);
  });
}

/** `spi_exec -count 1 "SELECT … $name"`: Tcl puts values into every text in double quotes; `[quote $name]` doubles their quotes. */
function commandsIn(text: string): { runs: string; at: Span }[] {
  const code = text.replace(/^[ \t]*#[^\n]*/gm, (comment) => ' '.repeat(comment.length));
  return [...code.matchAll(/\b(spi_(?:exec|prepare))\b(?:[ \t]+-(?:count|array)[ \t]+\S+)*[ \t]+("(?:\\[^]|[^"\\])*"|\[(?:subst|format|concat|join)\b[^\]]*\]|\$\w+)/g)].flatMap((match) => {
    const [whole, runs, query] = match;
    const end = match.index + whole.length;
    const at = query!.startsWith('$') ? builtBefore(code, query!.slice(1), match.index) : takesValues(query!) ? { start: end - query!.length, end } : undefined;
    return at ? [{ runs: runs!, at }] : [];
  });
}

function takesValues(written: string): boolean {
  return /(?<!\\)\$\{?\w/.test(written.replace(/\[(?:quote|expr)\b[^\]]*\]/g, ''));
}

/** `set q "SELECT … $name"`, `append q " WHERE … " $name` */
function builtBefore(code: string, name: string, before: number): Span | undefined {
  const writes = [...code.slice(0, before).matchAll(new RegExp(`\\b(set|append)[ \\t]+${name}[ \\t]+([^\\n;]+)`, 'g'))];
  const first = Math.max(0, writes.findLastIndex(([, how]) => how === 'set'));
  const built = writes.slice(first).find(([, , value]) => takesValues(value!.replace(/^\{[^]*\}$/, '')) && !/^\[spi_/.test(value!));
  return built && { start: built.index + built[0].length - built[2]!.length, end: built.index + built[0].length };
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

/** What stands behind the last `name =` before `before`, and behind every `name +=` since; parentheses and operators may carry it over several lines. */
function assigned(code: string, name: string, before: number): { at: Span; added: boolean }[] {
  const pattern = new RegExp(`(?:^|[\\s;])(?:(?:my|var|let|const)\\s+)?${name.replace('$', '\\$')}\\s*([+.]?)=(?!=)\\s*`, 'g');
  const all = [...code.slice(0, before).matchAll(pattern)];
  return all.slice(Math.max(0, all.findLastIndex(([, sign]) => sign === ''))).flatMap((match) => {
    const start = match.index + match[0].length;
    let depth = 0;
    let end = start;
    for (; end < before; end++) {
      if (/[([{]/.test(code[end]!)) depth++;
      else if (/[)\]}]/.test(code[end]!)) depth--;
      else if (depth === 0 && (code[end] === ';' || (code[end] === '\n' && !goesOn(code, start, end)))) break;
    }
    const at = trimmed(code, start, end);
    return at ? [{ at, added: match[1] !== '' }] : [];
  });
}

/** An operator stands at the end of the line, or at the beginning of the next one. */
function goesOn(code: string, start: number, lineEnd: number): boolean {
  return /[-+.,\\]\s*$/.test(code.slice(start, lineEnd)) || /^\s*[+.]/.test(code.slice(lineEnd, lineEnd + longestIndent));
}

const longestIndent = 200;

/** A name and nothing that quotes it. */
function isValue(code: string): boolean {
  return /^\$?[A-Za-z_][\w.]*(?:\[[^\]]*\]|\{[^}]*\})?$/.test(code) && !isSafe(code);
}

/** `text` as written, `code` with its strings blanked. */
function isPutTogether(text: string, code: string, language: Calling): boolean {
  if (!/["'`]|\bqq\b/.test(code)) return false;
  if (language === 'javascript') return isJoinedJavaScript(text, code);
  return language === 'python' ? isJoinedPython(text, code) : isJoinedPerl(text, code);
}

function isJoinedJavaScript(text: string, code: string): boolean {
  const inside = [...code.matchAll(/`_*`/g)].some(({ index, 0: written }) => [...text.slice(index, index + written.length).matchAll(/(?<!\\)\$\{([^{}]*)\}/g)].some(([, value]) => !isSafe(value!)));
  return inside || isAdded(code) || isGiven(/["'`)\]]\s*\.\s*concat\s*\(([^]*)\)$/.exec(code)?.[1]) || isGiven(/^\[([^]*)\]\s*\.\s*join\s*\([^()]*\)$/.exec(code)?.[1]);
}

/** One of several arguments is a value that nothing quotes. */
function isGiven(args: string | undefined): boolean {
  return args !== undefined && args.split(/,(?![^([]*[)\]])/).some((part) => isValue(part.trim()));
}

/** Texts and values with `+` between them. */
function isAdded(code: string): boolean {
  return /["'`)]\s*\+|\+\s*["'`]/.test(code) && code.split('+').some((part) => !/["'`]/.test(part) && !isSafe(part));
}

function isJoinedPython(text: string, code: string): boolean {
  if (/\b[rR]?[fF][rR]?["']/.test(code)) return [...text.matchAll(/\{([^{}]*)\}/g)].some(([, value]) => !isSafe(value!));
  const [, list] = /["']\s*\.\s*join\s*\(([^]*)\)\s*\)?$/.exec(code) ?? [];
  // Placeholders are joined too: ", ".join("$%d" % n for n in …).
  if (list !== undefined && !text.includes('$') && (isValue(list.trim()) || isGiven(/^\s*[[(]([^]*)[\])]\s*$/.exec(list)?.[1]))) return true;
  if (/["')]\s*\+|\+\s*["']/.test(code)) return isAdded(code);
  if (isGiven(/["']\s*\.\s*replace\s*\(([^]*)\)$/.exec(code)?.[1]) || /["']\s*\)\s*\.\s*(?:safe_)?substitute\s*\(/.test(code)) return true;
  const specifiers = text.slice(0, code.search(/["']\s*%/) + 1).replace(/%%/g, '').match(/%(?:\(\w+\))?[-+ 0#]*[\d.]*[a-z]/gi) ?? [];
  if (specifiers.length > 0 && specifiers.every((one) => /[dixeEfFgG]$/.test(one))) return false;
  const formatted = /["']\s*%\s*(.+)$/s.exec(code)?.[1] ?? /["']\s*\.\s*format\s*\((.*)\)$/s.exec(code)?.[1];
  return formatted !== undefined && formatted.replace(/^\(|\)$/g, '').split(/,(?![^(]*\))/).some((part) => part.trim() !== '' && !isSafe(part));
}

function isJoinedPerl(text: string, code: string): boolean {
  const inside = [...code.matchAll(/"_*"/g)].some(({ index, 0: written }) => interpolates(text.slice(index, index + written.length)));
  if (inside || interpolates(/\bqq\s*[{([<|!/~#]([^]*)/.exec(text)?.[1] ?? '')) return true;
  const [, called, args] = /^(sprintf|join)\s*\(([^]*)\)$/.exec(code) ?? [];
  if (called !== undefined) return (called === 'join' || /%[-\d.]*s/.test(text)) && isGiven(args);
  const parts = code.split(/\s\.\s|(?<=["')])\.|\.(?=["'$])/);
  return parts.length > 1 && parts.some((part) => !/["']/.test(part) && /\$/.test(part) && !isSafe(part));
}

function isSafe(value: string): boolean {
  return /^\s*(?:(?:plpy|plv8|pljs)\s*\.\s*)?(?:quote_literal|quote_ident|quote_nullable|int|float|len|Number|parseInt|parseFloat|str\s*\(\s*(?:int|len))\s*\(/.test(value) || /^\s*[\d.]*\s*$/.test(value) || /^[A-Z][A-Z_]+$/.test(value.trim());
}
