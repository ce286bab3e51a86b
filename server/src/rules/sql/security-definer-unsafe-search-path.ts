import { almostAltered } from '../../facts/sql/almost.ts';
import type { Fix, Severity } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { Edit, Span } from '../../text.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import type { Place, Routine } from '../../facts/schema.ts';
import { displayName } from '../../facts/schema.ts';
import type { NamePart } from '../../facts/sql/cursor.ts';
import { isBehindApi, isClosed } from '../../facts/sql/api.ts';
import { bodyNames, isBuiltin } from '../../facts/sql/body-names.ts';
import { append, withPlaceholder } from '../../facts/sql/append.ts';
import { later, laterStatement } from '../../facts/sql/mending.ts';
import { findPathProblem } from '../../facts/sql/path-problem.ts';
import type { PathProblem } from '../../facts/sql/path-problem.ts';
import { asked, openTo, repairPath } from '../../facts/sql/search-path.ts';
import type { ProposedPath } from '../../facts/sql/search-path.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'search_path of a SECURITY DEFINER routine lets others in',
  why: 'A routine with the rights of its owner uses the first object of a name that its path holds. Without pg_temp at the end, '
    + "temporary tables and types of the caller come first; a schema in which others may create objects serves theirs.",
  fixing: 'The first fix rewrites the list: pg_catalog first, the trusted schemas, pg_temp last. Check that every name in the body is still found.',
  cwe: [426, 427],
  references: ['https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY'],
  examples: [
    {
      bad: 'CREATE FUNCTION app.b() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = «app» AS $$ SELECT v FROM cfg $$;',
      fixed: 'CREATE FUNCTION app.b() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp AS $$ SELECT v FROM cfg $$;',
    },
    {
      bad: "CREATE FUNCTION app.e() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = «'app, pg_temp'» AS $$ SELECT v FROM cfg $$;",
      fixed: 'CREATE FUNCTION app.e() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp AS $$ SELECT v FROM cfg $$;',
    },
    {
      bad: 'CREATE FUNCTION app.c() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path TO «pg_temp, app» AS $$ SELECT v FROM cfg $$;',
      fixed: 'CREATE FUNCTION app.c() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path TO pg_catalog, app, pg_temp AS $$ SELECT v FROM cfg $$;',
    },
    {
      bad: "CREATE FUNCTION app.r() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = «''» AS $$ SELECT count(*) FROM pg_roles $$;",
      fixed: 'CREATE FUNCTION app.r() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT count(*) FROM pg_roles $$;',
    },
    {
      bad: 'CREATE TABLE app.cfg (v text);\nCREATE FUNCTION app.a() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = «public, app, pg_temp» AS $$ SELECT v FROM cfg $$;',
      fixed: 'CREATE TABLE app.cfg (v text);\nCREATE FUNCTION app.a() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp AS $$ SELECT v FROM cfg $$;',
      because: 'Up to PostgreSQL 14 every role may create objects in the schema public.',
      version: 14,
    },
    {
      bad: "CREATE TABLE app.cfg (v text, owner uuid);\nCREATE FUNCTION app.o() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = «app» AS $$ SELECT v FROM cfg WHERE owner = auth.uid() $$;",
      because: 'Clients of the API of Supabase have no session in which to create a table: this is a low finding.',
    },
    {
      good: "CREATE FUNCTION app.l(x text) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$ SELECT lower(x) FROM app.t $$;",
      because: 'With an empty path only relations and types of pg_temp come first, and the body names none without a schema.',
    },
    {
      good: 'CREATE FUNCTION app.g() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_temp AS $$ SELECT rolname FROM pg_roles $$;',
      because: 'pg_catalog is searched before a pg_temp that stands alone.',
    },
    {
      good: "CREATE FUNCTION app.i() RETURNS text LANGUAGE sql SET search_path = public AS $$ SELECT v FROM cfg $$;\nSELECT 'SECURITY DEFINER';",
      because: "The function runs with its caller's rights.",
    },
  ],
  *check(facts) {
    const { document, schema } = facts;
    for (const routine of facts.routines) {
      if (!routine.definer || routine.path.kind !== 'list' || ['c', 'internal'].includes(routine.text.language ?? '')) continue;
      const { entries, place } = routine.path;
      if (!facts.here(place)) continue;
      const problem = findPathProblem(schema, routine, entries, document.version);
      if (!problem) continue;
      const by = 'by' in problem ? problem.by : undefined;
      const editable = problem.kind !== 'creator' && problem.kind !== 'public';
      yield {
        ...describe(problem, displayName(routine), routine.owner.role !== undefined),
        ...isClosed(facts, routine) && problem.kind !== 'public' && { severity: 'low' as const },
        ...problem.kind === 'temporary' && isBehindApi(facts) && { severity: 'low' as const, message: behindApi },
        ...problem.kind === 'open' && searched(facts, routine, problem.schema),
        at: place.at,
        related: [...by ? [facts.related(by, 'This lets others create objects there')] : [], ...almostAltered(facts, routine, place)],
        fixes: editable ? [...rewrite(facts, routine, entries, place), ...closing(facts, routine, entries, place)] : [],
      };
    }
  },
});

/** Who has no session can create nothing, and a body that names only what is built in uses what others create by no more than a better fit of its types. */
function searched(facts: SqlFacts, routine: Routine, schema: string): { readonly severity?: Severity; readonly message?: string } {
  const { names, calls, complete } = bodyNames(routine.created.written);
  const list = routine.path.kind === 'list' ? routine.path.entries.map(({ name }) => name) : [];
  const builtin = complete && calls.length === 0 && list.indexOf('pg_catalog') < list.indexOf(schema) && names.every(({ kind, name }) => isBuiltin(kind, name));
  if (isBehindApi(facts)) return { severity: 'low', message: `Whoever gets to speak SQL creates objects in schema ${short(schema)}, which ${displayName(routine)} searches with its owner's rights` };
  return builtin ? { severity: 'medium', message: `Any role can create objects in schema ${short(schema)}, which ${displayName(routine)} searches with its owner's rights` } : {};
}

function describe(problem: PathProblem, name: string, ownerKnown: boolean): { readonly severity: Severity; readonly message: string } {
  switch (problem.kind) {
    case 'misquoted': return { severity: 'high', message: "Temporary tables of the caller come first: this is one name with a comma in it, not a list" };
    case 'open': return { severity: 'high', message: `Any role can create objects in schema ${short(problem.schema)} that ${name} uses with its owner's rights` };
    case 'temporary': return { severity: temporarySeverity(problem), message: problem.tables || !problem.used ? temporaryFirst[problem.how] : typesFirst };
    case 'user': return { severity: 'medium', message: `"$user" is the owner of ${name} here, not the caller: it searches another schema than it seems` };
    case 'creator': return {
      // It may be the role that owns the routine.
      severity: ownerKnown ? 'medium' : 'low',
      message: `Role ${short(problem.by.role)} can create objects in schema ${short(problem.schema)} that ${name} uses with its owner's rights`,
    };
    case 'public': return { severity: 'info', message: `Roles that may create objects in schema public can slip them into ${name}; check who may` };
  }
}

/** Nearly every body names types like text, and few callers have a session in which to make their own. */
function temporarySeverity({ how, used, tables }: Extract<PathProblem, { kind: 'temporary' }>): Severity {
  if (!used || !tables) return 'low';
  return how === 'empty' || tables === 'perhaps' ? 'medium' : 'high';
}

const behindApi = "Whoever gets to speak SQL slips in a temporary table or type of his own: pg_temp is not listed last";
const typesFirst = "A caller's temporary type can take the place of one like text or uuid: pg_temp is not listed last";
const temporaryFirst = {
  first: "A caller's temporary table or type is found before the real one: pg_temp is not listed last",
  listed: "A caller's temporary table or type takes the place of what comes after pg_temp",
  empty: "A caller's temporary table or type is found first: an empty path does not keep pg_temp out",
} as const;

function rewrite({ schema, document }: SqlFacts, routine: Routine, entries: readonly NamePart[], { at }: Place): Fix[] {
  const path = repairPath(schema, routine, entries, document.version);
  const edit = replaceList(document.text, at, path);
  return edit ? [{ title: `Set search_path = ${path.text}`, safety: 'review', edits: [edit], ...later(laterStatement(routine, 'ALTER', `SET search_path = ${path.text}`), ...asked(path)) }] : [];
}

function replaceList(text: string, at: Span, path: ProposedPath): Edit | undefined {
  const written = text.slice(at.start, at.end);
  if (written === path.text) return undefined;
  const head = /^from\b/i.test(written) ? 'TO ' : '';
  return withPlaceholder({ span: at, text: head + path.text }, head.length, path.placeholder);
}

/** Where the routine needs a schema that is open to everybody, the schema can be closed: once in a file, behind the first definer. */
function closing(facts: SqlFacts, routine: Routine, entries: readonly NamePart[], { at }: Place): Fix[] {
  const { schema, document, routines } = facts;
  const path = repairPath(schema, routine, entries, document.version);
  const open = entries.filter((entry) => openTo(schema, entry.name, document.version));
  const first = routines.find((other) => other.definer && facts.here(other.place))?.created;
  const by = openTo(schema, open[0]?.name ?? '', document.version);
  const late = first === undefined || (typeof by === 'object' && (!facts.here(by) || by.at.start > first.end));
  if (!path.placeholder || open.length !== 1 || late) return [];
  const revoke = append(document.text, first, [`REVOKE CREATE ON SCHEMA ${open[0]!.text} FROM PUBLIC;`]);
  if (!revoke) return [];
  const list = replaceList(document.text, at, { text: path.text });
  return [{ title: `Let nobody else create objects in schema ${open[0]!.text}`, safety: 'review', edits: [...list ? [list] : [], revoke] }];
}

function short(name: string): string {
  return name.length <= 20 ? name : 'named here';
}
