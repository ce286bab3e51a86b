import { almostDropped } from '../../facts/sql/almost.ts';
import { isAnonymousRole, isApiRole, readersText } from '../../facts/sql/api.ts';
import { asksForLoginOnly } from '../../facts/sql/own-rows.ts';
import { isAlwaysTrue, isGuarded, policiesHere, shownRelation } from '../../facts/sql/rls.ts';
import type { Policy, Relation } from '../../facts/schema.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Policy lets rows be inserted in any name',
  why: 'FOR INSERT WITH CHECK (true) lets every role that the policy names insert rows that belong to somebody else, or to another tenant: the '
    + 'columns that say whose a row is are filled in by the client.',
  fixing: 'Say what a new row has to look like, for example WITH CHECK (owner_id = auth.uid()). For forms that anybody may send, a table that '
    + 'nobody but a service reads is fine: silence the rule there with the reason.',
  cwe: [863],
  references: ['https://www.postgresql.org/docs/current/sql-createpolicy.html'],
  examples: [
    {
      bad: 'CREATE TABLE d (id int, owner name);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d FOR INSERT «WITH CHECK (true)»;\n',
      good: 'CREATE TABLE d (id int, owner name);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d FOR INSERT WITH CHECK (owner = current_user);\n',
    },
    { bad: 'ALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d FOR INSERT TO anon «WITH CHECK (true)»;\n' },
    { bad: 'CREATE TABLE d (id int, owner uuid);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d FOR INSERT «WITH CHECK (auth.uid() IS NOT NULL)»;\n', because: 'It asks only whether there is a login.' },
    { good: 'CREATE TABLE groups (id int, name text);\nALTER TABLE groups ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON groups FOR INSERT WITH CHECK (auth.uid() IS NOT NULL);\n', because: 'No column says whose a row is: users may found groups.' },
    {
      good: 'CREATE TABLE offers (id int, company text);\nALTER TABLE offers ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON offers FOR INSERT WITH CHECK (auth.uid() IS NOT NULL);\n',
      because: 'Whose offer it is says the name of a company, but not which user the row belongs to.',
    },
    {
      good: 'CREATE TABLE companies (id int, company_name text, email text);\nALTER TABLE companies ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON companies FOR INSERT WITH CHECK (auth.uid() IS NOT NULL);\n',
      because: 'The name and the address of a company say nothing of a user.',
    },
    { good: 'ALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d FOR INSERT TO audit_writer WITH CHECK (true);\n', because: 'One role that is named for it.' },
    { good: 'CREATE TABLE d (id int);\nCREATE POLICY p ON d FOR INSERT WITH CHECK (true);\n', because: 'It is not in force: sql/rls-policy-not-enabled.' },
  ],
  *check(facts) {
    for (const { table, policy } of policiesHere(facts)) {
      const { check } = policy;
      if (!policy.permissive || policy.command !== 'INSERT' || !check || !facts.here(check.place) || !isGuarded(table)) continue;
      const roles = isAlwaysTrue(check.text) ? policy.roles : asksForLoginOnly(check.text) && saysWhose(table) ? ['authenticated'] : [];
      if (roles.length === 0) continue;
      if (!policy.roles.some((role) => role === 'public' || isApiRole(role))) continue;
      const ownerless = table.columnsComplete && !saysWhose(table);
      yield {
        at: check.clause,
        message: `${readersText(roles)} may insert ${ownerless ? 'any rows' : 'rows'} into ${shownRelation(table)}${ownerless ? '' : ' in the name of others'}`,
        related: almostDropped(facts, table, policy),
        ...((ownerless || isForStrangers(table, policy) || isMeantForStrangers(table, policy)) && { severity: 'low' as const }),
      };
    }
  },
});

/** What somebody without a login is meant to send has no owner that could be another one. */
function isForStrangers({ name }: Relation, { roles }: Policy): boolean {
  return roles.some(isAnonymousRole) || openForm.test(name);
}

/** The name of the policy says that anybody may, and nothing in the row says which user it belongs to: customers of a shop, guests of a table. */
function isMeantForStrangers({ columns, columnsComplete }: Relation, { name, roles }: Policy): boolean {
  return columnsComplete && roles.includes('public') && /(?<![a-z])(any(one|body)|public(ly)?|guests?|visitors?|strangers?|everyone)(?![a-z])/i.test(name)
    && !columns.some((column) => ofUser.test(column.name));
}

/** Columns that name somebody who has a row or a login of his own. */
const ofUser = /(^|_)(users?|owners?|authors?|creators?|created_by|members?|accounts?|profiles?|senders?|reporters?|persons?|players?|uid)($|_(id|uuid|uid|by|email|key)$)|(^|_)(customers?|clients?)(_(id|uuid|uid|by|key))?$/;

const openForm = /(^|_)(analytics|contacts?|contact_(form|message|request)s?|demo_requests?|enquir(y|ies)|errors?|clicks?|events?|feedback|hits|impressions?|inquir(y|ies)|leads?|logs?|newsletter\w*|page_?views|views|signups?|subscribers?|survey_responses?|visits?|wait_?list)$/;

/** Columns that say to whom a row belongs, or who wrote it. The name of a company in its own row says nothing of the kind, nor does an address to write to. */
function saysWhose(table: Relation): boolean {
  return table.columns.some(({ name }) => ownerColumn.test(name) && !isAboutItself(table.name, name)) || table.policies.some(({ using, check }) => comparesEmail.test(`${using?.text} ${check?.text}`));
}

/** Somebody by any name; a company, a project or a customer only by the key of another row. */
const ownerColumn = new RegExp(`(^|_)(?:(?:${[
  'users?', 'owners?', 'authors?', 'creators?', 'created', 'members?', 'accounts?', 'profiles?', 'senders?', 'reporters?', 'persons?', 'players?', 'uid',
].join('|')})($|_(id|uuid|uid|by|email|name|key)$)|(?:${[
  'tenants?', 'org(ani[sz]ation)?s?', 'teams?', 'customers?', 'clients?', 'company', 'workspaces?', 'projects?', 'groups?',
].join('|')})_(id|uuid|uid|key)$)`);

/** `companies.company_name`; users have a row of their own. */
function isAboutItself(table: string, column: string): boolean {
  const [, subject = ''] = /^(.+)_(?:id|uuid|email|name|key)$/.exec(column) ?? [];
  return subject !== '' && !/^(user|profile|account)$/.test(subject) && [subject, `${subject}s`, subject.replace(/y$/, 'ies')].includes(table.replace(/^(tbl|app)_/, ''));
}

const comparesEmail = /\bemail\b\W*=[^=]*\bauth\s*\.|\bauth\s*\.[^=]*=\W*email\b/i;
