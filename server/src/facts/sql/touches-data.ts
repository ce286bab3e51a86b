import type { StatementText } from '../../syntax/sql/statements.ts';
import { isBuiltin } from './body-names.ts';
import { bodyTokens } from './body-tokens.ts';
import { Cursor } from './cursor.ts';
import type { Routine } from '../schema.ts';

/** False for a routine that only computes something of its arguments: it reads and writes no table, runs no text and calls only what is built in. */
export function touchesData(written: StatementText): boolean {
  const body = bodyTokens(written);
  if (!body) return true;
  const cursor = new Cursor(body.text, body.tokens);
  for (; !cursor.done; cursor.index++) {
    const { kind } = cursor.token()!;
    if (kind === 'template' || (acting.has(cursor.word()) && !cutsText(cursor))) return true;
    const name = kind === 'identifier' ? cursor.here().slice(1, -1) : cursor.here().toLowerCase();
    const called = (kind === 'word' || kind === 'identifier') && cursor.here(1) === '(';
    if (called && (cursor.here(-1) === '.' ? cursor.word(-2) !== 'PG_CATALOG' : !isBuiltin('routine', name) && !grammar.has(cursor.word()))) return true;
    if (called && reaching.test(name)) return true;
  }
  return false;
}

/** True for a body that inserts, changes or deletes rows, other than to count one up. */
export function writesRows({ body, text }: StatementText): boolean {
  const found = [...(body?.text ?? text).matchAll(writing)];
  return found.some(([all]) => !counting.test(all));
}

/** It only puts down rows with fixed values for whomever its one argument names, where there are none yet. */
export function onlyFillsIn({ types, created: { written: { body, text } } }: Routine): boolean {
  const code = body?.text ?? text;
  const inserts = [...code.matchAll(/\binsert\s+into\b[^;]*/gi)];
  return types.length === 1 && inserts.length > 0 && inserts.every(([one]) => /\bon\s+conflict\b[^]*\bdo\s+nothing\b/i.test(one)) && !/\b(?:update|delete\s+from|truncate|merge)\b/i.test(code);
}

const writing = /\b(?:insert\s+into|delete\s+from|truncate)\b|\bupdate\s+(?:only\s+)?[\w".]+\s+(?:(?:as\s+)?\w+\s+)?set\b[^;]*/gi;
const counting = /\bset\s+"?(\w+)"?\s*=\s*(?:(?:coalesce|greatest)\s*\((?:\s*0\s*,)?\s*)?(?:\w+\s*\.\s*)?"?\1\b"?(?:\s*,\s*0\s*\))?\s*[+-]\s*1\b/i;

/** `substring(x FROM 1 FOR 3)` */
export function cutsText(cursor: Cursor): boolean {
  if (cursor.word() !== 'FROM') return false;
  let depth = 0;
  for (let back = -1; cursor.token(back) !== undefined && cursor.here(back) !== ';'; back--) {
    if (cursor.here(back) === ')') depth++;
    if (cursor.here(back) === '(' && depth-- === 0) return /^(SUBSTRING|TRIM|BTRIM|EXTRACT|OVERLAY)$/.test(cursor.word(back - 1));
  }
  return false;
}

/** Code of another language that hands no SQL to the server. */
export function runsNoSql({ text: { language = 'sql' }, created: { written } }: Routine): boolean {
  return !/^(sql|plpgsql)$/.test(language) && !/execute|prepare|spi_|query|cursor/i.test(written.body?.text ?? '');
}

const acting = new Set((
  'FROM INSERT UPDATE DELETE MERGE TRUNCATE COPY EXECUTE PERFORM CALL CREATE ALTER DROP GRANT REVOKE SET NOTIFY LOCK JOIN TABLE'
).split(' '));
/** Built-in functions with the rights of their caller, which is the owner here. */
const reaching = /^(pg_(?!typeof|column_size)|lo_|(query|table|schema|database|cursor)_to_|set_config|current_setting|nextval|setval|dblink|ts_stat|txid_)/;
const grammar = new Set((
  'IF ELSIF AND OR NOT IN CASE WHEN THEN ELSE RETURN SELECT VALUES COALESCE GREATEST LEAST NULLIF ROW ARRAY CAST AS ANY ALL VARCHAR CHAR CHARACTER '
  + 'NUMERIC DECIMAL INT BIT TIMESTAMP TIME INTERVAL EXTRACT SUBSTRING TRIM POSITION OVERLAY FLOAT WHILE USING'
).split(' '));
