import type { Written } from '../document.ts';
import type { Span } from '../text.ts';
import type { TemplateLines } from './conf-templates.ts';
import { findTemplateLines } from './conf-templates.ts';
import type { Lexeme } from './conf-tokens.ts';
import { decodeString, lexLine } from './conf-tokens.ts';

/** A postgresql.conf as written. Every input gives one. */
export interface ConfFile extends Written {
  readonly settings: readonly ConfSetting[];
  readonly includes: readonly ConfInclude[];
  readonly problems: readonly Problem[];
  /** Template lines that may set anything: a loop, a placeholder instead of a name. What the file leaves unset is not known then. */
  readonly unknown: readonly Span[];
}

/** A place where the server would report a syntax error, which makes it refuse the whole file. */
export interface Problem {
  readonly at: Span;
  readonly message: string;
  /**
   * `mark`: a byte order mark. `name`: the line does not start with a parameter name. `missing`: nothing follows the name.
   * `value`: what follows the name is not a value. `unclosed`: a quote is not closed on its line. `rest`: something follows the value.
   */
  readonly kind: 'mark' | 'name' | 'missing' | 'value' | 'unclosed' | 'rest';
  /** What the line holds, without the blanks around it and the comment behind it. */
  readonly line: Span;
  readonly name?: ConfToken;
  /** For `rest`, the value that was read before it. */
  readonly value?: ConfToken;
}

export interface ConfSetting {
  /** The whole setting, from the name to the end of the value. */
  readonly span: Span;
  readonly name: ConfToken;
  readonly value: ConfToken;
  /** The line holds a template placeholder, or a template decides whether it is there: what the value is cannot be known. */
  readonly template: boolean;
}

/** `text` is decoded (quotes and escapes undone); `span` is what is written. */
export interface ConfToken {
  readonly span: Span;
  readonly text: string;
  readonly quoted: boolean;
}

export interface ConfInclude {
  readonly span: Span;
  readonly kind: 'include' | 'include_if_exists' | 'include_dir';
  readonly target: ConfToken;
  /** A template decides whether the line is there. */
  readonly template: boolean;
}

/** Reads postgresql.conf and postgresql.auto.conf as the server does (guc-file.l); a broken line costs nothing but itself. */
export function parseConf(text: string): ConfFile {
  const templates = findTemplateLines(text);
  const draft: Draft = { text, settings: [], includes: [], problems: [], comments: [], units: [], unknown: [] };
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  if (start === 1) draft.problems.push({ at: { start: 0, end: 1 }, kind: 'mark', line: { start: 0, end: 1 }, message: problemText.mark });
  for (let from = start, line = 0; from <= text.length; line++) {
    const newline = text.indexOf('\n', from);
    const end = newline === -1 ? text.length : newline;
    readLine(draft, { start: from, end }, templates, line);
    from = end + 1;
  }
  const { settings, includes, problems, comments, units, unknown } = draft;
  return { settings, includes, problems, comments, units, unknown };
}

interface Draft {
  readonly text: string;
  readonly settings: ConfSetting[];
  readonly includes: ConfInclude[];
  readonly problems: Problem[];
  readonly comments: Span[];
  readonly units: Span[];
  readonly unknown: Span[];
}

const problemText: Readonly<Record<Problem['kind'], string>> = {
  mark: 'The server refuses the whole file: it starts with an invisible byte order mark',
  name: 'The server refuses the whole file: this line does not start with a parameter name',
  missing: 'The server refuses the whole file: this parameter has no value',
  value: 'The server refuses the whole file: this is not a value unless it is in single quotes',
  unclosed: 'The server refuses the whole file: this quote is not closed on its line',
  rest: 'The server refuses the whole file: nothing may follow the value but a comment',
};

function readLine(draft: Draft, line: Span, templates: TemplateLines, number: number): void {
  const { lexemes, comment } = lexLine(draft.text, line.start, line.end);
  if (comment !== undefined) draft.comments.push(comment);
  const placeholder = templates.placeholders.has(number);
  if (lexemes.length === 0) return;

  const written = { start: lexemes[0]!.span.start, end: lexemes.at(-1)!.span.end };
  draft.units.push(written);
  if (placeholder) return readTemplate(draft, lexemes, written);
  const problem = findProblem(draft.text, lexemes, written);
  if (problem !== undefined) {
    draft.problems.push({ ...problem, message: problemText[problem.kind], line: written });
    return;
  }
  const name = tokenOf(draft.text, lexemes[0]!);
  const value = tokenOf(draft.text, lexemes[valueIndex(lexemes)]!);
  if (isInclude(name.text) && /^[ \t\r\n]*$/.test(value.text)) {
    draft.problems.push({ kind: 'missing', at: written, line: written, name, message: 'The server refuses the whole file: nothing is named to include' });
    return;
  }
  add(draft, written, name, value, templates.conditional.has(number));
}

function add(draft: Draft, span: Span, name: ConfToken, value: ConfToken, template: boolean): void {
  const keyword = name.text.toLowerCase();
  if (isInclude(keyword)) draft.includes.push({ span, kind: keyword, target: value, template });
  else draft.settings.push({ span, name, value, template });
}

function isInclude(keyword: string): keyword is ConfInclude['kind'] {
  return /^include(_if_exists|_dir)?$/i.test(keyword);
}

/** A line with a placeholder still tells which parameter it sets when it starts with a name and something that is meant to be a value. */
function readTemplate(draft: Draft, lexemes: readonly Lexeme[], span: Span): void {
  const first = lexemes[0]!;
  const value = lexemes[valueIndex(lexemes)];
  if ((first.kind !== 'id' && first.kind !== 'qualified') || value === undefined) {
    draft.unknown.push(span);
    return;
  }
  const keyword = draft.text.slice(first.span.start, first.span.end).toLowerCase();
  if (keyword.startsWith('include')) {
    draft.unknown.push(span);
    return;
  }
  const whole: ConfToken = value.kind === 'string' && value === lexemes.at(-1)
    ? tokenOf(draft.text, value)
    : { span: { start: value.span.start, end: span.end }, text: draft.text.slice(value.span.start, span.end), quoted: false };
  draft.settings.push({ span, name: tokenOf(draft.text, first), value: whole, template: true });
}

function valueIndex(lexemes: readonly Lexeme[]): number {
  return lexemes[1]?.kind === 'equals' ? 2 : 1;
}

const valueKinds: ReadonlySet<Lexeme['kind']> = new Set(['id', 'string', 'integer', 'real', 'unquoted']);

function findProblem(text: string, lexemes: readonly Lexeme[], line: Span): Omit<Problem, 'message' | 'line'> | undefined {
  const first = lexemes[0]!;
  if (first.kind !== 'id' && first.kind !== 'qualified') return { kind: 'name', at: first.kind === 'bad' ? line : first.span };

  const name = tokenOf(text, first);
  const index = valueIndex(lexemes);
  const value = lexemes[index];
  if (value === undefined) return { kind: 'missing', at: line, name };
  if (!valueKinds.has(value.kind)) {
    const unclosed = text[value.span.start] === "'";
    return { kind: unclosed ? 'unclosed' : 'value', at: { start: value.span.start, end: line.end }, name };
  }
  const next = lexemes[index + 1];
  if (next === undefined) return undefined;
  return { kind: 'rest', at: { start: next.span.start, end: line.end }, name, value: tokenOf(text, value) };
}

function tokenOf(text: string, { span, kind }: Lexeme): ConfToken {
  const raw = text.slice(span.start, span.end);
  return kind === 'string' ? { span, text: decodeString(raw), quoted: true } : { span, text: raw, quoted: false };
}
