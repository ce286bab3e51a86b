import { beforeAll, describe, expect, test } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

const builds = "'SELECT * FROM app.t WHERE name = ''' || p || ''''";
const quotes = "'SELECT * FROM app.t WHERE name = ' || quote_literal(p)";
const constant = "'SELECT * FROM app.t'";

describe('what a routine of the file gives back', () => {
  test.each([
    ['RETURN', (text: string) => `CREATE FUNCTION app.make(p text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN ${text}; END $$;`, 's := app.make(p); EXECUTE s;'],
    ['a query whose texts have FROM in them', (text: string) => `CREATE FUNCTION app.make(p text) RETURNS text LANGUAGE sql AS $$ SELECT ${text}; $$;`, 'EXECUTE app.make(p);'],
    ['an OUT parameter', (text: string) => `CREATE FUNCTION app.make(p text, OUT q text) LANGUAGE plpgsql AS $$ BEGIN q := ${text}; END $$;`, 's := app.make(p); EXECUTE s;'],
    ['an OUT parameter, from a query', (text: string) => `CREATE FUNCTION app.make(p text, OUT q text) LANGUAGE plpgsql AS $$ BEGIN q := ${text}; END $$;`, 'SELECT q INTO s FROM app.make(p); EXECUTE s;'],
    ['an OUT parameter that is set before a RETURN in the middle',
      (text: string) => `CREATE FUNCTION app.make(p text, OUT q text) LANGUAGE plpgsql AS $$ BEGIN IF p <> '' THEN q := ${text}; RETURN; END IF; q := ''; END $$;`, 's := app.make(p); EXECUTE s;'],
    ['a column of RETURNS TABLE', (text: string) => `CREATE FUNCTION app.make(p text) RETURNS TABLE (q text) LANGUAGE plpgsql AS $$ BEGIN q := ${text}; RETURN NEXT; END $$;`,
      'FOR s IN SELECT q FROM app.make(p) LOOP EXECUTE s; END LOOP;'],
  ])('%s', (_, create, run) => {
    const found = (text: string) => findDynamicSql(splitStatements(
      `${create(text)}\nCREATE FUNCTION app.run(p text) RETURNS void LANGUAGE plpgsql AS $$ DECLARE s text; r record; BEGIN ${run} END $$;`,
    )).flatMap(({ risks }) => risks).map(({ severity }) => severity);
    expect(found(builds)).toEqual(['medium']);
    expect(found(quotes)).toEqual([]);
    expect(found(constant)).toEqual([]);
  });

  test('one of several columns may be another one than the text', () => {
    const text = `CREATE FUNCTION app.make(p text, OUT n int, OUT q text) LANGUAGE plpgsql AS $$ BEGIN n := 1; q := ${builds}; END $$;
      CREATE FUNCTION app.run(p text) RETURNS void LANGUAGE plpgsql AS $$ DECLARE r record; BEGIN FOR r IN SELECT m.q FROM app.make(p) m LOOP EXECUTE r.q; END LOOP; END $$;`;
    expect(findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity }) => severity)).toEqual(['low']);
  });

  test.each([
    ['rows of a query', 'CREATE FUNCTION app.make(p text) RETURNS TABLE (q text) LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT t.name FROM app.t; END $$;'],
    ['two functions of one name', "CREATE FUNCTION app.make(p text, OUT q text) LANGUAGE plpgsql AS $$ BEGIN q := p; END $$; CREATE FUNCTION app.make(p int, OUT q text) LANGUAGE plpgsql AS $$ BEGIN q := 'SELECT 1'; END $$;"],
    ['an OUT parameter without a name', 'CREATE FUNCTION app.make(p text, OUT text) LANGUAGE plpgsql AS $$ BEGIN $2 := p; END $$;'],
  ])('is not known: %s', (_, create) => {
    const text = `${create}\nCREATE FUNCTION app.run(p text) RETURNS void LANGUAGE plpgsql AS $$ DECLARE s text; BEGIN SELECT q INTO s FROM app.make(p); EXECUTE s; END $$;`;
    expect(findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).filter(({ severity }) => severity === 'high' || severity === 'medium')).toEqual([]);
  });
});
