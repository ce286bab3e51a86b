import { Cursor } from '../../facts/cursor.ts';
import { isDump } from '../../facts/dumps.ts';
import { isTrialPath } from '../../facts/place.ts';
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
  *check({ commands, document }) {
    if (!/\bevent\s+trigger\b/i.test(document.text) || isDump(document) || isTrialPath(document.path)) return;
    for (const command of commands) {
      const cursor = Cursor.over(command.written);
      if (!cursor.take('CREATE', 'EVENT', 'TRIGGER')) continue;
      const name = cursor.part();
      const called = /\bexecute\s+(?:function|procedure)\s+([\w."]+)/i.exec(cursor.text)?.[1];
      if (!name || isGone(document.text, name.text) || (called !== undefined && hasPath(document.text, called))) continue;
      yield { at: command.inFile(name), message: 'This runs as whoever changes the schema, superusers included, in their search_path' };
    }
  },
});

function isGone(text: string, name: string): boolean {
  return new RegExp(`\\b(drop\\s+event\\s+trigger\\s+(if\\s+exists\\s+)?${escape(name)}(?=[\\s;])[^;]*;(?![^]*create\\s+event\\s+trigger\\s+${escape(name)})|alter\\s+event\\s+trigger\\s+${escape(name)}\\s+disable)`, 'i').test(text);
}

/** The function is created with a search_path of its own. */
function hasPath(text: string, called: string): boolean {
  return new RegExp(`\\bfunction\\s+${escape(called)}\\s*\\([^)]*\\)(?:(?!\\$\\$|;).)*\\bset\\s+search_path\\b`, 'is').test(text);
}

function escape(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
