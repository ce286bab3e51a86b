import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Client } from 'pg';
import type { Document } from '../../server/src/document.ts';
import type { Language } from '../../server/src/rules/rule.ts';
import { filesOf } from '../files.ts';
import type { TheirRow } from './rows.ts';
import type { Server } from './servers.ts';
import { startPostgres } from './servers.ts';

/** A server and the connection over which its views are asked. They read their files anew for every query. */
export interface Oracle {
  readonly server: Server;
  readonly client: Client;
  stop(): Promise<void>;
}

export async function startOracle(version: number): Promise<Oracle> {
  // What a file sets for the start and then no longer has would be shown as an error. Without its one setting, 18 says nothing about a record with the method oauth but that it is missing.
  const server = await startPostgres(version, { files: { 'postgresql.conf': version >= 18 ? "oauth_validator_libraries = 'v'\n" : '' } });
  const client = await server.connect();
  return {
    server, client,
    async stop() {
      await client.end();
      await server.stop();
    },
  };
}

export function documentOf(language: Language, file: string, text: string, version: number, files: Readonly<Record<string, string>> = {}): Document {
  return { path: file, text, language, version, files: filesOf({ ...files, [file]: text }) };
}

/** Lets `ask` run while the files are in the data directory. */
export async function withFiles<T>({ dataDir, writeFile }: Server, files: Readonly<Record<string, string>>, ask: () => Promise<T>): Promise<T> {
  for (const [name, text] of Object.entries(files)) await writeFile(name, text);
  try {
    return await ask();
  } finally {
    for (const name of Object.keys(files)) await rm(path.join(dataDir, name.split('/')[0]!), { recursive: true, force: true });
  }
}

/** What the view pg_hba_file_rules shows of this text. */
export async function hbaRows({ server, client }: Oracle, text: string, files: Readonly<Record<string, string>>): Promise<TheirRow[]> {
  return withFiles(server, files, async () => {
    await server.writeFile('pg_hba.conf', text);
    const { rows } = await client.query<HbaViewRow>('select * from pg_hba_file_rules');
    return rows.map((row) => ({
      file: fileOf(server, row.file_name, 'pg_hba.conf'), line: row.line_number, error: row.error,
      // A row with an error and a type is good for all that; it cannot match in this build.
      columns: row.type === null ? undefined
        : [row.type, JSON.stringify(row.database), JSON.stringify(row.user_name), row.address, row.netmask, row.auth_method, JSON.stringify(row.options)],
    }));
  });
}

/** What the view pg_ident_file_mappings shows of this text; it came with 15. */
export async function identRows({ server, client }: Oracle, text: string, files: Readonly<Record<string, string>>): Promise<TheirRow[]> {
  return withFiles(server, files, async () => {
    await server.writeFile('pg_ident.conf', text);
    const { rows } = await client.query<IdentViewRow>('select * from pg_ident_file_mappings');
    return rows.map((row) => ({
      file: fileOf(server, row.file_name, 'pg_ident.conf'), line: row.line_number, error: row.error,
      columns: row.map_name === null ? undefined : [row.map_name, row.sys_name, row.pg_username],
    }));
  });
}

/** Before 16 the views name no file, because there is only one. */
function fileOf({ dataDir }: Server, name: string | undefined, only: string): string {
  return name === undefined ? only : path.relative(dataDir, name);
}

interface HbaViewRow {
  readonly file_name?: string;
  readonly line_number: number;
  readonly type: string | null;
  readonly database: string[] | null;
  readonly user_name: string[] | null;
  readonly address: string | null;
  readonly netmask: string | null;
  readonly auth_method: string | null;
  readonly options: string[] | null;
  readonly error: string | null;
}

interface IdentViewRow {
  readonly file_name?: string;
  readonly line_number: number;
  readonly map_name: string | null;
  readonly sys_name: string | null;
  readonly pg_username: string | null;
  readonly error: string | null;
}
