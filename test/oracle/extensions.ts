import { startPostgres } from './servers.ts';

interface Row {
  name: string;
  superuser: boolean;
  trusted: boolean;
  schema: string | null;
  requires: string[] | null;
}

interface Entry {
  versions: number[];
  superuser?: true;
  trusted?: true;
  schema?: string;
  requires?: string[];
}

/** The text of extensions.json: the default version of every extension that comes with the servers of these versions, one line each. */
export async function extensionsText(versions: readonly number[]): Promise<string> {
  const extensions = new Map<string, Entry[]>();
  for (const version of versions) {
    for (const row of await readExtensions(version)) add(extensions, version, row);
  }
  const lines = [...extensions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, entries]) => `${JSON.stringify(name)}: ${JSON.stringify(entries)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

async function readExtensions(version: number): Promise<Row[]> {
  const server = await startPostgres(version);
  try {
    const client = await server.connect();
    const { rows } = await client.query<Row>(`
      select available.name, superuser, trusted, schema, requires::text[]
      from pg_available_extension_versions as available join pg_available_extensions as one
        on one.name = available.name and one.default_version = available.version`);
    await client.end();
    return rows;
  } finally {
    await server.stop();
  }
}

function add(all: Map<string, Entry[]>, version: number, { name, superuser, trusted, schema, requires }: Row): void {
  const entry = {
    ...(superuser && { superuser }), ...(trusted && { trusted }), ...(schema !== null && { schema }), ...(requires !== null && { requires }),
  } as Omit<Entry, 'versions'>;
  const entries = all.get(name) ?? [];
  const last = entries.at(-1);
  all.set(name, entries);
  if (last !== undefined && JSON.stringify({ ...last, versions: [] }) === JSON.stringify({ versions: [], ...entry })) last.versions.push(version);
  else entries.push({ versions: [version], ...entry });
}
