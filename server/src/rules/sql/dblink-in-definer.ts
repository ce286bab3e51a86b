import { append, withPlaceholder } from '../../facts/sql/append.ts';
import { callsOf, type CallSite } from '../../facts/sql/calls.ts';
import { asInvoker } from '../../facts/sql/invoker.ts';
import { later, laterStatement } from '../../facts/sql/mending.ts';
import type { Routine, Schema } from '../../facts/schema.ts';
import { displayName } from '../../facts/schema.ts';
import { literalOf } from '../../facts/sql/sql-literals.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { superusers } from '../../facts/superusers.ts';
import { defineRule, type Fix } from '../rule.ts';

const connecting = ['dblink', 'dblink_connect', 'dblink_exec'];

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'dblink with the rights of a superuser',
  why: `dblink makes everybody but superusers give a password, so that nobody connects by what the server's own machine is trusted with. In a SECURITY DEFINER \
routine of a superuser that check is gone for every caller: a connection back to the same server by trust or peer makes the caller superuser.`,
  fixing: `The first fix gives the routine to another role. Write one that may do what the routine does and no more; it needs a password in the connection string, \
or better a foreign server with a user mapping for it.`,
  cwe: [269, 306],
  references: ['https://www.postgresql.org/docs/current/contrib-dblink-connect.html', 'https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY'],
  examples: [
    {
      bad: "CREATE FUNCTION app.remote(q text) RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT x FROM «dblink»('host=127.0.0.1 dbname=app', q) AS t(x text) $$;\nALTER FUNCTION app.remote(text) OWNER TO postgres;\n",
      good: "CREATE FUNCTION app.remote(q text) RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT x FROM dblink('host=127.0.0.1 dbname=app', q) AS t(x text) $$;\nALTER FUNCTION app.remote(text) OWNER TO reader;\n",
    },
    {
      bad: "CREATE FUNCTION app.ping(c text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN public.«dblink_connect»('main', c); END $$;\n",
      because: 'Who owns it is not said: mostly the superuser who runs the file. Low.',
    },
    { good: "CREATE FUNCTION app.remote() RETURNS text LANGUAGE sql AS $$ SELECT dblink_connect('dbname=app') $$;\n", because: 'It runs with the rights of its caller.' },
    {
      good: "CREATE ROLE reader;\nCREATE FUNCTION app.remote() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT dblink_connect('dbname=app') $$;\nALTER FUNCTION app.remote() OWNER TO reader;\n",
      because: 'The owner is no superuser.',
    },
    {
      good: "CREATE FUNCTION app.remote() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT dblink_connect('dbname=app') $$;\nALTER FUNCTION app.remote() SECURITY INVOKER;\n",
      because: 'A later statement takes the rights away.',
    },
    { good: "CREATE FUNCTION app.remote() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT dblink_connect('main', 'reports') $$;\n", because: 'This names a foreign server, whose user mapping counts.' },
    { good: "CREATE FUNCTION app.ask(c text) RETURNS void LANGUAGE sql SECURITY DEFINER AS $$ SELECT dblink_exec(c, 'VACUUM') $$;\n", because: 'The connection is open already, or what it is called is not known.' },
    { good: "CREATE FUNCTION app.close() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT dblink_disconnect('main') $$;\n" },
  ],
  *check(facts) {
    const seen = new Set<Routine>();
    for (const site of callsOf(facts, connecting)) {
      const { start } = site.command.statement.span;
      const routine = facts.routines.find(({ place }) => facts.here(place) && place.statement.span.start === start);
      if (!routine?.definer || seen.has(routine) || namesServer(site)) continue;
      const owner = routine.owner.role;
      if (owner !== undefined && !isSuperuser(facts.schema, owner)) continue;
      seen.add(routine);
      yield {
        at: site.command.inFile({ start: site.call.at.end - site.call.name.length, end: site.call.at.end }),
        ...(owner === undefined && { severity: 'low' as const }),
        message: owner === undefined
          ? `If a superuser owns ${displayName(routine)}, its callers connect without a password`
          : `Callers of ${displayName(routine)} connect as a superuser would: without a password`,
        related: routine.owner.place ? [facts.related(routine.owner.place, 'This makes a superuser its owner')] : [],
        fixes: [...toOwner(facts, routine), ...asInvoker(site.command)],
      };
    }
  },
});

function isSuperuser(schema: Schema, role: string): boolean {
  return schema.role(role)?.attributes.superuser.on === true || (superusers as readonly string[]).includes(role);
}

/** All that it connects to are names: foreign servers, or connections that are open already. */
function namesServer({ command, call }: CallSite): boolean {
  const candidates = call.arguments.slice(0, call.name === 'dblink_connect' ? 2 : 1);
  const target = candidates.at(-1);
  const literals = target?.tokens.map((token) => literalOf(token, command.written.text)) ?? [];
  const written = literals.some((literal) => literal && /=|:\/\//.test(literal.value));
  // dblink(name, sql) uses a connection that is open: who opened it is reported there.
  if (call.name !== 'dblink_connect') return !written;
  return target === undefined || (literals.length > 0 && literals.every((literal) => literal !== undefined && !/=|:\/\//.test(literal.value)));
}

const placeholder = 'app_owner';

function toOwner(facts: SqlFacts, routine: Routine): Fix[] {
  const { document } = facts;
  const { place } = routine.owner;
  const title = 'Give it to a role with fewer rights';
  const line = laterStatement(routine, 'ALTER', `OWNER TO ${placeholder}`);
  if (place && facts.here(place) && /^(alter)\b/i.test(place.statement.written.text)) {
    const role = /\bowner\s+to\s+("[^"]+"|[\w$]+)\s*$/i.exec(document.text.slice(place.statement.span.start, place.statement.span.end))?.[1];
    if (role === undefined) return [];
    const { end } = place.statement.span;
    return [{ title, safety: 'review', edits: [{ span: { start: end - role.length, end }, text: placeholder, placeholders: [{ start: 0, end: placeholder.length }] }], ...later(line, placeholder) }];
  }
  const edit = line === undefined ? undefined : append(document.text, routine.created, [line]);
  if (!edit) return [];
  return [{ title, safety: 'review', edits: [withPlaceholder(edit, edit.text.lastIndexOf(placeholder), { start: 0, end: placeholder.length })], ...later(line, placeholder) }];
}
