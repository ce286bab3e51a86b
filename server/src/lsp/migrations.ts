import type { CodeAction, Diagnostic } from 'vscode-languageserver';
import { laterStatements } from '../fix.ts';
import type { LintFinding } from '../lint.ts';
import { isVersioned, newMigration } from '../new-migration.ts';
import { baseName } from '../paths.ts';
import type { Fix } from '../rules/rule.ts';
import type { Client } from './client.ts';
import { migrationEdit, type Others } from './edits.ts';
import { fixKind, newMigrationKind } from './kinds.ts';
import type { Look } from './looks.ts';
import type { ProjectOf } from './project.ts';

/** What actions need besides the look. */
export interface Circumstances {
  readonly client: Client;
  readonly others: Others;
  readonly now: Date;
  /** The project file that counts for the document, or could be made. */
  project(): Promise<ProjectOf | undefined>;
  /** The file is on the default branch of its repository; undefined when nobody knows. */
  committed(): Promise<boolean | undefined>;
}

/** What can be mended in a new migration, because the file at hand may have been applied already. */
export class Migrations {
  /** A new migration is recommended, and not a change of the old one. */
  readonly preferred: boolean;
  readonly #look: Look;
  readonly #circumstances: Circumstances;

  private constructor(look: Look, circumstances: Circumstances, preferred: boolean) {
    this.#look = look;
    this.#circumstances = circumstances;
    this.preferred = preferred;
  }

  /** `needed`: something may be mended, so that it is worth asking whether the file is committed. */
  static async of(look: Look, needed: boolean, circumstances: Circumstances): Promise<Migrations> {
    const { set, path } = look.document;
    const versioned = needed && set !== undefined && circumstances.client.createsFiles && isVersioned(set, path);
    return new Migrations(look, circumstances, versioned && (await circumstances.committed() ?? true));
  }

  fixing(finding: LintFinding, fix: Fix, diagnostics: Diagnostic[]): CodeAction[] {
    const what = fix.title.replace(/^[A-Z](?=[a-z ])/, (first) => first.toLowerCase());
    return this.#write(reviewed(`Write a new migration: ${what}`, fix.safety), fixKind, finding.rule, fix.statements ?? [], diagnostics);
  }

  fixingAll({ rule }: LintFinding, diagnostics: Diagnostic[]): CodeAction[] {
    const statements = laterStatements(this.#look.findings.filter((finding) => finding.rule === rule));
    return statements.length < 2 ? [] : this.#write(`Fix all '${rule}' problems in a new migration (review)`, fixKind, rule, statements, diagnostics);
  }

  everything(): CodeAction[] {
    return this.#write('Fix all problems in a new migration (review)', newMigrationKind, undefined, laterStatements(this.#look.findings));
  }

  #write(title: string, kind: string, rule: string | undefined, statements: readonly string[], diagnostics?: Diagnostic[]): CodeAction[] {
    const { client, others, now } = this.#circumstances;
    const { set, path } = this.#look.document;
    if (set === undefined || statements.length === 0 || !client.createsFiles) return [];
    const words = `fix ${rule?.replace(/^.*\//, '') ?? 'security problems'}`;
    const written = newMigration(set, path, words, statements, now);
    const edit = written && migrationEdit(this.#look, written, others);
    if (edit === undefined) return [];
    const target = written!.created[0]?.path ?? written!.appended!.path;
    const show = client.showFileCommand === undefined ? {} : { command: { title: `Open ${baseName(target)}`, command: client.showFileCommand, arguments: [others.uriOf(target)] } };
    return [{ title, kind, ...diagnostics && { diagnostics }, edit, ...show }];
  }
}

/** Titles say when a person has to look at what changes. */
export function reviewed(title: string, safety: Fix['safety']): string {
  return safety === 'review' ? `${title} (review)` : title;
}
