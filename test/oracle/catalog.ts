import { startPostgres } from './servers.ts';

interface Row {
  name: string; vartype: string; unit: string | null; min_val: string | null; max_val: string | null;
  enumvals: string[] | null; boot_val: string | null; context: string; category: string;
}

interface Entry {
  versions: number[];
  type: string;
  unit?: string;
  min?: number;
  max?: number;
  values?: string[];
  default?: string;
  context: string;
  category: string;
}

/** File modes are written, and shown, in octal. */
const fileModes = new Set(['data_directory_mode', 'log_file_mode', 'unix_socket_permissions']);

/** The text of parameters.json: what the servers of these versions show in pg_settings, one line per parameter. */
export async function catalogText(versions: readonly number[]): Promise<string> {
  const parameters = new Map<string, Entry[]>();
  for (const version of versions) {
    for (const row of await readParameters(version)) add(parameters, version, entryOf(version, row));
  }
  const lines = [...parameters].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, entries]) => `${JSON.stringify(name)}: ${JSON.stringify(entries)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

function add(all: Map<string, Entry[]>, version: number, [name, entry]: [string, Entry]): void {
  const entries = all.get(name) ?? [];
  const last = entries.at(-1);
  all.set(name, entries);
  if (last === undefined || !sameButCategory(last, entry)) {
    entries.push(entry);
    return;
  }
  last.versions.push(version);
  last.category = entry.category;
}

async function readParameters(version: number): Promise<Row[]> {
  const server = await startPostgres(version);
  try {
    const client = await server.connect();
    const { rows } = await client.query<Row>(
      'select name, vartype, unit, min_val, max_val, enumvals, boot_val, context, category from pg_settings order by name collate "C"',
    );
    await client.end();
    return rows.filter(({ name }) => !name.includes('.'));
  } finally {
    await server.stop();
  }
}

function entryOf(version: number, row: Row): [string, Entry] {
  const value = row.boot_val !== null && fileModes.has(row.name) ? `0${Number(row.boot_val).toString(8)}` : row.boot_val;
  return [row.name, {
    versions: [version],
    type: row.vartype,
    ...(row.unit !== null && { unit: row.unit }),
    ...(row.min_val !== null && { min: Number(row.min_val) }),
    ...(row.max_val !== null && { max: Number(row.max_val) }),
    ...(row.enumvals !== null && { values: row.enumvals }),
    ...(value !== null && { default: value }),
    context: row.context,
    category: row.category,
  }];
}

/** Categories were renamed without any change of meaning; the newest name is kept. */
function sameButCategory(a: Entry, b: Entry): boolean {
  const rest = (entry: Entry) => JSON.stringify({ ...entry, versions: [], category: '' });
  return rest(a) === rest(b);
}
