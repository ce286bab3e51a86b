import { describe, expect, test } from 'vitest';
import { Projects } from '../server/src/projects.ts';
import { originText } from '../server/src/version-origin.ts';
import { Versions, versionsOfImages } from '../server/src/versions.ts';
import { memoryHost } from './lsp/editor.ts';

const conf = '/repo/db/pg/postgresql.conf';

async function choice(files: Record<string, string>, roots: readonly string[] = ['/repo'], path = conf) {
  const host = memoryHost(new Map(Object.entries({ [path]: '', ...files })));
  const { version, origin } = await new Versions(host, roots, new Projects(host)).of(path);
  return { version, origin: originText(origin) };
}

test.each([['16\n', 16], ['9.6\n', 13], ['99\n', 18], ['?', 18], ['', 18]])('PG_VERSION %j is version %i', async (content, version) => {
  expect((await choice({ '/repo/db/pg/PG_VERSION': content })).version).toBe(version);
});

describe('the first that says something counts', () => {
  const project = { '/repo/pgrampart.jsonc': '{ // ours\n "postgresVersion": 14, }' };
  const cluster = { '/repo/db/pg/PG_VERSION': '15\n' };
  const image = { '/repo/compose.yaml': 'services:\n  db:\n    image: postgres:16-alpine\n' };

  test.each([
    ['the project file', { ...project, ...cluster, ...image }, 14, 'from pgrampart.jsonc'],
    ['PG_VERSION beside the file', { ...cluster, ...image }, 15, 'from PG_VERSION beside the file'],
    ['the image', image, 16, 'from the image in compose.yaml'],
    ['nothing', {}, 18, 'the newest one, because no file says which'],
  ])('%s', async (_, files, version, origin) => {
    expect(await choice(files)).toEqual({ version, origin });
  });

  test('the nearest project file', async () => {
    expect(await choice({ ...project, '/repo/db/.pgrampart.jsonc': '{"postgresVersion": "13"}' })).toEqual({ version: 13, origin: 'from .pgrampart.jsonc' });
    expect((await choice({ ...project, '/repo/db/pgrampart.jsonc': '{"rules": {}}' })).version).toBe(18);
    expect((await choice({ ...project, '/repo/db/pgrampart.jsonc': '{"extends": "../pgrampart.jsonc"}' })).version).toBe(14);
    expect((await choice({ '/repo/pgrampart.jsonc': '{"postgresVersion"', ...image })).version).toBe(16);
  });

  test('a folder that is named after a version', async () => {
    expect(await choice(image, ['/repo'], '/repo/etc/postgresql/15/main/pg_hba.conf')).toEqual({ version: 15, origin: 'from the folder name postgresql/15' });
    expect((await choice({}, [], '/var/lib/pgsql/14/data/pg_hba.conf')).version).toBe(14);
    expect((await choice({}, [], '/x/postgresql/2/pg_hba.conf')).version).toBe(18);
    expect((await choice({}, [], '/x/postgresql/2024/pg_hba.conf')).version).toBe(18);
    expect((await choice({}, [], '/x/db/migrations/postgres/14/01_users.up.sql')).version).toBe(18);
  });

  test('no image above the root, or above the folder of a file in no root, is read', async () => {
    expect((await choice({ '/compose.yaml': 'image: postgres:16\n' })).version).toBe(18);
    expect((await choice(image, [])).version).toBe(18);
  });

  test('a folder that is named beside the one around it does not hide the image there', async () => {
    expect((await choice(image, ['/repo/db', '/repo'])).version).toBe(16);
  });

  test('no project file above the top of the repository is read', async () => {
    const above = { '/pgrampart.jsonc': '{"postgresVersion": 14}' };
    expect((await choice(above)).version).toBe(14);
    expect((await choice({ ...above, '/repo/.git/HEAD': 'ref: refs/heads/main\n' })).version).toBe(18);
  });

  test('images of different versions leave it open', async () => {
    expect((await choice({ '/repo/compose.yaml': 'image: postgres:16\nimage: postgres:15\n' })).version).toBe(18);
    expect((await choice({ '/repo/compose.yaml': 'image: postgres:16\nimage: "postgres:16.3"\n', '/repo/Dockerfile': 'FROM postgres:16-bookworm\n' })).version).toBe(16);
  });
});

test.each([
  ['    image: postgres:16\n', [16]], ['image: "postgres:15.4-alpine3.18"', [15]], ["image: 'docker.io/library/postgres:14'", [14]],
  ['FROM postgres:17-bookworm AS db', [17]], ['FROM --platform=linux/amd64 postgis/postgis:16-3.4', [16]],
  ['image: registry.local:5000/team/postgres:13.2', [13]], ['image: postgres:${PG_VERSION:-15}', [15]], ['image: postgres:${PG_VERSION}-alpine', []],
  ['image: timescale/timescaledb:2.14.2-pg16', [16]], ['image: pgvector/pgvector:pg17', [17]], ['image: pgvector/pgvector:0.8.0-pg17', [17]],
  ['image: ghcr.io/cloudnative-pg/postgresql:16.2-1', [16]], ['image: bitnami/postgresql:15', [15]], ['image: supabase/postgres:15.1.0.147', [15]],
  ['image: prometheuscommunity/postgres-exporter:v0.15.0', []], ['image: postgres:latest', []], ['image: redis:16', []], ['# image: postgres:12', []],
  ['image: citusdata/citus:12.1', []], ['image: dpage/pgadmin4:8.2', []], ['image: postgrest/postgrest:v12.0.1', []],
])('%j names %j', (text, versions) => {
  expect(versionsOfImages(text)).toEqual(versions);
});
