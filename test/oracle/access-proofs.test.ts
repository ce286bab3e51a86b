import os from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lint } from '../../server/src/lint.ts';
import { applyEdits, type Edit } from '../../server/src/text.ts';
import { filesOf } from '../files.ts';
import { proofs, type Proof, type Visit } from './access-proofs.ts';
import { issue, newAuthority } from './certificates.ts';
import { knock, usable, type Reception } from './knock.ts';
import type { Server } from './servers.ts';
import { startPostgres } from './servers.ts';

const authority = newAuthority('pgrampart proofs');
const identity = issue(authority, 'localhost');
const account = os.userInfo().username;
const roles = `
  create role "${account}" superuser login; create role carol login;
  set password_encryption = 'scram-sha-256';
  create role alice login password 'secret'; create role rep login replication password 'secret'; alter role postgres password 'secret';
  set password_encryption = 'md5'; create role bob login password 'secret';`;

describe.each([...new Set(proofs.flatMap(({ versions }) => versions))].sort())('proven on PostgreSQL %i', (version) => {
  let server: Server;
  let addresses: readonly string[];

  beforeAll(async () => {
    addresses = await usable(['127.0.0.1', '127.0.0.9', '::1']);
    server = await startPostgres(version, {
      files: { 'server.crt': identity.certificate, 'server.key': identity.key, 'root.crt': authority.certificate },
      settings: {
        ssl: 'on', ssl_ca_file: 'root.crt', unix_socket_directories: '.', max_connections: '20',
        listen_addresses: addresses.includes('::1') ? '127.0.0.1,::1' : '127.0.0.1',
      },
    });
    const client = await server.connect();
    await client.query(roles);
    await client.end();
  });
  afterAll(async () => server?.stop());

  test.each(proofs.filter(({ versions }) => versions.includes(version)))('$rule: $file', async (proof) => {
    const { unwanted, harm = 'enters', wanted, lost = false } = proof;
    if ([unwanted, wanted].some((visit) => visit && visit.from !== 'socket' && !addresses.includes(visit.from))) return;
    await load(proof.file, proof);
    if (unwanted) expect(happens(harm, await visit(unwanted)), 'the harm is real').toBe(true);
    expect((await visit(wanted)).entered, 'the wanted client before').toBe(!lost);
    const fixed = fix(proof, version);
    await load(fixed, proof);
    const after = `${fixed}\n${server.log()}`;
    expect(after).not.toContain('was not reloaded');
    if (unwanted) expect(happens(harm, await visit(unwanted)), after).toBe(false);
    expect((await visit(wanted)).entered, after).toBe(true);
  });

  async function load(file: string, { files = {} }: Proof): Promise<void> {
    for (const [name, text] of Object.entries({ ...files, 'pg_hba.conf': file })) await server.writeFile(name, text);
    await server.hangUp();
  }

  function visit({ role, database, from, tls = false, certificate, password }: Visit): Promise<Reception> {
    return knock({
      port: server.port, role: role === 'account' ? account : role, ...(database === undefined ? { replication: true } : { database }), ...(password !== undefined && { password }),
      from: from === 'socket' ? { socket: server.dataDir } : { address: from, tls, ...(certificate !== undefined && { certificate: issue(authority, certificate) }) },
    });
  }
});

function happens(harm: NonNullable<Proof['harm']>, { entered, asked, message }: Reception): boolean {
  switch (harm) {
    case 'enters': return entered;
    case 'sends its password': return asked === 'password';
    case 'sends an MD5 hash': return asked === 'md5';
    case 'is asked for by ident': return /^Ident authentication failed/.test(message ?? '');
  }
}

/** The file after the fix of the first finding of the rule. */
function fix({ rule, file, files = {}, word = 'alice', fix: number = 0 }: Proof, version: number): string {
  const [finding] = lint({ path: 'pg_hba.conf', text: file, language: 'hba', version, files: filesOf(files) }, { only: rule }).findings;
  const chosen = finding?.fixes[number];
  if (!chosen) throw new Error(`${rule} ${finding ? 'offers no fix for' : 'does not report'} ${file}`);
  return applyEdits(file, chosen.edits.map((edit) => filled(edit, word)));
}

function filled({ span, text, placeholders = [] }: Edit, word: string): Edit {
  return { span, text: applyEdits(text, placeholders.map((place) => ({ span: place, text: word }))) };
}
