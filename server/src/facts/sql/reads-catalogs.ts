import type { StatementText } from '../../syntax/sql/statements.ts';
import { bodyTokens } from './body-tokens.ts';
import { isBuiltin } from './body-names.ts';
import { Cursor } from './cursor.ts';
import { cutsText } from './touches-data.ts';

/** True for a routine that only looks up what the server says of itself, and none of its secrets: names, sizes, counters. */
export function readsOnlyCatalogs(written: StatementText): boolean {
  const body = bodyTokens(written);
  if (!body || acting.test(body.text) || secret.test(body.text)) return false;
  const cursor = new Cursor(body.text, body.tokens);
  const own = new Set([...body.text.matchAll(/\b(\w+)\s*(?:\([\w\s,]*\)\s*)?as\s+(?:(?:not\s+)?materialized\s+)?\(/gi)].map(([, name = '']) => name.toLowerCase()));
  let found = false;
  for (; !cursor.done; cursor.index++) {
    if (cursor.token()!.kind === 'template') return false;
    const reads = (cursor.word() === 'FROM' && cursor.word(-1) !== 'DISTINCT' && !cutsText(cursor)) || cursor.word() === 'JOIN';
    if (!reads) continue;
    if (!sourcesOf(cursor.between(cursor.index + 1, cursor.tokens.length)).every((name) => own.has(name) || isCatalog(name))) return false;
    found = true;
  }
  return found;
}

/** The names of a list behind FROM or JOIN; a query in parentheses has a FROM of its own. */
function sourcesOf(cursor: Cursor): string[] {
  const names: string[] = [];
  do {
    while (/^(ONLY|LATERAL)$/.test(cursor.word())) cursor.index++;
    if (cursor.here() !== '(') names.push(cursor.name()?.parts.map(({ name }) => name).join('.') ?? '');
    if (cursor.here() === '(') cursor.skip();
    if (cursor.word() === 'AS') cursor.index++;
    if (!/^(|ON|USING|WHERE|JOIN|LEFT|RIGHT|FULL|INNER|CROSS|NATURAL|GROUP|ORDER|LIMIT|UNION)$/.test(cursor.word()) || cursor.token()?.kind === 'identifier') cursor.index++;
    if (cursor.here() === '(') cursor.skip();
  } while (cursor.takeText(','));
  return names;
}

function isCatalog(name: string): boolean {
  const [schema, own] = name.includes('.') ? name.split('.') as [string, string] : [undefined, name];
  if (schema === 'pg_catalog' || schema === 'information_schema') return true;
  if (/^(pg_stat_statements(_info)?|pg_buffercache\w*|pgstattuple|pgstatindex)$/.test(own)) return true;
  return schema === undefined && (isBuiltin('relation', own) || isBuiltin('routine', own));
}

const acting = /\b(insert|update|delete|merge|truncate|copy|execute|perform|call|create|alter|drop|grant|revoke|notify|lock)\b/i;
/** What only superusers may see, or do, and what holds values of other people's rows or statements. */
const secret = new RegExp([
  'pg_authid|pg_shadow|pg_user_mappings?|pg_subscription|pg_largeobject|pg_hba_file_rules|pg_ident_file_mappings|pg_file_settings|pg_stat_activity|pg_stat_get_activity|pg_prepared',
  'most_common|histogram_bounds|stavalues|pg_(read|ls|stat)_(binary_)?(file|dir)|pg_(terminate|cancel)_backend|pg_reload_conf|pg_rotate|pg_promote|_reset\\b|\\blo_|dblink|set_config|_to_xml|(u|s|fdw)(m|rv)?options',
].join('|'), 'i');
