import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import type { Routine } from '../../facts/schema.ts';
import { displayName } from '../../facts/schema.ts';
import { almostClosed } from '../../facts/sql/almost.ts';
import { append } from '../../facts/sql/append.ts';
import { contains } from '../../text.ts';
import { laterStatement } from '../../facts/sql/mending.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  title: 'Every role may put a SECURITY DEFINER trigger function on a table of its own',
  why: 'A trigger function cannot be called by name, but whoever may execute it can make a trigger with it on an own table, also a temporary one. '
    + 'Rows of that table are then handled with the rights of the owner: forged entries in a log, or SQL when the function builds statements from them.',
  fixing: 'The fix takes the privilege from PUBLIC. Triggers that exist go on firing for everybody, because EXECUTE is only looked at when a trigger is made.',
  cwe: [732],
  references: ['https://www.postgresql.org/docs/current/sql-createtrigger.html', 'https://www.postgresql.org/docs/current/ddl-priv.html'],
  examples: [
    {
      bad: 'CREATE FUNCTION «app.log»() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ BEGIN INSERT INTO app.audit VALUES (NEW.note); RETURN NEW; END $$;\n',
      fixed: 'CREATE FUNCTION app.log() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ BEGIN INSERT INTO app.audit VALUES (NEW.note); RETURN NEW; END $$;\nREVOKE ALL ON FUNCTION app.log() FROM PUBLIC;\n',
    },
    {
      bad: "CREATE FUNCTION «app.log»() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN EXECUTE 'INSERT INTO app.audit VALUES (''' || NEW.note || ''')'; RETURN NEW; END $$;",
      because: 'The values of the row become SQL of the owner.',
    },
    {
      good: 'CREATE FUNCTION app.log() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN NEW; END $$;\nREVOKE EXECUTE ON FUNCTION app.log() FROM PUBLIC;',
      because: 'A later statement takes the privilege away.',
    },
    { good: 'CREATE FUNCTION app.log() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN END $$;', because: 'Only superusers make event triggers for others.' },
    { good: "CREATE FUNCTION app.log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\nSELECT 'SECURITY DEFINER';", because: "It runs with its caller's rights." },
  ],
  *check(facts) {
    for (const routine of facts.routines) {
      if (!routine.definer || !facts.here(routine.place) || !routine.text.trigger || routine.publicExecute.kind === 'revoked' || isEventTrigger(routine)) continue;
      const runs = facts.dynamicSql.find(({ statement, risks }) => contains(routine.created.span, statement.start)
        && risks.some(({ origin }) => origin === 'row' || origin === 'param'));
      yield {
        at: routine.at,
        severity: runs ? 'medium' : 'info',
        message: runs
          ? `Any role can run SQL as the owner of ${displayName(routine)}: by a trigger on an own table`
          : `Any role can have ${displayName(routine)} run for rows of a table of its own, with its owner's rights`,
        related: [...runs ? [{ at: runs.expression, message: 'Values of the row become part of this statement' }] : [], ...almostClosed(facts, routine)],
        fixes: revoke(facts, routine),
      };
    }
  },
});

function isEventTrigger({ created: { written } }: Routine): boolean {
  return /\breturns\s+("?pg_catalog"?\s*\.\s*)?"?event_trigger\b/i.test(written.text);
}

function revoke({ document }: SqlFacts, routine: Routine): Fix[] {
  const later = laterStatement(routine, 'REVOKE ALL ON', 'FROM PUBLIC');
  const edit = append(document.text, routine.created, [`REVOKE ALL ON FUNCTION ${routine.target} FROM PUBLIC;`]);
  return edit ? [{ title: 'Revoke it from PUBLIC; existing triggers go on firing', safety: 'review', edits: [edit], ...later && { statements: [later] } }] : [];
}
