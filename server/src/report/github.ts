import type { Severity } from '../rules/rule.ts';
import type { Report } from './report.ts';
import { rowsOf } from './rows.ts';

/** Workflow commands of GitHub Actions, which become annotations in a pull request. */
export function* githubReport(report: Report): Generator<string> {
  for (const { path, start, end, severity, rule, message } of rowsOf(report)) {
    const place = `file=${property(path)},line=${start.line},endLine=${end.line},col=${start.column},endColumn=${end.column}`;
    yield `::${levelOf[severity]} ${place},title=${property(rule)}::${data(message)}\n`;
  }
}

const levelOf: Readonly<Record<Severity, string>> = { critical: 'error', high: 'error', medium: 'warning', low: 'notice', info: 'notice' };

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
