import { describe, expect, test } from 'vitest';
import { newMigration } from '../server/src/new-migration.ts';
import { setOf } from './files.ts';

const now = new Date('2026-03-04T05:06:07.089Z');
const revoke = 'REVOKE ALL ON FUNCTION f() FROM PUBLIC;';

/** What is written when `paths`, the last one with `text`, are there; seen from the first. */
function written(paths: readonly string[], text = 'SELECT 1;\n', statements: readonly string[] = [revoke], texts: Readonly<Record<string, string>> = {}) {
  const set = setOf(paths[0]!, { ...Object.fromEntries(paths.map((path) => [path, text])), ...texts });
  return set && newMigration(set, paths[0]!, 'fix grants', statements, now);
}

const names = (paths: readonly string[]) => written(paths)?.created.map(({ path }) => path);

test.each([
  [['db/migration/V1__a.sql', 'db/migration/V9__b.sql', 'db/migration/R__v.sql'], ['db/migration/V10__fix_grants.sql']],
  [['db/migration/V001__a.sql', 'db/migration/V002__b.sql'], ['db/migration/V003__fix_grants.sql']],
  [['db/migration/V1.2.9__b.sql'], ['db/migration/V1.2.10__fix_grants.sql']],
  [['db/migration/V1_2__b.sql'], ['db/migration/V1_3__fix_grants.sql']],
  [['db/migration/V20240102030405__b.sql'], ['db/migration/V20260304050607__fix_grants.sql']],
  [['sql/B2__base.sql'], ['sql/V3__fix_grants.sql']],
  [['supabase/migrations/20240102030405_a.sql', 'supabase/seed.sql'], ['supabase/migrations/20260304050607_fix_grants.sql']],
  [['supabase/migrations/20990102030405_a.sql'], ['supabase/migrations/20990102030406_fix_grants.sql']],
  [['prisma/migrations/20240102030405_a/migration.sql'], ['prisma/migrations/20260304050607_fix_grants/migration.sql']],
  [['prisma/migrations/0_init/migration.sql'], ['prisma/migrations/20260304050607_fix_grants/migration.sql']],
  [['migrations/00000000000000_setup/up.sql'], ['migrations/2026-03-04-050607_fix_grants/up.sql', 'migrations/2026-03-04-050607_fix_grants/down.sql']],
  [['migrations/0009-3-things.sql'], ['migrations/0010-fix-grants.sql']],
  [['migrations/1_2fa.sql'], ['migrations/2_fix_grants.sql']],
  [['updates/1.9.sql', 'updates/1.10.sql'], ['updates/1.11.sql']],
  [['migrations/2024-01-02-030405_a/up.sql', 'migrations/2024-01-02-030405_a/down.sql'], ['migrations/2026-03-04-050607_fix_grants/up.sql', 'migrations/2026-03-04-050607_fix_grants/down.sql']],
  [['hasura/migrations/default/1600000000000_a/up.sql'], ['hasura/migrations/default/1772600767089_fix_grants/up.sql', 'hasura/migrations/default/1772600767089_fix_grants/down.sql']],
  [['db/000009_a.up.sql', 'db/000009_a.down.sql'], ['db/000010_fix_grants.up.sql', 'db/000010_fix_grants.down.sql']],
  [['db/1600000000_a.up.sql'], ['db/1772600767_fix_grants.up.sql', 'db/1772600767_fix_grants.down.sql']],
  [['migrations/0009-a-b.sql'], ['migrations/0010-fix-grants.sql']],
  [['migrations/0009.sql'], ['migrations/0010.sql']],
  [['migrations/20240102_a.sql'], ['migrations/20260304_fix_grants.sql']],
  [['migrations/20260304_a.sql'], ['migrations/20260305_fix_grants.sql']],
  [['migrations/1600000000000_a.sql'], ['migrations/1772600767089_fix_grants.sql']],
])('%j: %j', (paths, expected) => {
  expect(names(paths)).toEqual(expected);
});

test.each([
  [['db/migration/R__views.sql', 'db/migration/V1__a.sql']], [['supabase/seed.sql', 'supabase/migrations/20240102030405_a.sql']], [['sql/01_a.sql', 'sql/02_b.sql']],
  [['x--1.0.sql', 'x--1.0--1.1.sql']], [['sql/a.sql', 'sql/b.sql']], [['initdb.d/1.sql', 'initdb.d/2.sql']],
])('%j: edited in place', (paths) => {
  expect(written(paths)).toBeUndefined();
});

test('a list that is not understood', () => {
  expect(written(['drizzle/0000_a.sql'], '', [revoke], { 'drizzle/meta/_journal.json': '{"entries":[{"tag":"0000_a"}]}' })).toBeUndefined();
  expect(written(['drizzle/0000_a.sql'], '', [revoke], { 'drizzle/meta/_journal.json': '{"entries":[]}' })).toBeUndefined();
});

describe('Drizzle', () => {
  const entry = (idx: number, when: number, tag: string, breakpoints: boolean) => `    {\n      "idx": ${idx},\n      "version": "7",\n      "when": ${when},\n      "tag": "${tag}",\n      "breakpoints": ${breakpoints}\n    }`;
  const journal = (...entries: readonly string[]) => `{\n  "version": "7",\n  "dialect": "postgresql",\n  "entries": [\n${entries.join(',\n')}\n  ]\n}`;
  const added = (list: string, paths: readonly string[]) => {
    const { created, appended } = written(paths, 'SELECT 1;\n', [revoke, 'SELECT 2;'], { 'drizzle/meta/_journal.json': list })!;
    return { created, list: list.slice(0, appended!.at) + appended!.text + list.slice(appended!.at) };
  };

  test('the file, and an entry of the journal like the last one', () => {
    const old = [entry(0, 1700000000000, '0000_a', true), entry(1, 1710000000000, '0001_b', true)];
    expect(added(journal(...old), ['drizzle/0000_a.sql', 'drizzle/0001_b.sql'])).toEqual({
      created: [{ path: 'drizzle/0002_fix_grants.sql', text: `${revoke}--> statement-breakpoint\nSELECT 2;\n` }],
      list: journal(...old, entry(2, now.getTime(), '0002_fix_grants', true)),
    });
  });

  test('later than all others, whatever the clock says; on one line; with a time in front of the name', () => {
    const list = '{"version":"7","entries":[{"idx":4,"when":1900000000000,"tag":"20240102030405_a","breakpoints":false}]}';
    expect(added(list, ['drizzle/20240102030405_a.sql'])).toEqual({
      created: [{ path: 'drizzle/20260304050607_fix_grants.sql', text: `${revoke}\nSELECT 2;\n` }],
      list: list.replace(']}', ',{"idx":5,"when":1900000000001,"tag":"20260304050607_fix_grants","breakpoints":false}]}'),
    });
  });
});

test.each([
  ['-- migrate:up transaction:false\nSELECT 1;\n-- migrate:down\n', `-- migrate:up transaction:false\n${revoke}\n\n-- migrate:down\n`],
  ['-- +goose Up\nSELECT 1;\n', `-- +goose Up\n${revoke}\n\n-- +goose Down\n`],
  ['-- Up Migration\nSELECT 1;\n', `-- Up Migration\n${revoke}\n\n-- Down Migration\n`],
  ['# --- !Ups\nSELECT 1;\n', `# --- !Ups\n${revoke}\n\n# --- !Downs\n`],
  ['BEGIN;\nSELECT 1;\nCOMMIT;\n', `BEGIN;\n${revoke}\nCOMMIT;\n`],
  ['SELECT 1;\r\n', `${revoke}\r\n`],
])('framed as the last one is: %j', (text, expected) => {
  const found = written(['migrations/1_a.sql'], text)!.created[0]!.text;
  expect(found.slice(0, expected.length)).toBe(expected);
});

test('goose is told where a statement with semicolons inside ends', () => {
  const body = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;";
  expect(written(['migrations/1_a.sql'], '-- +goose Up\n', [body])!.created[0]!.text).toContain(`-- +goose StatementBegin\n${body}\n-- +goose StatementEnd\n`);
});

test('graphile-migrate keeps what is new in current.sql', () => {
  expect(written(['migrations/committed/000001.sql', 'migrations/current.sql'])).toEqual({ created: [], appended: { path: 'migrations/current.sql', text: `\n${revoke}\n` } });
});

test('Liquibase: a new changeset', () => {
  const text = '--liquibase formatted sql\n\n--changeset ann:1\nSELECT 1;\n';
  const set = setOf('db/1.changelog.sql', { 'db/1.changelog.sql': text });
  expect(newMigration(set!, 'db/1.changelog.sql', 'fix grants', [revoke], now)).toEqual({
    created: [], appended: { path: 'db/1.changelog.sql', text: `\n--changeset ann:fix-grants-20260304050607\n${revoke}\n` },
  });
});

test('Sqitch: scripts to deploy, revert and verify, and a line of the plan', () => {
  const plan = '%syntax-version=1.0.0\n%project=shop\n\nusers 2024-01-02T03:04:05Z Ann Lee <ann@shop.example> # Users.\n@v1 2024-01-03T03:04:05Z Ann Lee <ann@shop.example> # One.\n\nfix_grants [users] 2024-02-02T03:04:05Z Bo <bo@shop.example> # Older.\n';
  const texts = { 'db/sqitch.plan': plan, 'db/deploy/users.sql': 'SELECT 1;\n', 'db/deploy/fix_grants.sql': '-- Deploy shop:fix_grants to pg\n\nBEGIN;\nSELECT 1;\nCOMMIT;\n' };
  expect(newMigration(setOf('db/deploy/users.sql', texts)!, 'db/deploy/users.sql', 'fix grants', [revoke], now)).toEqual({
    created: [
      { path: 'db/deploy/fix_grants_2.sql', text: `-- Deploy shop:fix_grants_2 to pg\n\nBEGIN;\n${revoke}\nCOMMIT;\n` },
      { path: 'db/revert/fix_grants_2.sql', text: '-- Revert shop:fix_grants_2 from pg\n\n-- Nothing is undone: that would bring a security problem back.\n' },
      { path: 'db/verify/fix_grants_2.sql', text: '-- Verify shop:fix_grants_2 on pg\n\nBEGIN;\nROLLBACK;\n' },
    ],
    appended: { path: 'db/sqitch.plan', text: 'fix_grants_2 2026-03-04T05:06:07Z Bo <bo@shop.example> # Fix grants\n' },
  });
});

test('Sqitch without a planner in its plan, and scripts that only go back', () => {
  const texts = { 'sqitch.plan': '%project=shop\nusers\n', 'deploy/users.sql': 'SELECT 1;\n', 'revert/users.sql': 'SELECT 1;\n' };
  expect(newMigration(setOf('deploy/users.sql', texts)!, 'deploy/users.sql', 'fix grants', [revoke], now)).toBeUndefined();
  expect(setOf('revert/users.sql', texts)).toBeUndefined();
});
