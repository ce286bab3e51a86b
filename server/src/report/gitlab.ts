import { knownRules } from '../policy/catalog.ts';
import type { Severity } from '../rules/rule.ts';
import type { Report } from './report.ts';
import { rowsOf } from './rows.ts';

/** GitLab's Code Quality report. */
export function gitlabCodeQualityReport(report: Report): string {
  const problems = rowsOf(report).map(({ path, start, end, finding, fingerprint }) => ({
    description: finding.message,
    check_name: finding.rule,
    fingerprint: `${fingerprint}:${path}`,
    severity: qualityOf[finding.severity],
    location: { path, lines: { begin: start.line, end: end.line } },
  }));
  return `${JSON.stringify(problems, null, 2)}\n`;
}

const qualityOf: Readonly<Record<Severity, string>> = { critical: 'blocker', high: 'critical', medium: 'major', low: 'minor', info: 'info' };

/** GitLab's SAST report, schema 15. It wants a time, of which only the day is known. */
export function gitlabSastReport(report: Report): string {
  const time = `${report.today}T00:00:00`;
  const tool = { id: 'pgrampart', name: 'pgrampart', version: report.version, vendor: { name: 'pgrampart' } };
  const content = {
    version: '15.2.1',
    scan: { analyzer: tool, scanner: tool, type: 'sast', status: report.crashed ? 'failure' : 'success', start_time: time, end_time: time },
    vulnerabilities: rowsOf(report).map(({ path, start, end, finding, fingerprint }) => ({
      id: `${fingerprint}:${path}`,
      name: titles.get(finding.rule) ?? finding.rule,
      description: finding.message,
      severity: sastOf[finding.severity],
      ...(finding.fixes[0] && { solution: finding.fixes[0].title }),
      identifiers: [
        { type: 'pgrampart_rule', name: finding.rule, value: finding.rule },
        ...(cwes.get(finding.rule) ?? []).map((id) => ({ type: 'cwe', name: `CWE-${id}`, value: String(id), url: `https://cwe.mitre.org/data/definitions/${id}.html` })),
      ],
      ...(links.get(finding.rule)?.length && { links: links.get(finding.rule)!.map((url) => ({ url })) }),
      location: { file: path, start_line: start.line, end_line: end.line },
    })),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

const sastOf: Readonly<Record<Severity, string>> = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low', info: 'Info' };
const titles = new Map(knownRules.map(({ id, title }) => [id, title]));
/** A reference need not be a link, and GitLab refuses the whole report for a link that is none. */
const links = new Map(knownRules.map(({ id, references }) => [id, references.filter((reference) => /^https?:\/\//.test(reference))]));
const cwes = new Map(knownRules.map(({ id, cwe }) => [id, cwe]));
