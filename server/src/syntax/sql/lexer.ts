import type { Span } from '../../text.ts';

/**
 * `word`: unquoted identifier or keyword. `identifier`: `"…"`, `U&"…"`. `string`: `'…'`, `E'…'`, `B'…'`, `X'…'`, `N'…'`, `U&'…'`.
 * `dollar`: `$tag$…$tag$`. `parameter`: `$1`. `operator`: also `::`, `:=`, `=>`, `..`. `punctuation`: one of `( ) [ ] , ; .`.
 * `meta`: a psql backslash command up to the end of its line. `variable`: psql's `:name`, `:'name'`, `:"name"`, `:{?name}`.
 * `copydata`: the lines after COPY … FROM STDIN. `template`: `{{…}}`, `{%…%}`, `<%…%>`, `${…}`, `@name@`.
 */
export type TokenKind =
  | 'word' | 'identifier' | 'string' | 'dollar' | 'number' | 'parameter' | 'operator' | 'punctuation'
  | 'comment' | 'meta' | 'variable' | 'copydata' | 'template' | 'bad';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** The literal, quoted name or comment does not end before the text does. */
  readonly unterminated?: true;
}

/** All tokens of `text` in order, comments included, white space left out. Never throws. Offsets are UTF-16 from the start of `text`. */
export declare function lex(text: string): Token[];
