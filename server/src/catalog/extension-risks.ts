/** What an extension that is not trusted lets SQL do to the server and its surroundings. */
export interface ExtensionRisk {
  /** What follows on the extension's name in a sentence. */
  readonly does: string;
  /** It hands out the rights of the server's operating system account. */
  readonly system: boolean;
}

const network = 'lets SQL open connections from the server to any address that it can reach';
const program = "lets SQL run programs with the rights of the server's operating system account";

export const extensionRisks: ReadonlyMap<string, ExtensionRisk> = new Map<string, ExtensionRisk>([
  ...['plpython3u', 'plpython2u', 'plpythonu', 'plperlu', 'pltclu', 'plluau', 'plsh', 'plr'].map((name) => [name, { does: program, system: true }] as const),
  ['adminpack', { does: "lets SQL write and delete files of the server's data directory", system: true }],
  ['file_fdw', { does: "lets SQL read files and run programs with the server's operating system account", system: true }],
  ...['dblink', 'postgres_fdw', 'mysql_fdw', 'ogr_fdw', 'tds_fdw', 'oracle_fdw'].map((name) => [name, { does: network, system: false }] as const),
  ...['http', 'pg_net'].map((name) => [name, { does: 'lets SQL send web requests from inside your network', system: false }] as const),
  ['pg_cron', { does: 'runs commands on a schedule that its table holds, with the rights of their owners', system: false }],
  ['pg_surgery', { does: 'lets SQL destroy rows and bring deleted ones back, past every check', system: false }],
  ['pageinspect', { does: 'shows the bytes of tables, past privileges and row-level security', system: false }],
]);
