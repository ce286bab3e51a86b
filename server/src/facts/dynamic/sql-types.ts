/**
 * What the text form of a type can hold, which decides where it may stand in SQL without quoting.
 * `number`, `boolean`, `plain`: nothing that ends a literal or starts SQL. `object`: a reg* type, already quoted as an identifier.
 * `quoteless`: nothing that ends a literal or a quoted name, but perhaps several words. `text`: whatever somebody wrote. `unknown`: a type of the user.
 */
export type TypeClass = 'number' | 'boolean' | 'plain' | 'object' | 'quoteless' | 'text' | 'unknown';

/** The class of a type as written: `numeric(10,2)`, `pg_catalog.int4[]`, `timestamp with time zone`. */
export function classOfType(written: string): TypeClass {
  const name = baseName(written);
  const type = classes.get(name) ?? 'unknown';
  return !isArray(written) ? type : isHarmless(type) ? 'plain' : type === 'object' ? type : 'text';
}

/** The class of what the array `written` holds; `unknown` when it is no array. */
export function classOfElement(written: string): TypeClass {
  return isArray(written) ? classes.get(baseName(written)) ?? 'unknown' : 'unknown';
}

/** Text of this class stays harmless at every place of a statement. */
export function isHarmless(type: TypeClass): boolean {
  return type === 'number' || type === 'boolean' || type === 'plain';
}

function isArray(written: string): boolean {
  return /\]\s*$|\barray\b/i.test(written);
}

function baseName(written: string): string {
  return written.toLowerCase()
    .replace(/\[[^\]]*\]|\([^)]*\)|\barray\b|^\s*setof\b/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^"?pg_catalog"?\s*\.\s*/, '')
    // Extensions stand in any schema.
    .replace(/^[\w"]+\s*\.\s*(?=(?:citext|hstore|ltree)$)/, '');
}

// timestamptz, bytea and money are text: the caller's TimeZone, bytea_output and lc_monetary choose characters of their text form.
const classes: ReadonlyMap<string, TypeClass> = new Map<string, TypeClass>([
  ...all('number', [
    'smallint', 'integer', 'int', 'bigint', 'int2', 'int4', 'int8', 'oid', 'numeric', 'decimal', 'dec', 'real', 'float', 'float4', 'float8',
    'double precision', 'smallserial', 'serial', 'bigserial', 'serial4', 'serial8', 'xid', 'xid8', 'cid',
  ]),
  ...all('boolean', ['boolean', 'bool']),
  ...all('plain', [
    'uuid', 'date', 'timestamp', 'timestamp without time zone', 'time', 'time without time zone', 'time with time zone', 'timetz', 'interval',
    'inet', 'cidr', 'macaddr', 'macaddr8', 'pg_lsn', 'tid', 'bit', 'bit varying', 'varbit', 'point', 'box', 'int4range', 'int8range', 'numrange',
    'daterange', 'tsrange', 'void',
  ]),
  ...all('object', [
    'regclass', 'regtype', 'regproc', 'regprocedure', 'regrole', 'regnamespace', 'regoper', 'regoperator', 'regconfig', 'regdictionary', 'regcollation',
  ]),
  ...all('text', [
    'text', 'varchar', 'character varying', 'char', 'character', 'bpchar', '"char"', 'name', 'citext', 'json', 'jsonb', 'jsonpath', 'xml', 'bytea',
    'timestamptz', 'timestamp with time zone', 'money', 'hstore', 'tsvector', 'tsquery', 'tstzrange', 'aclitem', 'cstring', 'unknown', 'ltree', 'refcursor',
    'anyelement', 'anynonarray', 'anyarray', 'anycompatible',
  ]),
]);

function all(type: TypeClass, names: readonly string[]): [string, TypeClass][] {
  return names.map((name) => [name, type]);
}
