import type { Span } from '../../text.ts';
import type { Token } from './lexer.ts';

/** The body of a routine as text, with the way back to the statement. Offsets inside count from the start of `text`. */
export interface RoutineBody {
  /** Decoded: for `AS 'a''b'` it is `a'b`. */
  readonly text: string;
  /** Lower case; `plpgsql` for DO without LANGUAGE; undefined when the statement names none. */
  readonly language: string | undefined;
  /** How the body is quoted in the statement: text inserted into it has to be doubled when `single` or `escape`. */
  readonly quoting: 'dollar' | 'single' | 'escape';
  /** The tag of a dollar quoted body: `$tag$`. */
  readonly tag?: string;
  /** A span of `text` in the statement's offsets; it covers the written form, doubled quotes included. */
  inStatement(span: Span): Span;
  /** Text as it has to be written inside the quotes; undefined when it cannot (a dollar body that would contain its own tag). */
  quote(text: string): string | undefined;
  readonly plpgsql: PlpgsqlBody | undefined;
}

/** What is written in a PL/pgSQL body, found by tokens, so broken code loses nothing but itself. Offsets count from the start of the body. */
export interface PlpgsqlBody {
  readonly tokens: readonly Token[];
  readonly declarations: readonly Declaration[];
  /** `x := …`, `x = …`; `SELECT … INTO x` is not one. */
  readonly assignments: readonly Assignment[];
  readonly executes: readonly ExecuteSite[];
  /** Innermost statements, for suppression comments. */
  readonly statements: readonly Span[];
}

export interface Declaration {
  /** Lower case unless quoted, quotes removed. */
  readonly name: string;
  readonly at: Span;
  /** The type as written, white space folded: `text`, `public.users%ROWTYPE`, `numeric(10,2)[]`; `alias` for ALIAS FOR, `cursor` for CURSOR. */
  readonly type: string;
  readonly constant: boolean;
  readonly value: Span | undefined;
}

export interface Assignment {
  /** The target as written, lower case: `q`, `rec.field`, `a[1]`. */
  readonly target: string;
  readonly span: Span;
  readonly value: Span;
}

export interface ExecuteSite {
  readonly kind: 'execute' | 'for' | 'return-query' | 'open';
  /** From the first keyword of the statement to the end of the last operand. */
  readonly span: Span;
  /** The expression whose text is run. */
  readonly expression: Span;
  /** The expressions after USING, in order. */
  readonly using: readonly Span[];
}

export declare function parsePlpgsql(body: string): PlpgsqlBody;
