import type { Finding, Fix, Severity } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import type { Creator, Place, Routine } from '../../facts/schema.ts';
import { displayName } from '../../facts/schema.ts';
import type { NamePart } from '../../facts/cursor.ts';
import { append, withPlaceholder } from '../../facts/append.ts';
import { bodyNames, isBuiltin } from '../../facts/body-names.ts';
import { isMisquoted, openTo, repairPath } from '../../facts/search-path.ts';

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
    for (const routine of facts.routines) {
      if (!routine.definer || routine.path.kind !== 'list' || ['c', 'internal'].includes(routine.text.language ?? '')) continue;
      const { entries, place } = routine.path;
      const problem = judge(facts, routine, entries);
      if (!problem) continue;
      const { fixable = true, creator, ...finding } = problem;
      const related = creator ? [{ at: creator.at, message: 'This lets others create objects there' }] : [];
      yield { ...finding, at: place.at, related, fixes: fixable ? [...rewrite(facts, routine, entries, place), ...closing(facts, routine, entries)] : [] };
    }
  },
});

interface Problem {
  readonly message: Finding['message'];
  readonly severity: Severity;
  readonly creator?: Creator;
  readonly fixable?: boolean;
}

function judge({ schema, document }: SqlFacts, routine: Routine, entries: readonly NamePart[]): Problem | undefined {
  const name = displayName(routine);
  const list = entries.map((entry) => entry.name);
  if (entries.some(isMisquoted)) {
    return { severity: 'high', message: 'This is one name with a comma in it, no list: only pg_catalog and the caller\'s pg_temp are searched' };
  }
  for (const entry of list) {
    const open = openTo(schema, entry, document.version);
    if (!open) continue;
    const creator = open === 'public' ? {} : { creator: open };
    return { severity: 'high', message: `Any role can create objects in schema ${short(entry)} that run with the rights of ${name}'s owner`, ...creator };
  }
  const temporary = judgeTemporary(routine, list);
  if (temporary) return temporary;
  if (list.includes('$user')) {
    return { severity: 'medium', message: `"$user" is the owner of ${name} here, not the caller: it searches another schema than it seems` };
  }
  for (const entry of list) {
    const creator = schema.creators(entry).find(({ role }) => role !== routine.owner && !trusted.has(role));
    if (creator) {
      return { severity: 'medium', creator, fixable: false, message: `Role ${short(creator.role)} can create objects in schema ${short(entry)} that run with the rights of ${name}'s owner` };
    }
  }
  if (!list.includes('public') || document.version < 15) return undefined;
  return { severity: 'info', fixable: false, message: `Roles that may create objects in schema public can slip them into ${name}; check who may` };
}

/** The caller's temporary relations and types come first unless pg_temp is listed; functions are never looked up there. */
function judgeTemporary(routine: Routine, list: readonly string[]): Problem | undefined {
  if (list[list.length - 1] === 'pg_temp' && list.indexOf('pg_temp') === list.length - 1) return undefined;
  const { names, complete } = bodyNames(routine.created.written);
  const temporary = names.filter(({ kind }) => kind !== 'routine');
  if (list.every((entry) => entry === '')) {
    return temporary.some(({ kind, name }) => isBuiltin(kind, name)) ? { severity: 'medium', message: "A caller's temporary table or type is found first: an empty path does not keep pg_temp out" } : undefined;
  }
  const severity = temporary.length > 0 || !complete ? 'high' : 'medium';
  if (list.includes('pg_temp')) return { severity, message: "A caller's temporary table or type takes the place of what comes after pg_temp" };
  return { severity, message: "A caller's temporary table or type is found before the real one: pg_temp is not listed last" };
}

/** These own what they create anyway. */
const trusted = new Set(['postgres', 'current_user', 'current_role', 'session_user', 'pg_database_owner']);

function rewrite({ schema, document }: SqlFacts, routine: Routine, entries: readonly NamePart[], { at }: Place): Fix[] {
  const path = repairPath(schema, routine, entries, document.version);
  const written = document.text.slice(at.start, at.end);
  if (written === path.text) return [];
  const head = /^from\b/i.test(written) ? 'TO ' : '';
  const edit = withPlaceholder({ span: at, text: head + path.text }, head.length, path.placeholder);
  return [{ title: `Set search_path = ${path.text}`, safety: 'review', edits: [edit] }];
}

/** Where the routine needs a schema that is open to everybody, the schema has to be closed. */
function closing({ schema, document }: SqlFacts, routine: Routine, entries: readonly NamePart[]): Fix[] {
  const open = entries.find((entry) => openTo(schema, entry.name, document.version));
  if (!open) return [];
  const edit = append(document.text, routine.created, [`REVOKE CREATE ON SCHEMA ${open.text} FROM PUBLIC;`]);
  const by = openTo(schema, open.name, document.version);
  const later = typeof by === 'object' && by.at.start > routine.created.end;
  return edit && !later ? [{ title: `Let nobody else create objects in schema ${open.text}`, safety: 'review', edits: [edit] }] : [];
}

function short(name: string): string {
  return name.length <= 20 ? name : 'named here';
}
