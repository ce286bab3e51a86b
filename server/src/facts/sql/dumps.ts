import type { SqlFile } from '../../syntax/sql/statements.ts';

/** Written by pg_dump or pg_dumpall: it sets parameters and switches triggers off to get its own data back in, and nobody writes it by hand. */
export function isDump({ text }: Pick<SqlFile, 'text'>): boolean {
  return marks.test(text.slice(0, 20_000));
}

const marks = /^-- (PostgreSQL database (cluster )?dump|TOC Entry ID \d|Selected TOC Entries|Dumped (from|by) |Name: .*; Type: )|pg_catalog\.set_config\('search_path', '', false\)/m;

/** A dump that leaves owners out, as the structure.sql of Rails does, leaves out privileges too: nothing in it tells who may do what. */
export function omitsPrivileges({ text }: Pick<SqlFile, 'text'>): boolean {
  return /^-- Name: .*; Type: .*; Owner: -$/m.test(text) && !/^(GRANT|REVOKE)\b/m.test(text);
}

/** Among other things the file brings data in from other files. */
export function importsData({ text }: Pick<SqlFile, 'text'>): boolean {
  return /^\s*(\\(copy|i|ir|include)\b|copy\s[^;]*\bfrom\b)/im.test(text);
}

/** A file that does little but fill tables, as restores and test data do. */
export function loadsData({ text, statements }: SqlFile): boolean {
  const loads = statements.filter(({ span }) => /^(insert|copy|truncate|select (pg_catalog\.)?setval)\b/i.test(text.slice(span.start, span.start + 40)));
  return loads.length > 0 && loads.length * 2 >= statements.length;
}
