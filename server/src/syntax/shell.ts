import type { Span } from '../text.ts';
import { DecodedBuilder, sliceOf, spanIn, type Decoded } from './decoded.ts';

/** One simple command of a shell line: `LANG=C gzip -c < %p` has an assignment, three words and a redirection. */
export interface ShellCommand {
  /** `name=value` in front of the command. */
  readonly assignments: readonly ShellAssignment[];
  /** The program and its arguments. */
  readonly words: readonly ShellWord[];
  /** Files that output goes to. */
  readonly outputs: readonly ShellWord[];
}

export interface ShellWord {
  /** Quotes undone; `$NAME`, `$(…)` and PostgreSQL's `%p` stay as they are. */
  readonly text: string;
  /** As written, with its quotes. */
  readonly span: Span;
  readonly source: Decoded;
}

export interface ShellAssignment {
  readonly name: string;
  readonly value: string;
  readonly span: Span;
}

/** Splits a shell line into simple commands, those of `sh -c '…'` and `$(…)` among them. Nothing is expanded and nothing runs. */
export function parseShell(source: Decoded, depth = 0): readonly ShellCommand[] {
  const commands: ShellCommand[] = [];
  let draft = newDraft();
  const finish = (): void => {
    if (draft.assignments.length + draft.words.length + draft.outputs.length > 0) commands.push(draft);
    draft = newDraft();
  };
  let output = false;
  for (const piece of pieces(source)) {
    if (typeof piece === 'string') {
      output = piece === '>';
      if (piece === ';') finish();
      continue;
    }
    const assignment = draft.words.length === 0 && !output ? /^([A-Za-z_]\w*)=/.exec(piece.text) : null;
    if (output) draft.outputs.push(piece);
    else if (assignment === null) draft.words.push(piece);
    else draft.assignments.push({ name: assignment[1]!, value: piece.text.slice(assignment[0].length), span: piece.span });
    output = false;
  }
  finish();
  return depth === mostNesting ? commands : commands.flatMap((command) => withNested(command, depth));
}

/** Far deeper than people write. */
const mostNesting = 4;

interface Draft extends ShellCommand {
  readonly assignments: ShellAssignment[];
  readonly words: ShellWord[];
  readonly outputs: ShellWord[];
}

function newDraft(): Draft {
  return { assignments: [], words: [], outputs: [] };
}

/** A command and those inside of it. A script after `sh -c` is no word of its own any more. */
function withNested(command: ShellCommand, depth: number): ShellCommand[] {
  const script = scriptIn(command.words);
  const words = command.words.filter((word) => word !== script);
  const inner = words.flatMap(({ source }) => [...source.text.matchAll(/\$\(([^()]*)\)|`([^`]*)`/g)].map((match) => {
    const start = match.index + (match[1] === undefined ? 1 : 2);
    return sliceOf(source, start, start + (match[1] ?? match[2]!).length);
  }));
  return [{ ...command, words }, ...[...(script ? [script.source] : []), ...inner].flatMap((source) => parseShell(source, depth + 1))];
}

function scriptIn(words: readonly ShellWord[]): ShellWord | undefined {
  const shell = words.findIndex(({ text }) => /^(.*\/)?(ba|da|k|z|a)?sh$/.test(text));
  const option = shell < 0 ? -1 : words.findIndex(({ text }, i) => i > shell && /^-[a-z]*c$/.test(text));
  return option < 0 ? undefined : words[option + 1];
}

/** Words, `>` before the name of an output file, `<` before that of an input, and `;` for whatever ends a command. */
function* pieces(source: Decoded): Iterable<ShellWord | '>' | '<' | ';'> {
  const { text } = source;
  for (let at = 0; at < text.length;) {
    if (/[ \t]/.test(text[at]!)) at++;
    else if (text[at] === '#') at = endOfLine(text, at);
    else if (/[;|()\n]/.test(text[at]!) || (text[at] === '&' && text[at + 1] !== '>')) {
      yield ';';
      at++;
    } else {
      const redirection = /^(\d*|&)(>[>|]?|<)(&[\d-]+)?/.exec(text.slice(at, at + 16));
      if (redirection !== null) {
        if (redirection[3] === undefined) yield redirection[2]!.startsWith('>') ? '>' : '<';
        at += redirection[0].length;
        continue;
      }
      const { word, end } = readWord(source, at);
      yield word;
      at = end;
    }
  }
}

function endOfLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline === -1 ? text.length : newline;
}

function readWord(source: Decoded, start: number): { word: ShellWord; end: number } {
  const { text, starts, ends } = source;
  const builder = new DecodedBuilder();
  let quote = '';
  let last = spanIn(source, start, start).start;
  let at = start;
  const take = (index: number): void => {
    builder.add(text[index]!, starts[index]!, ends[index]!);
    last = ends[index]!;
  };
  for (; at < text.length; at++) {
    const char = text[at]!;
    if (quote === '' && /[ \t\n;|&<>()]/.test(char)) break;
    const substitution = quote === "'" ? 0 : lengthOfSubstitution(text, at);
    if (substitution > 0) {
      for (let i = 0; i < substitution; i++) take(at + i);
      at += substitution - 1;
    } else if (char === quote) quote = '';
    else if (quote === '' && (char === "'" || char === '"')) quote = char;
    else if (char === '\\' && at + 1 < text.length && (quote === '' || (quote === '"' && /["\\$`]/.test(text[at + 1]!)))) take(++at);
    else take(at);
  }
  const decoded = builder.finish(last);
  return { word: { text: decoded.text, span: spanIn(source, start, at), source: decoded }, end: at };
}

/** The length of a `$(…)` or backquoted command that starts here, or 0. */
function lengthOfSubstitution(text: string, at: number): number {
  if (text[at] !== '`' && text[at] !== '$') return 0;
  return /^(\$\([^()]*\)|`[^`]*`)/.exec(text.slice(at))?.[0].length ?? 0;
}
