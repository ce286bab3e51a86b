/**
 * False when the text is surely written for another database: it has something that PostgreSQL rejects, and nothing that
 * only PostgreSQL has. Reading the beginning is enough: a file says early whom it is for.
 */
export function isPostgres(text: string): boolean {
  const beginning = withoutCode(text.slice(0, 200_000));
  // MySQL's client ends routines by any mark one likes, $$ included, so there it proves nothing.
  const evidence = mysqlDelimiter.test(beginning) ? beginning.replaceAll('$$', '') : beginning;
  return own.some((pattern) => pattern.test(evidence)) || !foreign.some((pattern) => pattern.test(beginning));
}

const mysqlDelimiter = /^[ \t]*delimiter[ \t]+\S+[ \t]*\r?$/im;

const foreign: readonly RegExp[] = [
  // T-SQL
  /^[ \t]*GO[ \t]*(?:\d+[ \t]*)?\r?$/im,
  /\[(?:dbo|sys)\]\s*\./i,
  /\bdbo\.\w+/i,
  /^[ \t]*SET[ \t]+(?:ANSI_NULLS|QUOTED_IDENTIFIER|NOCOUNT|XACT_ABORT)[ \t]+(?:ON|OFF)\b/im,
  /\bDECLARE\s+@\w+\s+\w+/i,
  /\bN?VARCHAR\s*\(\s*MAX\s*\)/i,
  /\bEXEC(?:UTE)?\s+sp_\w+/i,
  // MySQL
  mysqlDelimiter,
  /(?:^|[\s,(.])`[^`\n]+`/m,
  /\)[^;)]*\bENGINE\s*=\s*\w+/i,
  /\bAUTO_INCREMENT\b/i,
  /\/\*!\d{5}\b/,
  /\bIDENTIFIED\s+(?:BY|WITH)\b/i,
  // Oracle
  /\bN?VARCHAR2\s*\(/i,
  /^\/[ \t]*\r?$/m,
  /\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:(?:NON)?EDITIONABLE\s+)?PACKAGE\b/i,
  /\bDBMS_\w+\.\w+/i,
  /^[ \t]*(?:WHENEVER[ \t]+SQLERROR|SET[ \t]+SERVEROUTPUT)\b/im,
];

const own: readonly RegExp[] = [
  /\$(?:[A-Za-z_]\w*)?\$/,
  /[\w'")\]]::"?[A-Za-z_]/,
  /\bplpgsql\b/i,
  /PostgreSQL database (?:cluster )?dump/,
  /(?<!\bSQL\s+)\bSECURITY\s+DEFINER\b/i,
  /\bCREATE\s+EXTENSION\b/i,
  /^\\[A-Za-z]+/m,
  /\bROW\s+LEVEL\s+SECURITY\b/i,
  /\bCREATE\s+POLICY\b/i,
  /\bsearch_path\b/i,
  /\bpg_catalog\b/i,
  /\b(?:jsonb|timestamptz|bytea|tsvector|bigserial)\b/i,
  /\bOWNER\s+TO\b/i,
  /\bALTER\s+DEFAULT\s+PRIVILEGES\b/i,
  /\bALTER\s+SYSTEM\s+SET\b[^;]*=/i,
];

/** Words in comments and in line strings of another language prove nothing, so ordinary line comments go; the marks of dialects stay. */
function withoutCode(text: string): string {
  return text.replace(/--[^\n\r]*/g, (comment) => (comment.includes('PostgreSQL database') ? comment : ''));
}
