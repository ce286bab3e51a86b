import type { Case } from './lab.ts';
import { literalOf } from './matrix.ts';
import type { Kind } from './positions.ts';
import { usualAttacks } from './positions.ts';

type More = Partial<Omit<Case, 'id' | 'params' | 'body' | 'honest' | 'attacks'>>;

/** One value `x` of type text. */
export function one(kind: Kind, id: string, body: string, honest: readonly string[], more: More & { readonly attacks?: readonly string[] } = {}): Case {
  const { attacks = usualAttacks[kind], ...others } = more;
  return { id, params: 'x text', body, honest: honest.map(literalOf), attacks: attacks.map(literalOf), ...others };
}

export function several(id: string, params: string, body: string, honest: readonly string[], attacks: readonly string[], more: More = {}): Case {
  return { id, params, body, honest, attacks, ...more };
}

export const harmless = ['alice', '', ' ', '%', '_', '%s', '$1', '$$', 'é😀', '--', 'a\nb', '"'];
export const usersNow = `SELECT string_agg(u::text, ',' ORDER BY id) FROM (SELECT id, name, email, code, born, data FROM lab.users) u`;
export const logged = `SELECT string_agg(coalesce(msg, '-') || coalesce(at::text, '-'), ',' ORDER BY at, msg) FROM lab.log`;
export const rows = `(SELECT string_agg(to_jsonb(t)::text, ',') FROM {f}({args}) t)`;
export const or = `x' OR lab.spy() IS NOT NULL --`;
