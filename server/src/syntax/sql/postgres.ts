import type { Node } from '@pgsql/types';

/**
 * `tree`: the statement's node; every `location` in it is a UTF-16 offset into the statement (libpg-query gives UTF-8 bytes).
 * `error`: PostgreSQL rejects it; `at` is a UTF-16 offset. `unknown`: not asked, because of a template, a psql variable or a size guard.
 */
export type Parsed =
  | { readonly kind: 'tree'; readonly node: Node }
  | { readonly kind: 'error'; readonly message: string; readonly at: number }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Must have resolved before the first `parsePostgres`. `wasm` is given where the file cannot be read (browser). */
export declare function loadPostgres(wasm?: Uint8Array): Promise<void>;
/** Parses exactly one statement. Never throws. */
export declare function parsePostgres(statement: string): Parsed;
