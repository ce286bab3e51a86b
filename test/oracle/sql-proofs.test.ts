import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noFiles } from '../../server/src/document.ts';
import { laterStatements } from '../../server/src/fix.ts';
import { lint } from '../../server/src/lint.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { applyEdits, type Edit } from '../../server/src/text.ts';
import { sqlProofs, versionsOf, type Session, type SqlProof } from './sql-proofs.ts';
import { layouts, migrationOf } from './layouts.ts';
import type { Server } from './servers.ts';
import { startPostgres } from './servers.ts';

// Which proofs there are to try depends on what the rules propose.
await loadPostgresFromDisk();

describe.each([...new Set(sqlProofs.flatMap(versionsOf))].sort())('proven on PostgreSQL %i', (version) => {
  let server: Server;
  beforeAll(async () => { server = await startPostgres(version, { settings: { max_connections: '20' } }); });
  afterAll(async () => server?.stop());

  test.each(sqlProofs.filter((proof) => versionsOf(proof).includes(version)).map((proof, i) => [proof.rule, i, proof] as const))('%s (%i)', async (_rule, _i, proof) => {
    const { attack, honest } = proof;
    await inNewDatabase(proof, proof.file, async (run) => {
      expect(await run(honest), 'honest use before').toEqual(honest.gets);
      expect(await run(attack), 'the attack before').toEqual(attack.gets);
    });
    const fixed = fix(proof, version);
    if (proof.refused) return void await expect(inNewDatabase(proof, fixed, async () => {}), fixed).rejects.toThrow(proof.refused);
    await inNewDatabase(proof, fixed, async (run) => {
      expect(await run(honest), `honest use after\n${fixed}`).toEqual(honest.gets);
      const answer = await run(attack);
      if (attack.stopped instanceof RegExp) expect(String(answer), `the attack after\n${fixed}`).toMatch(attack.stopped);
      else expect(answer, `the attack after\n${fixed}`).toEqual(attack.stopped);
      expect(answer).not.toEqual(attack.gets);
    });
  });

  test.each(sqlProofs.filter((proof) => versionsOf(proof).includes(version) && mended(proof, version) !== undefined).map((proof, i) => [proof.rule, i, proof] as const))('%s (%i), by a new migration', async (_rule, i, proof) => {
    const { attack, honest } = proof;
    const text = migrationOf(proof.file, mended(proof, version)!, layouts[i % layouts.length]!);
    await inNewDatabase(proof, [proof.file, text], async (run) => {
      expect(await run(honest), `honest use after\n${text}`).toEqual(honest.gets);
      const answer = await run(attack);
      if (attack.stopped instanceof RegExp) expect(String(answer), `the attack after\n${text}`).toMatch(attack.stopped);
      else expect(answer, `the attack after\n${text}`).toEqual(attack.stopped);
    });
  });

  async function inNewDatabase({ before, after }: SqlProof, files: string | readonly string[], use: (run: (session: Session) => Promise<unknown>) => Promise<void>): Promise<void> {
    await command('postgres', 'CREATE DATABASE lab', 'CREATE ROLE mallory LOGIN', 'CREATE ROLE alice LOGIN');
    try {
      await command('lab', ...[before, files, after].flat().filter((text) => text !== undefined));
      await use((session) => connect(session.as, 'lab').then((client) => runIn(client, session.run)).catch((error: unknown) => error));
    } finally {
      await tidy();
    }
  }

  /** Everything that outlives a database. */
  async function tidy(): Promise<void> {
    await command('postgres', 'DROP DATABASE lab WITH (FORCE)', 'ALTER SYSTEM RESET ALL', 'SELECT pg_reload_conf()');
    await command('postgres', `DO $$ DECLARE r name; BEGIN
      FOR r IN SELECT rolname FROM pg_roles WHERE rolname <> 'postgres' AND rolname !~ '^pg_' LOOP
        EXECUTE format('DROP OWNED BY %I', r);
      END LOOP;
      FOR r IN SELECT rolname FROM pg_roles WHERE rolname <> 'postgres' AND rolname !~ '^pg_' LOOP
        EXECUTE format('DROP ROLE %I', r);
      END LOOP; END $$`);
    await command('postgres', 'ALTER ROLE postgres RESET ALL');
  }

  async function command(database: string, ...texts: string[]): Promise<void> {
    await runIn(await connect('postgres', database), texts);
  }

  async function connect(user: string, database: string): Promise<Client> {
    const client = new Client({ host: '127.0.0.1', port: server.port, user, database, password: '' });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }
});

/** The first column of the last row of the last text. */
async function runIn(client: Client, texts: readonly string[]): Promise<unknown> {
  try {
    let last: unknown;
    for (const text of texts) {
      const results = [await client.query<Record<string, unknown>>(text)].flat();
      last = Object.values(results.at(-1)?.rows?.at(-1) ?? {})[0];
    }
    return last;
  } finally {
    await client.end();
  }
}

/** The file with what the engine proposes, after which it has nothing more to say. */
function fix({ rule, file, fix: number, words = ['alice'], options }: SqlProof, version: number): string {
  const look = (text: string) => lint({ path: 'schema.sql', text, language: 'sql', version, files: noFiles }, { only: rule, ...(options && { ruleOptions: new Map([[rule, options]]) }) }).findings;
  const findings = look(file);
  const chosen = number === undefined ? findings.map(({ fixes }) => fixes[0]) : [findings[0]?.fixes[number]];
  if (chosen.length === 0 || chosen.includes(undefined)) throw new Error(`${rule} ${findings.length > 0 ? 'offers no fix for' : 'does not report'} ${file}`);
  let used = 0;
  const word = () => words[Math.min(used++, words.length - 1)]!;
  const fixed = applyEdits(file, chosen.flatMap((one) => one!.edits).map((edit) => filled(edit, word)));
  if (number === undefined) expect(look(fixed)).toEqual([]);
  return fixed;
}

/** What a new migration holds, where all of the findings can be mended in one that a server takes as it is and nobody has to write a role besides. */
function mended({ rule, file, fix: number, refused, options }: SqlProof, version: number): readonly string[] | undefined {
  if (number !== undefined || refused) return undefined;
  const document = { path: 'schema.sql', text: file, language: 'sql', version, files: noFiles } as const;
  const how = { only: rule, ...(options && { ruleOptions: new Map([[rule, options]]) }) };
  const { findings } = lint(document, how);
  if (findings.length === 0 || findings.some(({ fixes: [first] }) => !first?.statements?.length || first.edits.some(({ placeholders = [] }) => placeholders.length > 0))) return undefined;
  const statements = laterStatements(document, how, () => true);
  return statements.some((statement) => /:'/.test(statement)) ? undefined : statements;
}

function filled({ span, text, placeholders = [] }: Edit, word: () => string): Edit {
  return { span, text: applyEdits(text, placeholders.map((place) => ({ span: place, text: word() }))) };
}
