import type { Report } from './report.ts';
import { rowsOf } from './rows.ts';

/** A table (RFC 4180) for spreadsheets. */
export function csvReport(report: Report): string {
  const rows = rowsOf(report).map(({ path, start, finding, fingerprint }) => [path, start.line, start.column, finding.severity, finding.rule, finding.message, finding.fixes[0]?.title ?? '', fingerprint]);
  return [['path', 'line', 'column', 'severity', 'rule', 'message', 'fix', 'fingerprint'], ...rows].map((cells) => `${cells.map((value) => cell(String(value))).join(',')}\r\n`).join('');
}

/** A spreadsheet takes what begins like a formula for one, so such text is led by an apostrophe. */
function cell(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
