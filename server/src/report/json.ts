import type { LintFinding, Looked } from '../lint.ts';
import type { Span } from '../text.ts';
import { relativePath } from '../paths.ts';
import { placesIn, type Place, type Places, type Report } from './report.ts';

/** The report for programs. Its shape is promised: fields may be added, none changes. */
export function jsonReport(report: Report): string {
  const content = {
    schema: 'pgrampart-findings/1',
    files: report.files,
    skipped: report.skipped.map(({ path, reason }) => ({ path: relativePath(report.root, path), reason })),
    findings: report.reported.flatMap((file) => findingsOf(report, file)),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

interface JsonFinding {
  readonly rule: string;
  readonly severity: string;
  readonly path: string;
  readonly message: string;
  readonly start: Place;
  readonly end: Place;
  readonly related: readonly { readonly path: string; readonly start: Place; readonly end: Place; readonly message: string }[];
  readonly fixes: readonly { readonly title: string; readonly safety: string; readonly edits: readonly JsonEdit[] }[];
}

interface JsonEdit {
  readonly start: Place;
  readonly end: Place;
  readonly text: string;
  /** Parts of `text`, by offset, that a person has to look at before the edit is made. */
  readonly placeholders?: readonly Span[];
}

function findingsOf(report: Report, { document, findings }: Looked): JsonFinding[] {
  const places = placesIn(document);
  const path = relativePath(report.root, document.path);
  return findings.map((finding) => ({
    rule: finding.rule, severity: finding.severity, path, message: finding.message,
    ...places(undefined).of(finding.at),
    related: finding.related.map((related) => ({
      path: relativePath(report.root, related.path ?? document.path), ...places(related.path).of(related.at), message: related.message,
    })),
    fixes: fixesOf(finding, places(undefined)),
  }));
}

function fixesOf(finding: LintFinding, places: Places): JsonFinding['fixes'] {
  return finding.fixes.map(({ title, safety, edits }) => ({
    title, safety,
    edits: edits.map(({ span, text, placeholders }) => ({ ...places.of(span), text, ...(placeholders && { placeholders }) })),
  }));
}
