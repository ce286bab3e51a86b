import type { Span } from '../text.ts';
import { relativePath } from '../paths.ts';
import { jsonWithList } from './json-list.ts';
import type { Place, Report } from './report.ts';
import { rowsOf, type Row } from './rows.ts';

/** The report for programs. Its shape is promised: fields may be added, none changes. */
export function jsonReport(report: Report): Iterable<string> {
  const content = {
    schema: 'pgrampart-findings/1',
    files: report.files,
    skipped: report.skipped.map(({ path, reason }) => ({ path: relativePath(report.root, path), reason })),
    findings: [],
  };
  return jsonWithList(content, rowsOf(report), (row) => findingOf(report, row));
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

function findingOf({ root }: Report, { path, rule, severity, message, start, end, related, fixes }: Row): JsonFinding {
  return {
    rule, severity, path, message, start, end,
    related: related.map((place) => ({ path: relativePath(root, place.path), start: place.start, end: place.end, message: place.message })),
    fixes,
  };
}
