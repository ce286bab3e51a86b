import { describe, expect, test } from 'vitest';
import { globPattern } from '../server/src/layouts/globs.ts';
import { compareVersions } from '../server/src/layouts/order.ts';
import { decidesOrder, planSets, type ConfiguredSet } from '../server/src/migrations.ts';

type Texts = Readonly<Record<string, string>>;

/** The sets of a project as `layout: files`, and how each file that stands alone is told apart. */
function sets(paths: readonly string[], texts: Texts = {}, configured: readonly ConfiguredSet[] = []): string[] {
  const all = [...paths, ...Object.keys(texts)];
  for (const path of Object.keys(texts)) expect(decidesOrder(path), path).toBe(true);
  const plan = planSets('', all, (path) => texts[path], configured);
  return plan.sets.map(({ layout, paths: files }) => `${layout ?? 'unordered'}: ${files.join(' ')}`);
}

const layouts: Record<string, { paths: string[]; texts?: Texts; expected: string[] }> = {
  'Flyway: versions, repeatable ones last, undo scripts not': {
    paths: ['V10__z.sql', 'V9.1__b.sql', 'V9__a.sql', 'V1_2__x.sql', 'R__views.sql', 'R__functions.sql', 'U9__a.sql'].map((name) => `src/main/resources/db/migration/${name}`),
    expected: [`flyway: ${['V1_2__x', 'V9__a', 'V9.1__b', 'V10__z', 'R__functions', 'R__views'].map((name) => `src/main/resources/db/migration/${name}.sql`).join(' ')}`],
  },
  'Flyway: subfolders are one location, vendors are not': {
    paths: ['db/migration/2023/V1__a.sql', 'db/migration/2024/V2__b.sql', 'x/db/migration/postgresql/V1__a.sql', 'x/db/migration/h2/V1__a.sql'],
    expected: ['flyway: db/migration/2023/V1__a.sql db/migration/2024/V2__b.sql', 'flyway: x/db/migration/h2/V1__a.sql', 'flyway: x/db/migration/postgresql/V1__a.sql'],
  },
  'Flyway: a baseline stands for all before it': {
    paths: ['sql/V1__a.sql', 'sql/V2__b.sql', 'sql/B2__base.sql', 'sql/V3__c.sql', 'sql/afterMigrate.sql'],
    expected: ['flyway: sql/B2__base.sql sql/V3__c.sql sql/afterMigrate.sql'],
  },
  'Supabase: roles, migrations, seed; declarative schemas and tests apart': {
    paths: ['supabase/seed.sql', 'supabase/migrations/20240102000000_b.sql', 'supabase/migrations/20230102000000_a.sql', 'supabase/roles.sql', 'supabase/schemas/users.sql', 'supabase/tests/rls.sql'],
    expected: [
      'supabase: supabase/roles.sql supabase/migrations/20230102000000_a.sql supabase/migrations/20240102000000_b.sql supabase/seed.sql', 'declarative: supabase/schemas/users.sql',
    ],
  },
  'Supabase: its configuration orders schemas and seeds': {
    paths: ['app/supabase/migrations/20230102000000_a.sql', 'app/supabase/seeds/2.sql', 'app/supabase/seeds/1.sql', 'app/supabase/schemas/z.sql', 'app/supabase/schemas/a.sql'],
    texts: { 'app/supabase/config.toml': '[db.migrations]\nschema_paths = [\n  "./schemas/z.sql", # first\n  "./schemas/*.sql",\n]\n[db.seed]\nsql_paths = [\'./seeds/*.sql\']\n' },
    expected: [
      'supabase: app/supabase/migrations/20230102000000_a.sql app/supabase/seeds/1.sql app/supabase/seeds/2.sql',
      'declarative: app/supabase/schemas/z.sql app/supabase/schemas/a.sql',
    ],
  },
  'Prisma': {
    paths: ['prisma/migrations/20240102030405_add/migration.sql', 'prisma/migrations/20230102030405_init/migration.sql'],
    texts: { 'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n' },
    expected: ['prisma: prisma/migrations/20230102030405_init/migration.sql prisma/migrations/20240102030405_add/migration.sql'],
  },
  'Diesel and Hasura: the way there of each folder': {
    paths: [
      'migrations/00000000000000_diesel_initial_setup/up.sql', 'migrations/00000000000000_diesel_initial_setup/down.sql', 'migrations/2024-01-02-030405_b/up.sql',
      'migrations/2024-01-02-030405_b/down.sql', 'hasura/migrations/default/1600000000000_init/up.sql', 'hasura/migrations/other/1600000000001_init/up.sql',
    ],
    expected: [
      'up-folders: hasura/migrations/default/1600000000000_init/up.sql', 'up-folders: hasura/migrations/other/1600000000001_init/up.sql',
      'up-folders: migrations/00000000000000_diesel_initial_setup/up.sql migrations/2024-01-02-030405_b/up.sql',
    ],
  },
  'folders of versions among migrations': {
    paths: ['migrations/v1.1.10/025-up-b.sql', 'migrations/v1.1.9/026-up-a.sql', 'migrations/v1.1.9/3-up-z.sql', 'migrations/README.sql', 'for/9.6/1_a.sql', 'for/10.1/1_a.sql'],
    expected: ['numbered: migrations/v1.1.9/3-up-z.sql migrations/v1.1.9/026-up-a.sql migrations/v1.1.10/025-up-b.sql', 'unordered: for/10.1/1_a.sql for/9.6/1_a.sql migrations/README.sql migrations/v1.1.10/025-up-b.sql migrations/v1.1.9/026-up-a.sql migrations/v1.1.9/3-up-z.sql'],
  },
  'Prisma: names are compared as text': {
    paths: ['prisma/migrations/20250625_b/migration.sql', 'prisma/migrations/20250626010101_c/migration.sql', 'prisma/migrations/20240102030405_a/migration.sql'],
    expected: ['prisma: prisma/migrations/20240102030405_a/migration.sql prisma/migrations/20250625_b/migration.sql prisma/migrations/20250626010101_c/migration.sql'],
  },
  'Diesel: hyphens do not count': {
    paths: ['migrations/2017-08-31-230457_b/up.sql', 'migrations/20140924113530_a/up.sql', 'migrations/20180101000000_c/up.sql'],
    expected: ['up-folders: migrations/20140924113530_a/up.sql migrations/2017-08-31-230457_b/up.sql migrations/20180101000000_c/up.sql'],
  },
  'pairs: of several systems only PostgreSQL': {
    paths: ['1_a.up.sql', '1_a.mysql.up.sql', '1_a.postgres.up.sql', '1_a.postgres.down.sql', '2_b.up.sql', '2_b.sqlite3.up.sql', '3_c.cockroach.autocommit.up.sql'].map((name) => `migrations/${name}`),
    expected: ['pairs: migrations/1_a.postgres.up.sql migrations/2_b.up.sql'],
  },
  'pairs: numbers as folders': {
    paths: ['db/0/01_a.up.sql', 'db/0/02_b.up.sql', 'db/10/01_d.up.sql', 'db/2/01_c.up.sql', 'db/2/01_c.down.sql'],
    expected: ['pairs: db/0/01_a.up.sql db/0/02_b.up.sql db/2/01_c.up.sql db/10/01_d.up.sql'],
  },
  'Flyway: what is there for PostgreSQL alone': {
    paths: ['x/resources/db/migration/V1__a.sql', 'x/resources/db/migration/V3__c.sql', 'x/resources/db/specific/postgresql/V2__b.sql', 'x/resources/db/specific/h2/V2__b.sql'],
    expected: ['flyway: x/resources/db/migration/V1__a.sql x/resources/db/specific/postgresql/V2__b.sql x/resources/db/migration/V3__c.sql', 'flyway: x/resources/db/specific/h2/V2__b.sql'],
  },
  'sqitch: the plan, with the older script of a change that was reworked': {
    paths: ['deploy/appschema.sql', 'deploy/users.sql', 'deploy/insert_user@v1.0.0-dev2.sql', 'deploy/insert_user.sql', 'revert/users.sql', 'verify/users.sql', 'deploy/forgotten.sql'],
    texts: {
      'sqitch.plan': '%syntax-version=1.0.0\n%project=flipr\n\nusers [appschema] 2013-12-30T23:49:00Z A <a@b> # Users.\nappschema 2013-12-30T23:49:00Z A <a@b> # Schema.\n'
        + 'insert_user [users] 2013-12-30T23:49:00Z A <a@b> # Insert.\n@v1.0.0-dev1 2013-12-31T00:01:22Z A <a@b> # Tag.\n@v1.0.0-dev2 2013-12-31T00:01:22Z A <a@b> # Tag.\n'
        + 'insert_user [insert_user@v1.0.0-dev2] 2013-12-31T00:01:22Z A <a@b> # Again.\n',
    },
    expected: ['sqitch: deploy/users.sql deploy/appschema.sql deploy/insert_user@v1.0.0-dev2.sql deploy/insert_user.sql'],
  },
  'golang-migrate': {
    paths: ['db/000010_c.up.sql', 'db/000002_b.up.sql', 'db/000002_b.down.sql', 'db/000010_c.down.sql'],
    expected: ['pairs: db/000002_b.up.sql db/000010_c.up.sql'],
  },
  'dbmate, whose dump tells the same again': {
    paths: ['db/migrations/20240102030405_b.sql', 'db/migrations/20230102030405_a.sql', 'db/schema.sql'],
    expected: ['numbered: db/migrations/20230102030405_a.sql db/migrations/20240102030405_b.sql'],
  },
  'Rails: the dump alone': { paths: ['db/structure.sql'], expected: [] },
  'goose: numbers without leading zeros': { paths: ['migrations/10_c.sql', 'migrations/9_b.sql', 'migrations/1_a.sql'], expected: ['numbered: migrations/1_a.sql migrations/9_b.sql migrations/10_c.sql'] },
  'versions in names': { paths: ['updates/1.10.sql', 'updates/1.sql', 'updates/1.9_x.sql', 'updates/1.9.1.sql'], expected: ['numbered: updates/1.sql updates/1.9_x.sql updates/1.9.1.sql updates/1.10.sql'] },
  'graphile-migrate: current work last': {
    paths: ['migrations/current/2.sql', 'migrations/current/1.sql', 'migrations/committed/000001.sql', 'migrations/committed/000002-name.sql', 'migrations/fixtures/a.sql'],
    expected: ['graphile-migrate: migrations/committed/000001.sql migrations/committed/000002-name.sql migrations/current/1.sql migrations/current/2.sql'],
  },
  'Liquibase: what the changelog includes': {
    paths: ['db/changes/b.sql', 'db/changes/a.sql', 'db/more/1.sql', 'db/more/2.sql'],
    texts: {
      'db/changelog-master.yaml': 'databaseChangeLog:\n  - include:\n      file: changes/b.sql\n      relativeToChangelogFile: true\n  - include:\n      file: db/changelog-2.xml\n  - includeAll:\n      path: more/\n',
      'db/changelog-2.xml': '<databaseChangeLog><changeSet id="1" author="a"><sqlFile path="changes/a.sql"/></changeSet></databaseChangeLog>',
    },
    expected: ['liquibase: db/changes/b.sql db/changes/a.sql db/more/1.sql db/more/2.sql'],
  },
  'Liquibase: formatted SQL by name': {
    paths: [], texts: { 'x/2.changelog.sql': '--liquibase formatted sql\n', 'x/1.changelog.sql': '-- liquibase formatted sql\n' },
    expected: ['liquibase: x/1.changelog.sql x/2.changelog.sql'],
  },
  'an extension: each script that installs it, and the way from there': {
    paths: ['pg_thing--1.0.sql', 'pg_thing--1.0--1.1.sql', 'pg_thing--1.1--1.2.sql', 'pg_thing--1.2.sql', 'other--2.0--2.1.sql'],
    expected: ['extension: other--2.0--2.1.sql', 'extension: pg_thing--1.0.sql pg_thing--1.0--1.1.sql pg_thing--1.1--1.2.sql', 'extension: pg_thing--1.2.sql'],
  },
  'an extension: the control file names the version': {
    paths: ['t--1.0.sql', 't--1.0--1.1.sql', 't--1.1--1.2.sql', 't--1.0--1.2.sql'], texts: { 't.control': "default_version = '1.1'\n" },
    expected: ['extension: t--1.0.sql t--1.0--1.1.sql'],
  },
  'container images': { paths: ['docker-entrypoint-initdb.d/10-b.sql', 'docker-entrypoint-initdb.d/1-a.sql'], expected: ['scripts: docker-entrypoint-initdb.d/1-a.sql docker-entrypoint-initdb.d/10-b.sql'] },
  'Drizzle': {
    paths: ['drizzle/0001_b.sql', 'drizzle/0000_a.sql', 'drizzle/0002_stray.sql'], texts: { 'drizzle/meta/_journal.json': '{"entries":[{"idx":0,"tag":"0000_a"},{"idx":1,"tag": "0001_b"}]}' },
    expected: ['drizzle: drizzle/0000_a.sql drizzle/0001_b.sql', 'unordered: drizzle/0000_a.sql drizzle/0001_b.sql drizzle/0002_stray.sql'],
  },
  'numbered scripts: the one that rolls back is none of the way there, a migration is': {
    paths: ['sql/rls/01_enable.sql', 'sql/rls/02_rollback_rls.sql', 'sql/rls/03_roles.sql', 'migrations/1_a.sql', 'migrations/2_rollback_a.sql'],
    expected: ['numbered: migrations/1_a.sql migrations/2_rollback_a.sql', 'scripts: sql/rls/01_enable.sql sql/rls/03_roles.sql'],
  },
  'numbered scripts outside of migrations': { paths: ['sql/02_b.sql', 'sql/01_a.sql'], expected: ['scripts: sql/01_a.sql sql/02_b.sql'] },
  'nothing that tells an order': { paths: ['sql/tables.sql', 'sql/functions.sql', 'sql/undo/functions.sql'], expected: ['unordered: sql/functions.sql sql/tables.sql'] },
  'several databases, by folder': {
    paths: ['a/migrations/1_x.sql', 'a/migrations/2_y.sql', 'b/migrations/1_x.sql', 'b/migrations/2_y.sql'],
    expected: ['numbered: a/migrations/1_x.sql a/migrations/2_y.sql', 'numbered: b/migrations/1_x.sql b/migrations/2_y.sql'],
  },
};

test.each(Object.entries(layouts))('%s', (_name, { paths, texts, expected }) => {
  expect(sets(paths, texts)).toEqual(expected);
});

test('what the user configures comes first', () => {
  const paths = ['db/tables/b.sql', 'db/tables/a.sql', 'db/functions/f.sql', 'migrations/1.sql', 'migrations/2.sql'];
  expect(sets(paths, {}, [{ files: ['db/tables/*.sql', 'db/**/*.sql'] }])).toEqual([
    'configured: db/tables/a.sql db/tables/b.sql db/functions/f.sql', 'numbered: migrations/1.sql migrations/2.sql',
  ]);
});

test('the way back is looked at alone', () => {
  const plan = planSets('', ['m/1_a.up.sql', 'm/1_a.down.sql', 'db/structure.sql'], () => undefined);
  expect(plan.of('m/1_a.up.sql')?.layout).toBe('pairs');
  expect(plan.of('m/1_a.down.sql')).toBeUndefined();
  expect(plan.of('db/structure.sql')).toBeUndefined();
});

test('what was put aside is no part of what is applied', () => {
  const paths = ['supabase/migrations/1_a.sql', 'supabase/migrations/old/b.sql', '.bolt/supabase_discarded_migrations/1_c.sql', '.bolt/supabase_discarded_migrations/2_d.sql', 'supabase/views.sql', 'supabase/grants.sql'];
  const plan = planSets('', paths, () => undefined);
  expect(plan.of('supabase/migrations/old/b.sql')).toBeUndefined();
  expect(plan.of('supabase/views.sql')?.paths).toEqual(['supabase/grants.sql', 'supabase/migrations/1_a.sql', 'supabase/views.sql']);
  expect(plan.of('supabase/migrations/1_a.sql')?.paths).toEqual(['supabase/migrations/1_a.sql']);
});

describe('details', () => {
  test.each([['1', '1.0', 0], ['1.9', '1.10', -1], ['010', '9', 1], ['20240101', '3', 1], ['1.0beta', '1.0', 1]])('compare %s with %s', (a, b, order) => {
    expect(Math.sign(compareVersions(a, b))).toBe(order);
  });

  test.each([['**/*.sql', 'a/b.sql', true], ['**/*.sql', 'b.sql', true], ['db/*.sql', 'db/x/b.sql', false], ['*.up.sql', 'm/1.up.sql', true], ['./{a,b}/?.sql', 'b/1.sql', true]])('%s and %s', (glob, path, matches) => {
    expect(globPattern(glob).test(path)).toBe(matches);
  });
});
