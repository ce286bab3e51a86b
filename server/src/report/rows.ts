import { writtenOf, type LintFinding } from '../lint.ts';
import { fingerprints } from '../policy/fingerprints.ts';
import { relativePath } from '../paths.ts';
import { placesIn, type Place, type Report } from './report.ts';

/** One finding with its place, for formats that are lists. */
export interface Row {
  readonly path: string;
  readonly start: Place;
  readonly end: Place;
  readonly finding: LintFinding;
  /** Tells the same finding in two runs, whatever happened to the lines around it. */
  readonly fingerprint: string;
}

export function rowsOf(report: Report): Row[] {
  return filesOf(report).flatMap(({ rows }) => rows);
}

/** The same, file by file. */
export function filesOf(report: Report): { readonly path: string; readonly rows: readonly Row[] }[] {
  return report.reported.map(({ document, findings }) => {
    const places = placesIn(document)(undefined);
    const path = relativePath(report.root, document.path);
    const prints = fingerprints(document.text, writtenOf(document), findings);
    return { path, rows: findings.map((finding, i) => ({ path, ...places.of(finding.at), finding, fingerprint: prints[i]! })) };
  });
}
