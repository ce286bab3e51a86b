import type { Document, FileSet } from '../../document.ts';
import { remembered } from '../remembered.ts';
import type { Relation, Routine } from '../schema.ts';
import type { SqlFacts } from '../sql.ts';
import { isTrustedRole } from './trusted-roles.ts';

/** Roles in whose name PostgREST and Supabase run requests that carry no login, or any login. */
const anonymous: ReadonlySet<string> = new Set(['anon', 'web_anon', 'anonymous']);
const anyUser: ReadonlySet<string> = new Set(['authenticated', 'web_user']);

export function isAnonymousRole(role: string): boolean {
  return anonymous.has(role);
}

/** Everybody on the network is, or can become, a member. */
export function isApiRole(role: string): boolean {
  return anonymous.has(role) || anyUser.has(role);
}

/** Schemas that Supabase itself fills and looks after, and that its API does not show. */
export function isManagedSchema(schema: string | undefined): boolean {
  return schema !== undefined && /^(auth|storage|realtime|_realtime|supabase_(functions|migrations)|vault|pgsodium|pgbouncer|graphql|net|cron)$/.test(schema);
}

/** The relation stands in a schema that the API shows to its clients. What names no schema goes into `public`. */
export function isExposed({ schema, temporary, known }: Relation, exposedSchemas: readonly string[]): boolean {
  return known && !temporary && exposedSchemas.includes(schema ?? 'public');
}

/** The roles of Supabase's API that may read a relation: they get every new one in an exposed schema, until a REVOKE names them. */
export function readersOf({ shutOut, acl }: Relation): readonly string[] {
  return ['anon', 'authenticated'].filter((role) => (
    !shutOut.includes(role) || acl.some(({ grantee, privilege }) => privilege === 'SELECT' && (grantee === role || grantee === 'public'))));
}

/** The roles of Supabase's API that may call a routine without any GRANT: they get every new one in `public`, until a REVOKE names them. */
export function callersByDefault(facts: SqlFacts, { schema = 'public', shutOut, grantees }: Routine): readonly string[] {
  return schema === 'public' && isSupabase(facts) ? ['anon', 'authenticated'].filter((role) => !shutOut.includes(role) && !grantees.includes(role)) : [];
}

/** Nobody may call it but its owner and roles like `mayCall`. */
export function isClosed(facts: SqlFacts, routine: Routine, mayCall: (role: string) => boolean = isTrustedRole): boolean {
  const { publicExecute, grantees, text } = routine;
  return publicExecute.kind === 'revoked' && !publicExecute.late && !text.trigger && grantees.every(mayCall) && callersByDefault(facts, routine).length === 0;
}

/** Who reads through a policy or a grant, as the subject of a sentence. */
export function readersText(roles: readonly string[]): string {
  if (roles.includes('public')) return 'Everybody with the privilege';
  if (!roles.some(isApiRole)) return `${roles[0] ?? 'Its role'}${roles.length > 1 ? ' and others' : ''}`;
  return roles.some(isAnonymousRole) ? 'Anybody who is not logged in' : 'Every user who is logged in';
}

/**
 * Clients reach this database through an API (Supabase, PostgREST, PostGraphile, Hasura), which lets them read, write and call, but takes no
 * SQL from them: they have no session in which to set a path or to create tables and types.
 */
export function isBehindApi({ document }: SqlFacts): boolean {
  return document.set === undefined ? isAloneBehindApi(document) : isSetBehindApi(document.set);
}

/** In Supabase whoever sends a request may use every new table and view in `public`, without any GRANT in the files. */
export function isSupabase({ document }: SqlFacts): boolean {
  return document.set === undefined ? isAloneOfSupabase(document) : isSetOfSupabase(document.set);
}

const isAloneBehindApi = remembered(({ text }: Document): boolean => speaksOfApi.test(text));
const isAloneOfSupabase = remembered(({ text }: Document): boolean => asksSupabase.test(text));

const isSetOfSupabase = remembered(({ layout, files }: FileSet): boolean => layout === 'supabase' || files.some(({ text }) => asksSupabase.test(text)));
const asksSupabase = /\bauth"?\s*\.\s*"?(?:uid|jwt|role|email)"?\s*\(/i;

const isSetBehindApi = remembered(({ layout, files }: FileSet): boolean => layout === 'supabase' || files.some(({ path, text }) => inFolderOfSupabase.test(path) || speaksOfApi.test(text)));

/** `supabase/schema.sql`, `src/lib/supabase/rpc/list.sql` */
const inFolderOfSupabase = /(?:^|\/)supabase\/(?:[^/]+\/)?[^/]+\.sql$/;

/** The functions and settings by which an API says who is asking, the roles that it takes on, the channel on which it is told of a new schema. */
const speaksOfApi = new RegExp([
  asksSupabase.source,
  String.raw`'(?:request\.(?:jwt|headers?|cookies?)|jwt\.claims?|hasura\.)|\bx-hasura-|\bhasura_session\b`,
  String.raw`\bto\s+"?(?:anon|web_anon|postgraphile|authenticator)\b|\brole\s+"?(?:anon|web_anon|postgraphile|authenticator)\b|\b(?:pgrst|service_role)\b`,
].join('|'), 'i');
