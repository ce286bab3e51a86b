import { describe, expect, test } from 'vitest';
import { sqlCommands } from '../../../server/src/facts/sql/sql-commands.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

/** Where each command stands, and what is written at the place that it names for its first word. */
function commands(text: string): string[] {
  return sqlCommands(splitStatements(text)).map((command) => {
    const { start, end } = command.inFile({ start: 0, end: command.written.text.length });
    return `${command.inside}: ${text.slice(start, end)}`;
  });
}

describe('commands', () => {
  test('of a file', () => {
    expect(commands('SELECT 1;\n  SELECT 2')).toEqual(['file: SELECT 1', 'file: SELECT 2']);
  });

  test('of a DO block', () => {
    expect(commands('DO $$ BEGIN CREATE ROLE a; IF x THEN DROP ROLE b; END IF; END $$;').slice(1)).toEqual(['do: CREATE ROLE a', 'do: IF x', 'do: DROP ROLE b']);
  });

  test('of a routine in SQL', () => {
    expect(commands("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1; SELECT ''a''';").slice(1)).toEqual(['routine: SELECT 1', "routine: SELECT ''a''"]);
  });

  test('of the constant text of EXECUTE and of psql', () => {
    expect(commands("DO $$ BEGIN EXECUTE 'DROP ROLE a; DROP ROLE ''b'''; EXECUTE 'DROP ROLE ' || c; END $$;").slice(2, -1)).toEqual(['do: DROP ROLE a', "do: DROP ROLE ''b''"]);
    expect(commands("SELECT 'DROP ROLE a' WHERE x \\gexec\nSELECT 'DROP ROLE a';").map((one) => one.split(' ', 3).join(' '))).toEqual(["file: SELECT 'DROP", 'do: DROP ROLE', "file: SELECT 'DROP"]);
  });

  test('are read without the quotes around them', () => {
    const [, command] = sqlCommands(splitStatements("DO 'BEGIN PERFORM f(''a''); END';"));
    expect(command!.written.text).toBe("PERFORM f('a')");
    expect(command!.quote("'b'")).toBe("''b''");
  });

  test('of a routine in another language are not known', () => {
    expect(commands('CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS $$ return 1 $$;')).toHaveLength(1);
  });
});
