import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { Place } from '../../facts/schema.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { omitsPrivileges } from '../../facts/sql/dumps.ts';
import { append } from '../../facts/sql/append.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Everybody may create objects in the schema that the application uses',
  why: 'Up to version 14 every role may create objects in public. It makes a function there whose arguments fit better than those of a built-in one, or a table that somebody '
    + 'finds first, and queries of other roles use it, with their rights.',
  fixing: 'The first fix takes the privilege from PUBLIC for the whole database. Roles that create their own tables in public get an error afterwards: grant CREATE to those that should.',
  cwe: [276, 426],
  references: ['https://www.postgresql.org/docs/14/ddl-schemas.html#DDL-SCHEMAS-PATTERNS', 'https://www.postgresql.org/support/security/CVE-2018-1058/'],
  examples: [
    {
      bad: 'CREATE TABLE «public.users» (id int);\nCREATE TABLE public.orders (id int);\n', version: 14,
      fixed: 'CREATE TABLE public.users (id int);\nREVOKE CREATE ON SCHEMA public FROM PUBLIC;\nCREATE TABLE public.orders (id int);\n',
      because: 'It is said once for all files of a database.',
    },
    { bad: 'CREATE FUNCTION «f»() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;', version: 13, because: 'Only helpers are there, and no table of an application: low.' },
    { good: 'CREATE TABLE public.users (id int);', version: 15, because: 'Since version 15 nobody may unless it was granted.' },
    { good: 'CREATE TABLE users (id int);\nREVOKE ALL ON SCHEMA public FROM PUBLIC;', version: 14, because: 'A later statement closes it.' },
    { good: '--\n-- Name: users; Type: TABLE; Schema: public; Owner: -\n--\nCREATE TABLE public.users (id int);\n', version: 14, because: 'A dump without owners leaves out privileges too.' },
    { good: 'CREATE SCHEMA app;\nCREATE TABLE app.users (id int);', version: 14, because: 'Nobody uses public here.' },
    { good: 'GRANT ALL ON SCHEMA public TO PUBLIC;\nCREATE TABLE users (id int);', version: 14, because: 'The GRANT has a rule of its own.' },
  ],
  *check(facts) {
    const { document: { version }, schema } = facts;
    if (version >= 15 || schema.closed('public') || schema.creators('public').some(({ role }) => role === 'public') || omitsPrivileges(facts.document)) return;
    const place = firstInPublic(facts);
    if (place && facts.here(place)) {
      // Where the tables of the application are is not known without any, and with one role there is nobody else.
      const tables = schema.relations.some((relation) => relation.known && !relation.temporary && (relation.schema === undefined || relation.schema === 'public'));
      yield {
        at: place.at, ...(!(tables && namesRoles(facts)) && { severity: 'low' as const }),
        message: 'Any role can create objects beside this one and have other roles run them', fixes: close(facts, place),
      };
    }
  },
});

function firstInPublic({ document: { set }, schema }: SqlFacts): Place | undefined {
  const made = [...schema.relations, ...schema.routines].filter((object) => object.known && (object.schema === undefined || object.schema === 'public')
    && !('temporary' in object && object.temporary));
  const isFirst = (a: Place, b: Place): boolean => (set && !set.ordered && a.path !== b.path ? a.path < b.path : schema.isBefore(a, b));
  return made.map(({ place }) => place).reduce<Place | undefined>((first, place) => (first === undefined || isFirst(place, first) ? place : first), undefined);
}

function close({ document }: SqlFacts, { statement }: Place): Fix[] {
  const revoke = 'REVOKE CREATE ON SCHEMA public FROM PUBLIC;';
  const first = append(document.text, statement, [revoke]);
  if (!first) return [];
  const grant = 'GRANT USAGE ON SCHEMA public TO ';
  const instead = ['REVOKE ALL ON SCHEMA public FROM PUBLIC;', `${grant}role_name;`];
  const second = append(document.text, statement, instead)!;
  const start = second.text.lastIndexOf(grant) + grant.length;
  return [
    { title: 'Let nobody else create objects in public', safety: 'review', edits: [first], statements: [revoke] },
    { title: 'Open public to one role alone', safety: 'review', edits: [{ ...second, placeholders: [{ start, end: start + 'role_name'.length }] }], statements: instead, blanks: ['role_name'] },
  ];
}

/** One role that owns everything has nobody beside it: the files make no role and grant nothing to one. */
function namesRoles({ document: { set, text } }: SqlFacts): boolean {
  return (set?.files.map((file) => file.text) ?? [text]).some((one) => /\bcreate\s+(role|user|group)\b|\bgrant\b[^;]+\bto\b|\bowner\s+to\b/i.test(one));
}
