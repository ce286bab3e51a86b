import type { Report } from './report.ts';
import { rowsOf } from './rows.ts';

/** A table (RFC 4180) for spreadsheets. */
export function* csvReport(report: Report): Generator<string> {
  yield line(['path', 'line', 'column', 'severity', 'rule', 'message', 'fix', 'fingerprint']);
  for (const { path, start, severity, rule, message, fixes, fingerprint } of rowsOf(report)) {
    yield line([path, start.line, start.column, severity, rule, message, fixes[0]?.title ?? '', fingerprint]);
  }
}

function line(cells: readonly (string | number)[]): string {
  return `${cells.map((value) => cell(String(value))).join(',')}\r\n`;
}

/** A spreadsheet takes what begins like a formula for one, so such text is led by an apostrophe. */
function cell(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
