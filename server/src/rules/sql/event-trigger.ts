import { Cursor } from '../../facts/sql/cursor.ts';
import { isDump } from '../../facts/sql/dumps.ts';
import { isTrialPath } from '../../facts/place.ts';
import type { SqlCommand } from '../../facts/sql/sql-commands.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  title: 'Event trigger runs for every role',
  why: `An event trigger fires for whoever runs a matching command, superusers and tools for maintenance too, and its function runs with their rights \
and in their search_path. Who may change that function, or put an own object in front of one that it names, waits for a superuser to come by.`,
  cwe: [426],
  references: ['https://www.postgresql.org/docs/current/event-triggers.html', 'https://www.postgresql.org/docs/current/sql-createeventtrigger.html'],
  examples: [
    { bad: 'CREATE EVENT TRIGGER «log_ddl» ON ddl_command_end EXECUTE FUNCTION app.log_ddl();\n', because: 'Give the function a SET search_path and an owner that is trusted.' },
    { good: 'CREATE TRIGGER t AFTER INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION app.log();\n', because: 'It fires for one table.' },
    { good: 'CREATE EVENT TRIGGER log_ddl ON ddl_command_end EXECUTE FUNCTION app.log_ddl();\nDROP EVENT TRIGGER log_ddl;\n', because: 'It does not stay.' },
    { good: 'CREATE EVENT TRIGGER log_ddl ON ddl_command_end EXECUTE FUNCTION app.log_ddl();\nALTER EVENT TRIGGER log_ddl DISABLE;\n', because: 'It never fires.' },
    {
      good: "CREATE FUNCTION app.log_ddl() RETURNS event_trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$ BEGIN END $$;\nCREATE EVENT TRIGGER log_ddl ON ddl_command_end EXECUTE FUNCTION app.log_ddl();\n",
      because: 'The function brings its own search_path.',
    },
    { good: '--\n-- PostgreSQL database dump\n--\nCREATE EVENT TRIGGER log_ddl ON ddl_command_end EXECUTE FUNCTION app.log_ddl();\n', because: 'A dump repeats what is decided elsewhere.' },
  ],
  *check(facts) {
    const { commands, document, objects, schema } = facts;
    if (objects.eventTriggers.length === 0 || isDump(document) || isTrialPath(document)) return;
    for (const { name, routine, place } of objects.eventTriggers) {
      const called = schema.routinesNamed(routine.schema, routine.name);
      if (!facts.here(place) || called.some(({ path }) => path.kind !== 'none') || isDisabled(commands, name)) continue;
      yield { at: place.at, message: 'This runs as whoever changes the schema, superusers included, in their search_path' };
    }
  },
});

function isDisabled(commands: readonly SqlCommand[], name: string): boolean {
  return commands.some(({ written }) => {
    const cursor = Cursor.over(written);
    return cursor.take('ALTER', 'EVENT', 'TRIGGER') && cursor.part()?.name === name && cursor.take('DISABLE');
  });
}
