import type { Written } from '../document.ts';
import type { Span } from '../text.ts';

/** A postgresql.conf as written. Every input gives one. */
export interface ConfFile extends Written {
  readonly settings: readonly ConfSetting[];
  readonly includes: readonly ConfInclude[];
  readonly problems: readonly Problem[];
}

/** A place where the server would report a syntax error. `at` is the token it names. */
export interface Problem {
  readonly at: Span;
  readonly message: string;
}

export interface ConfSetting {
  /** The whole setting, from the name to the end of the value. */
  readonly span: Span;
  readonly name: ConfToken;
  readonly value: ConfToken;
  /** The line holds a template placeholder: what the value is cannot be known. */
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
}

export declare function parseConf(text: string): ConfFile;
