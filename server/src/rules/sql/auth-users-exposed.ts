import { isApiRole, isExposed, readersOf } from '../../facts/sql/api.ts';
import { isOn, shownRelation } from '../../facts/sql/rls.ts';
import type { Relation, Schema } from '../../facts/schema.ts';
import { defineRule, names } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'View behind the API shows auth.users',
  why: 'A view in an exposed schema reads auth.users with the rights of its owner, and Supabase grants new views to anon and authenticated. The '
    + 'e-mail addresses, telephone numbers and metadata of all users can then be read over HTTP.',
  fixing: 'There is no edit for this: security_invoker would only break the view, because nobody may read auth.users. Keep a table of profiles with the '
    + 'columns that others may see, filled by a trigger, and guard it with policies.',
  cwe: [359, 200],
  references: ['https://supabase.com/docs/guides/database/database-advisors?lint=0002_auth_users_exposed'],
  presets: ['supabase'],
  options: { exposedSchemas: names(['public'], 'Schemas that the API exposes.') },
  examples: [
    { bad: 'CREATE VIEW «public.members» AS SELECT u.id, u.email FROM auth.users u;\n', good: 'CREATE VIEW private.members AS SELECT u.id, u.email FROM auth.users u;\n' },
    { bad: 'CREATE MATERIALIZED VIEW «members» AS SELECT p.*, u.email FROM profiles p JOIN auth.users u USING (id);\n' },
    { bad: 'GRANT SELECT ON auth.users TO authenticated;\nCREATE VIEW «members» WITH (security_invoker = on) AS SELECT id FROM auth.users;\n', because: 'Users may read the table itself.' },
    { good: 'CREATE VIEW members WITH (security_invoker = on) AS SELECT id FROM auth.users;\n', because: 'Clients may not read auth.users themselves.' },
    { good: 'CREATE VIEW members AS SELECT id, email FROM auth.users;\nREVOKE ALL ON members FROM anon, authenticated;\n', because: 'The API roles are kept out.' },
    { good: 'CREATE VIEW members AS SELECT id FROM app.users;\n' },
  ],
  *check(facts, { exposedSchemas }) {
    for (const view of facts.objects.relations) {
      if (!view.kind.endsWith('view') || !view.query || !facts.here(view.query) || !isExposed(view, exposedSchemas)) continue;
      if (readersOf(view).length === 0 || !readsUsers(facts.schema, view) || (isOn(view, 'security_invoker') && !mayReadUsers(facts.schema))) continue;
      yield { at: view.query.at, message: `Every client of the API can read the accounts in auth.users through ${shownRelation(view)}` };
    }
  },
});

/** Clients may read auth.users themselves, and no policy stands in between. */
function mayReadUsers(schema: Schema): boolean {
  const users = schema.relation('auth', 'users');
  return users?.rls.on !== true && users?.acl.some(({ grantee, privilege }) => privilege === 'SELECT' && (grantee === 'public' || isApiRole(grantee))) === true;
}

function readsUsers(schema: Schema, view: Relation, seen: ReadonlySet<Relation> = new Set()): boolean {
  return view.reads.some((read) => {
    if (read.schema === 'auth' && read.name === 'users') return true;
    const relation = schema.relation(read.schema, read.name);
    return relation !== undefined && relation.kind.endsWith('view') && !seen.has(relation) && readsUsers(schema, relation, new Set([...seen, view]));
  });
}
