import type { Document } from '../document.ts';

/** pg_dump wrote the file: it repeats what is in the database, and nobody decided anything in it. */
export function isDump({ text }: Document): boolean {
  return /^-- PostgreSQL database (cluster )?dump$/m.test(text.slice(0, 2000));
}
