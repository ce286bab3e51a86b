import type { CodeAction, Diagnostic } from 'vscode-languageserver';
import { laterStatements } from '../fix.ts';
import type { LintFinding, LintOptions } from '../lint.ts';
import { isVersioned, newMigration } from '../new-migration.ts';
import { baseName } from '../paths.ts';
import { knownRules } from '../policy/catalog.ts';
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
  /** What mends all findings of a rule; every one of them offers it. */
  readonly #ofRule = new Map<string, readonly string[]>();

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

  /** Where no migration can mend what has happened already, the title says whom the edit helps. */
  titleInPlace({ title, safety, statements }: Fix): string {
    const helps = this.preferred && !statements?.length ? ['only for databases made from now on'] : [];
    const notes = [...safety === 'review' ? ['review'] : [], ...helps];
    return notes.length > 0 ? `${title} (${notes.join('; ')})` : title;
  }

  fixing(finding: LintFinding, fix: Fix, diagnostics: Diagnostic[]): CodeAction[] {
    const what = fix.title.replace(/^[A-Z](?=[a-z ])/, (first) => first.toLowerCase());
    const title = `Write a new migration: ${what}`;
    const { statements = [], blanks = [] } = fix;
    return this.#write(`${title}${blanks.length > 0 ? ` (fill in ${blanks.join(', ')})` : fix.safety === 'review' ? ' (review)' : ''}`, fixKind, finding.rule, statements, diagnostics, blanks);
  }

  fixingAll({ rule }: LintFinding, diagnostics: Diagnostic[]): CodeAction[] {
    const { document, findings, options } = this.#look;
    if (!this.#offered || findings.filter((finding) => finding.rule === rule && finding.fixes[0]?.statements?.length).length < 2) return [];
    const statements = this.#ofRule.get(rule) ?? laterStatements(document, alone(rule, options), (finding) => finding.rule === rule);
    this.#ofRule.set(rule, statements);
    return this.#write(`Fix all '${rule}' problems in a new migration (review)`, fixKind, rule, statements, diagnostics);
  }

  everything(): CodeAction[] {
    if (!this.#offered) return [];
    const { document, options } = this.#look;
    return this.#write('Fix all problems in a new migration (review)', newMigrationKind, undefined, laterStatements(document, options, () => true));
  }

  /** Whether the look is about a file that must not change any more, and the editor can create another one. */
  get #offered(): boolean {
    const { set, path } = this.#look.document;
    return set !== undefined && this.#circumstances.client.createsFiles && isVersioned(set, path);
  }

  #write(title: string, kind: string, rule: string | undefined, statements: readonly string[], diagnostics?: Diagnostic[], blanks: readonly string[] = []): CodeAction[] {
    const { client, others, now } = this.#circumstances;
    const { set, path } = this.#look.document;
    if (set === undefined || statements.length === 0 || !client.createsFiles) return [];
    const words = `fix ${rule?.replace(/^.*\//, '') ?? 'security problems'}`;
    const written = newMigration(set, path, words, statements, now);
    const edit = written && migrationEdit(this.#look, written, others);
    if (edit === undefined) return [];
    const target = written!.created[0] ?? written!.appended!;
    const show = client.showFileCommand === undefined ? {} : {
      command: { title: `Open ${baseName(target.path)}`, command: client.showFileCommand, arguments: [others.uriOf(target.path), ...blanks.slice(0, 1)] },
    };
    return [{ title, kind, ...diagnostics && { diagnostics }, edit, ...show }];
  }
}

/** As the user wants it, with one rule alone. */
function alone(rule: string, options: LintOptions): LintOptions {
  const others = knownRules.filter(({ id }) => id !== rule).map(({ id }) => [id, 'off'] as const);
  return { ...options, levels: new Map([...options.levels ?? [], ...others]) };
}
