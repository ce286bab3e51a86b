import type { LintFinding } from '../lint.ts';
import { fingerprints } from './fingerprints.ts';
import { placesIn, relativePath, type Place, type Report } from './report.ts';

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
  return report.reported.flatMap(({ document, findings }) => {
    const places = placesIn(document)(undefined);
    const path = relativePath(report.root, document.path);
    const prints = fingerprints(document.text, findings);
    return findings.map((finding, i) => ({ path, ...places.of(finding.at), finding, fingerprint: prints[i]! }));
  });
}
