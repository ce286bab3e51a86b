import { knownRules } from '../policy/catalog.ts';
import type { Severity } from '../rules/rule.ts';
import { jsonWithList } from './json-list.ts';
import type { Report } from './report.ts';
import { rowsOf, type Row } from './rows.ts';

/** GitLab's Code Quality report. */
export function gitlabCodeQualityReport(report: Report): Iterable<string> {
  return jsonWithList([], rowsOf(report), problemOf);
}

function problemOf({ path, start, end, severity, rule, message, fingerprint }: Row): object {
  return {
    description: message,
    check_name: rule,
    fingerprint: `${fingerprint}:${path}`,
    severity: qualityOf[severity],
    location: { path, lines: { begin: start.line, end: end.line } },
  };
}

const qualityOf: Readonly<Record<Severity, string>> = { critical: 'blocker', high: 'critical', medium: 'major', low: 'minor', info: 'info' };

/** GitLab's SAST report, schema 15. It wants a time, of which only the day is known. */
export function gitlabSastReport(report: Report): Iterable<string> {
  const time = `${report.today}T00:00:00`;
  const tool = { id: 'pgrampart', name: 'pgrampart', version: report.version, vendor: { name: 'pgrampart' } };
  const content = {
    version: '15.2.1',
    scan: { analyzer: tool, scanner: tool, type: 'sast', status: report.crashed ? 'failure' : 'success', start_time: time, end_time: time },
    vulnerabilities: [],
  };
  return jsonWithList(content, rowsOf(report), vulnerabilityOf);
}

function vulnerabilityOf({ path, start, end, severity, rule, message, fixes: [fix], fingerprint }: Row): object {
  return {
    id: `${fingerprint}:${path}`,
    name: titles.get(rule) ?? rule,
    description: message,
    severity: sastOf[severity],
    ...(fix && { solution: fix.title }),
    identifiers: [
      { type: 'pgrampart_rule', name: rule, value: rule },
      ...(cwes.get(rule) ?? []).map((id) => ({ type: 'cwe', name: `CWE-${id}`, value: String(id), url: `https://cwe.mitre.org/data/definitions/${id}.html` })),
    ],
    ...(links.get(rule)?.length && { links: links.get(rule)!.map((url) => ({ url })) }),
    location: { file: path, start_line: start.line, end_line: end.line },
  };
}

const sastOf: Readonly<Record<Severity, string>> = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low', info: 'Info' };
const titles = new Map(knownRules.map(({ id, title }) => [id, title]));
/** A reference need not be a link, and GitLab refuses the whole report for a link that is none. */
const links = new Map(knownRules.map(({ id, references }) => [id, references.filter((reference) => /^https?:\/\//.test(reference))]));
const cwes = new Map(knownRules.map(({ id, cwe }) => [id, cwe]));
