import { relativePath } from '../paths.ts';
import type { Report } from './report.ts';
import type { ReportedFinding } from './reported.ts';

/** A finding with the path of its file as it is shown. */
export interface Row extends ReportedFinding {
  readonly path: string;
}

/** For formats that are lists, which take one after the other. */
export function* rowsOf(report: Report): Generator<Row> {
  for (const { rows } of filesOf(report)) yield* rows;
}

/** The same, file by file. */
export function* filesOf(report: Report): Generator<{ readonly path: string; readonly rows: readonly Row[] }> {
  for (const file of report.reported) {
    const path = relativePath(report.root, file.path);
    yield { path, rows: file.findings.map((finding) => ({ ...finding, path })) };
  }
}
