import { newMigration } from '../../server/src/new-migration.ts';
import { setOf } from '../files.ts';

export interface Layout {
  readonly path: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly frame?: string;
}

/** A file of each layout, and what stands beside it. */
export const layouts: readonly Layout[] = [
  { path: 'migrations/0001_a.sql', texts: {} },
  { path: 'db/V1__a.sql', texts: {} },
  { path: 'supabase/migrations/20240102030405_a.sql', texts: {} },
  { path: 'prisma/migrations/20240102030405_a/migration.sql', texts: {} },
  { path: 'db/000001_a.up.sql', texts: { 'db/000001_a.down.sql': '' } },
  { path: 'migrations/20240102030405_a.sql', texts: {}, frame: '-- +goose Up\n' },
  { path: 'migrations/20240102030405_a.sql', texts: {}, frame: '-- migrate:up\n' },
  { path: 'deploy/a.sql', texts: { 'sqitch.plan': '%project=lab\na 2024-01-02T03:04:05Z Ann <ann@lab.example> # A.\n' }, frame: '-- Deploy lab:a to pg\nBEGIN;\nCOMMIT;\n' },
  { path: 'db/a.changelog.sql', texts: {}, frame: '--liquibase formatted sql\n--changeset ann:1\n' },
  { path: 'migrations/committed/000001.sql', texts: { 'migrations/current.sql': '' } },
  { path: 'drizzle/0000_a.sql', texts: { 'drizzle/meta/_journal.json': '{"entries":[{"idx":0,"version":"7","when":1700000000000,"tag":"0000_a","breakpoints":true}]}' } },
];

/** The whole new file, or what is added to one, as the tool would run it. */
export function migrationOf(file: string, statements: readonly string[], layout: Layout): string {
  const { path } = layout;
  const set = setOf(path, textsOf(file, layout));
  const written = newMigration(set!, path, 'fix it', statements, new Date('2026-03-04T05:06:07Z'))!;
  return written.created[0]?.text ?? written.appended!.text;
}

/** The files of the layout, with a text in its frame as the only migration. */
export function textsOf(file: string, { path, texts, frame = '' }: Layout): Record<string, string> {
  return { ...texts, [path]: frame + file };
}
