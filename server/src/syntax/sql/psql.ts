/** The things that stand in a script without being SQL: psql's commands and variables, COPY data, templates. Each function gives the end of what starts at `start`, or -1. */

const wholeLine = /\\(?:copy|!|h|help|ef|ev|sf\+?|sv\+?)(?![A-Za-z0-9_])/y;
const copyCommand = /^\\copy\s[^]*\bfrom\s+stdin\b/i;
const variable = /:(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*|'[\w\u0080-\uffff]+'|"[\w\u0080-\uffff]+"|\{\?[\w\u0080-\uffff]+\})/y;
const atName = /@[A-Za-z_][\w:.]*@/y;
const braced = /\{[A-Za-z_][\w.]*\}/y;

/** A backslash command ends with its line, or behind `\\` and `\;`, which hand the rest of the line back to SQL. */
export function endOfMeta(text: string, start: number): number {
  if (text[start + 1] === ';') return start + 2;
  wholeLine.lastIndex = start;
  const separable = !wholeLine.test(text);
  let quote = 0;
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13) return i;
    if (quote !== 0) {
      if (code === 92 && quote === 39) i++;
      else if (code === quote) quote = 0;
    } else if (code === 39 || code === 34 || code === 96) quote = code;
    else if (separable && code === 92 && text.charCodeAt(i + 1) === 92 && isBlank(text.charCodeAt(i + 2))) return i + 2;
  }
  return text.length;
}

export function metaReadsCopyData(command: string): boolean {
  return copyCommand.test(command);
}

/** `start` is where the data begin. Gives the offset of the line `\.`, or -1 when there is none: then the data come from elsewhere. */
export function endOfCopyData(text: string, start: number): number {
  for (let at = start; at >= 0 && at <= text.length;) {
    const found = text.startsWith('\\.', at) ? at : after(text.indexOf('\n\\.', at), 1);
    if (found < 0) return -1;
    const next = text.charCodeAt(found + 2);
    if (found + 2 >= text.length || next === 10 || next === 13) return found;
    at = found + 2;
  }
  return -1;
}

export function variableEnd(text: string, start: number): number {
  variable.lastIndex = start;
  return variable.test(text) ? variable.lastIndex : -1;
}

/** Remembers which closing marks do not come any more, so that a thousand opening marks do not search the text a thousand times. */
export class Templates {
  readonly #text: string;
  readonly #absent = new Set<string>();

  constructor(text: string) {
    this.#text = text;
  }

  end(start: number): number {
    const text = this.#text;
    const next = text[start + 1];
    switch (text[start]) {
      case '{':
        if (next === '{') return this.#behind('}}', start + 2);
        if (next === '%') return this.#behind('%}', start + 2);
        if (next === '#') return this.#behind('#}', start + 2);
        return match(braced, text, start);
      case '$':
      case '#':
        return next === '{' ? this.#behind('}', start + 2) : -1;
      case '<':
        return next === '%' && isMarkup(text, start) ? this.#behind('%>', start + 2) : -1;
      case '@':
        return match(atName, text, start);
      default:
        return -1;
    }
  }

  #behind(mark: string, from: number): number {
    if (this.#absent.has(mark)) return -1;
    const at = this.#text.indexOf(mark, from);
    if (at < 0) this.#absent.add(mark);
    return at < 0 ? -1 : at + mark.length;
  }
}

/** `<%` is also pg_trgm's operator: markup says `<%=`, `<%-`, `<%#`, or stands at the start of its line. */
function isMarkup(text: string, start: number): boolean {
  if ('=-#@'.includes(text[start + 2] ?? ' ')) return true;
  let at = start - 1;
  while (at >= 0 && (text[at] === ' ' || text[at] === '\t')) at--;
  return at < 0 || text[at] === '\n' || text[at] === '\r';
}

function match(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

function after(at: number, distance: number): number {
  return at < 0 ? -1 : at + distance;
}

function isBlank(code: number): boolean {
  return Number.isNaN(code) || code === 32 || (code >= 9 && code <= 13);
}
