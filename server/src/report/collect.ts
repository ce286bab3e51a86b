import { noFiles, type Document } from '../document.ts';
import { compact } from '../facts/compact.ts';
import { exposureOf } from '../facts/hba/exposure.ts';
import type { LintFinding, Looked } from '../lint.ts';
import type { ScanStep } from '../scan.ts';
import { textOf, type ExposedFile, type Report } from './report.ts';

/** Gathers the steps of a scan for a report. */
export class Collection {
  readonly #reported: Looked[] = [];
  readonly #suppressed: Looked[] = [];
  readonly #accepted: Looked[] = [];
  readonly #exposed: ExposedFile[] = [];
  readonly #skipped: { path: string; reason: string }[] = [];
  #files = 0;

  add({ path, document, findings = [], suppressed = [], accepted = [], skipped }: ScanStep): void {
    if (skipped !== undefined) this.#skipped.push({ path, reason: skipped });
    if (document === undefined) return;
    this.#files++;
    keep(this.#reported, document, findings);
    keep(this.#suppressed, document, suppressed);
    keep(this.#accepted, document, accepted);
    const entries = document.language === 'hba' ? exposureOf(document) : [];
    if (entries.length > 0) this.#exposed.push({ path, version: document.version, entries });
  }

  report(about: Pick<Report, 'root' | 'version' | 'today' | 'crashed' | 'revision'>): Report {
    return { ...about, files: this.#files, skipped: this.#skipped, suppressed: this.#suppressed, accepted: this.#accepted, reported: this.#reported, exposed: this.#exposed };
  }
}

function keep(list: Looked[], document: Document, findings: readonly LintFinding[]): void {
  if (findings.length > 0) list.push({ document: withoutNeighbours(document, findings), findings: findings.map(worked) });
}

/** Fixes that nobody has asked for yet hold all that was found out about the file, which is too much for that of many thousands. */
function worked({ fixes, ...finding }: LintFinding): LintFinding {
  return compact({ ...finding, fixes: [...fixes] });
}

/** Of the files that may explain the document only those are kept that its findings name. */
function withoutNeighbours(document: Document, findings: readonly LintFinding[]): Document {
  const { set: _set, ...alone } = document;
  const texts = new Map<string, string>();
  for (const { path } of findings.flatMap(({ related }) => related)) if (path !== undefined) texts.set(path, textOf(document, path));
  return { ...alone, files: texts.size === 0 ? noFiles : { ...noFiles, read: (path) => texts.get(path) } };
}
