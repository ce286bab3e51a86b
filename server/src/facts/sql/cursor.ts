import type { StatementText } from '../../syntax/sql/statements.ts';
import type { Token } from '../../syntax/sql/lexer.ts';
import type { Span } from '../../text.ts';

/** A name with its parts: `app."Users"` is `app` and `Users`. Variables and templates stand for themselves. */
export interface Name extends Span {
  readonly parts: readonly NamePart[];
  /** Behind IF EXISTS. */
  readonly ifExists?: boolean;
}
export interface NamePart extends Span {
  readonly name: string;
  /** As written. */
  readonly text: string;
  readonly kind: 'plain' | 'string' | 'template';
}

/**
 * Walks over the tokens of one statement. Reading by tokens instead of by tree costs little and
 * also works on statements with psql variables and templates, which PostgreSQL's parser never sees.
 */
export class Cursor {
  readonly text: string;
  readonly tokens: readonly Token[];
  index = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.text = text;
    this.tokens = tokens.filter((token) => token.kind !== 'comment');
  }

  static over(written: StatementText): Cursor {
    return new Cursor(written.text, written.tokens);
  }

  get done(): boolean {
    return this.index >= this.tokens.length;
  }

  token(ahead = 0): Token | undefined {
    return this.tokens[this.index + ahead];
  }

  /** The word here in upper case, `''` for anything that is not an unquoted word. */
  word(ahead = 0): string {
    const token = this.token(ahead);
    return token?.kind === 'word' ? this.of(token).toUpperCase() : '';
  }

  /** The source text of the token here. */
  here(ahead = 0): string {
    const token = this.token(ahead);
    return token ? this.of(token) : '';
  }

  of(span: Span): string {
    return this.text.slice(span.start, span.end);
  }

  /** Steps over `words` when exactly these come next. */
  take(...words: readonly string[]): boolean {
    if (!words.every((word, i) => this.word(i) === word)) return false;
    this.index += words.length;
    return true;
  }

  takeText(text: string): boolean {
    if (this.here() !== text) return false;
    this.index++;
    return true;
  }

  /** Steps over one token, or over a whole bracket. */
  skip(): void {
    if (!isOpening(this.here())) {
      this.index++;
      return;
    }
    let depth = 0;
    do {
      const text = this.here();
      if (isOpening(text)) depth++;
      if (isClosing(text)) depth--;
      this.index++;
    } while (depth > 0 && !this.done);
  }

  /** Steps over everything, brackets as a whole, up to one of these words or the end. */
  skipTo(...words: readonly string[]): void {
    while (!this.done && !words.includes(this.word())) this.skip();
  }

  /** A possibly qualified name; undefined, without moving, when there is none here. */
  name(): Name | undefined {
    const parts: NamePart[] = [];
    const begin = this.index;
    do {
      const part = this.part();
      if (!part) {
        this.index = begin;
        return undefined;
      }
      parts.push(part);
    } while (this.takeText('.'));
    return { parts, start: parts[0]!.start, end: parts[parts.length - 1]!.end };
  }

  /** A cursor over some of the tokens, by their numbers. */
  between(begin: number, end: number): Cursor {
    return new Cursor(this.text, this.tokens.slice(begin, end));
  }

  /** What is written from here to the last token. */
  rest(): string {
    return this.done ? '' : this.text.slice(this.token()!.start, this.tokens.at(-1)!.end);
  }

  /** A comma-separated list of single names. */
  parts(): NamePart[] {
    const parts: NamePart[] = [];
    do {
      const part = this.part();
      if (part) parts.push(part);
    } while (this.takeText(','));
    return parts;
  }

  /** A comma-separated list of names. */
  names(): Name[] {
    const names: Name[] = [];
    do {
      const name = this.name();
      if (name) names.push(name);
    } while (this.takeText(','));
    return names;
  }

  /** One part of a name or one value of a list. Tokens that touch a template are one with it: `{{ env }}_app`. */
  part(): NamePart | undefined {
    const first = this.token();
    if (!first || !nameKinds.has(first.kind)) return undefined;
    let end = first.end;
    let template = isTemplate(first);
    this.index++;
    for (let next = this.token(); next && next.start === end && nameKinds.has(next.kind); next = this.token()) {
      if (!template && !isTemplate(next)) break;
      template = true;
      end = next.end;
      this.index++;
    }
    const text = this.text.slice(first.start, end);
    const kind = template ? 'template' : first.kind === 'string' ? 'string' : 'plain';
    return { name: template ? text : decodeName(text), text, kind, start: first.start, end };
  }
}

const nameKinds = new Set<Token['kind']>(['word', 'identifier', 'string', 'number', 'variable', 'template']);

function isTemplate(token: Token): boolean {
  return token.kind === 'variable' || token.kind === 'template';
}
function isOpening(text: string): boolean {
  return text === '(' || text === '[';
}
function isClosing(text: string): boolean {
  return text === ')' || text === ']';
}

/** What PostgreSQL makes of a name or of a string that stands for one. */
function decodeName(text: string): string {
  if (text.startsWith('"')) return shortened(text.slice(1, -1).replaceAll('""', '"'));
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
  return shortened(text.toLowerCase());
}

/** PostgreSQL keeps 63 bytes of a name, and no half characters. */
function shortened(name: string): string {
  if (name.length <= 15) return name;
  const bytes = new TextEncoder().encode(name);
  if (bytes.length <= 63) return name;
  let end = 63;
  while ((bytes[end]! & 0xc0) === 0x80) end--;
  return new TextDecoder().decode(bytes.subarray(0, end));
}

/** Templates and psql variables stay as they are written. */
export function spell(name: string): string {
  return /^[@:]|[{}$<]/.test(name) ? name : quoteName(name);
}

/** `name` as it has to be written in SQL. */
export function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

const reserved = new Set((
  'all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column '
  + 'concurrently constraint create cross current_catalog current_date current_role current_schema current_time '
  + 'current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from '
  + 'full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime '
  + 'localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning right '
  + 'select session_user similar some symmetric system_user table tablesample then to trailing true union unique user using '
  + 'variadic verbose when where window with'
).split(' '));
