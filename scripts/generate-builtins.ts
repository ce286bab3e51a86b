// Writes server/src/catalog/builtins.json: what the schema pg_catalog holds, asked from a real server.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startPostgres } from '../test/oracle/servers.ts';

const queries = {
  relations: `select relname as name from pg_catalog.pg_class where relnamespace = 'pg_catalog'::regnamespace and relkind in ('r', 'v')`,
  routines: `select distinct proname as name from pg_catalog.pg_proc where pronamespace = 'pg_catalog'::regnamespace`,
  types: `select typname as name from pg_catalog.pg_type where typnamespace = 'pg_catalog'::regnamespace and typrelid = 0 and typname !~ '^_'`,
  operators: `select distinct oprname as name from pg_catalog.pg_operator where oprnamespace = 'pg_catalog'::regnamespace`,
};

const server = await startPostgres(18);
try {
  const client = await server.connect();
  const lines: string[] = [];
  for (const [kind, query] of Object.entries(queries)) {
    const { rows } = await client.query<{ name: string }>(`select name from (${query}) as names order by name collate "C"`);
    lines.push(`  "${kind}": ${JSON.stringify(rows.map((row) => row.name).join(' '))}`);
  }
  await client.end();
  const file = path.join(process.cwd(), 'server', 'src', 'catalog', 'builtins.json');
  await writeFile(file, `{\n${lines.join(',\n')}\n}\n`);
  console.log(`wrote ${path.relative(process.cwd(), file)}`);
} finally {
  await server.stop();
}
