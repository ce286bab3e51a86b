import type { Severity } from '../rules/rule.ts';
import { type Report } from './report.ts';
import { filesOf } from './rows.ts';
import { xml } from './xml.ts';

/** Checkstyle's XML, which most build servers read. */
export function* checkstyleReport(report: Report): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n';
  for (const { path, rows } of filesOf(report)) {
    const errors = rows.map(({ start, severity, message, rule }) =>
      `    <error line="${start.line}" column="${start.column}" severity="${levelOf[severity]}" message="${xml(message)}" source="pgrampart.${xml(rule)}"/>\n`);
    yield `  <file name="${xml(path)}">\n${errors.join('')}  </file>\n`;
  }
  yield '</checkstyle>\n';
}

const levelOf: Readonly<Record<Severity, string>> = { critical: 'error', high: 'error', medium: 'warning', low: 'info', info: 'info' };
