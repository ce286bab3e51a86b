import { Lexer } from './lexer.ts';

/** The leading keywords of a statement in upper case, single blanks, at most six; names are not part of it. */
export function headOf(text: string): string {
  const lexer = new Lexer(text);
  const words: string[] = [];
  while (words.length < 6 && lexer.next()) {
    if (lexer.kind === 'comment' || lexer.kind === 'meta') continue;
    if (words.length === 0 && isPrefix(lexer.kind, text.charCodeAt(lexer.start))) continue;
    if (lexer.kind !== 'word') break;
    const word = text.slice(lexer.start, lexer.end).toUpperCase();
    const previous = words.at(-1);
    if (previous !== undefined && !followers.get(previous)?.has(word)) break;
    words.push(word);
  }
  return words.join(' ');
}

/** `(SELECT …)`, `{% if x %} CREATE …`, `:PREFIX SELECT …` */
function isPrefix(kind: string, code: number): boolean {
  return kind === 'template' || kind === 'variable' || (kind === 'punctuation' && code === 40);
}

const kinds = `ACCESS AGGREGATE CAST COLLATION CONSTRAINT CONVERSION DATABASE DEFAULT DOMAIN EVENT EXTENSION FOREIGN FUNCTION GROUP
  INDEX LANGUAGE LARGE MATERIALIZED OPERATOR POLICY PROCEDURAL PROCEDURE PUBLICATION ROLE ROUTINE RULE SCHEMA SEQUENCE SERVER
  STATISTICS SUBSCRIPTION SYSTEM TABLE TABLESPACE TEXT TRANSFORM TRIGGER TYPE USER VIEW`;

/** What may follow a keyword and still be a keyword. */
const followers = new Map(Object.entries({
  CREATE: `${kinds} OR TEMP TEMPORARY GLOBAL LOCAL UNLOGGED UNIQUE RECURSIVE TRUSTED`,
  ALTER: kinds,
  DROP: `${kinds} OWNED`,
  OR: 'REPLACE',
  REPLACE: kinds + ' TEMP TEMPORARY RECURSIVE TRUSTED',
  TEMP: 'TABLE VIEW SEQUENCE RECURSIVE',
  TEMPORARY: 'TABLE VIEW SEQUENCE RECURSIVE',
  GLOBAL: 'TEMP TEMPORARY',
  LOCAL: 'TEMP TEMPORARY ROLE SESSION',
  UNLOGGED: 'TABLE SEQUENCE',
  UNIQUE: 'INDEX',
  RECURSIVE: 'VIEW',
  TRUSTED: 'PROCEDURAL LANGUAGE',
  PROCEDURAL: 'LANGUAGE',
  CONSTRAINT: 'TRIGGER',
  DEFAULT: 'PRIVILEGES CONVERSION',
  ACCESS: 'METHOD',
  EVENT: 'TRIGGER',
  FOREIGN: 'TABLE DATA SCHEMA',
  DATA: 'WRAPPER',
  LARGE: 'OBJECT',
  MATERIALIZED: 'VIEW',
  OPERATOR: 'CLASS FAMILY',
  TEXT: 'SEARCH',
  SEARCH: 'CONFIGURATION DICTIONARY PARSER TEMPLATE',
  USER: 'MAPPING',
  REFRESH: 'MATERIALIZED',
  SECURITY: 'LABEL',
  IMPORT: 'FOREIGN',
  REASSIGN: 'OWNED',
  COMMENT: 'ON',
  SET: 'LOCAL SESSION ROLE CONSTRAINTS TRANSACTION',
  RESET: 'ALL ROLE SESSION',
  SESSION: 'AUTHORIZATION CHARACTERISTICS ROLE',
  START: 'TRANSACTION',
  PREPARE: 'TRANSACTION',
  COMMIT: 'PREPARED',
  ROLLBACK: 'PREPARED',
  DISCARD: 'ALL PLANS SEQUENCES TEMP TEMPORARY',
  LOCK: 'TABLE',
  TRUNCATE: 'TABLE',
}).map(([word, next]) => [word, new Set(next.split(/\s+/))] as const));
