import type { Location, Log, Notification, PhysicalLocation, Region, ReportingDescriptor, Result, Run, Suppression } from 'sarif';
import { writtenOf, type LintFinding, type Looked } from '../lint.ts';
import { rulePage } from '../manual.ts';
import { knownRules, type RuleInfo } from '../policy/catalog.ts';
import type { Severity } from '../rules/rule.ts';
import type { Span } from '../text.ts';
import { fingerprints } from '../policy/fingerprints.ts';
import { relativePath } from '../paths.ts';
import { completeFixes, placesIn, type Places, type Report } from './report.ts';

/** The report for code scanning services: SARIF 2.1.0. */
export function sarifReport(report: Report): string {
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [runOf(report)],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

const levelOf: Readonly<Record<Severity, Result.level>> = { critical: 'error', high: 'error', medium: 'warning', low: 'note', info: 'note' };
const securitySeverity: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0', info: '0.5' };

function runOf(report: Report): Run {
  return {
    tool: { driver: { name: 'pgrampart', version: report.version, semanticVersion: report.version, rules: knownRules.map(descriptorOf) } },
    invocations: [{ executionSuccessful: !report.crashed, toolExecutionNotifications: report.skipped.map((skipped) => notificationOf(report, skipped)) }],
    originalUriBaseIds: { '%SRCROOT%': { uri: fileUri(`${report.root.replace(/\/$/, '')}/`) } },
    columnKind: 'utf16CodeUnits',
    newlineSequences: ['\r\n', '\n', '\r'],
    results: [
      ...report.reported.flatMap((file) => resultsOf(report, file)),
      ...report.suppressed.flatMap((file) => resultsOf(report, file, 'inSource')),
      ...report.accepted.flatMap((file) => resultsOf(report, file, 'external')),
    ],
  };
}

function descriptorOf(rule: RuleInfo): ReportingDescriptor {
  const [reference] = rule.references;
  return {
    id: rule.id,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.why },
    help: { text: rule.why, markdown: rulePage(rule) },
    ...(reference !== undefined && { helpUri: reference }),
    defaultConfiguration: { level: levelOf[rule.severity] },
    properties: {
      'security-severity': securitySeverity[rule.severity],
      tags: ['security', ...rule.cwe.map((id) => `external/cwe/cwe-${String(id).padStart(3, '0')}`)],
    },
  };
}

function notificationOf(report: Report, { path, reason }: Report['skipped'][number]): Notification {
  return { level: 'warning', message: { text: `Skipped: ${reason}` }, locations: [{ physicalLocation: { artifactLocation: artifact(report, path) } }] };
}

const indexOfRule: ReadonlyMap<string, number> = new Map(knownRules.map((rule, index) => [rule.id, index]));

function resultsOf(report: Report, { document, findings }: Looked, silencedBy?: Suppression.kind): Result[] {
  const places = placesIn(document);
  const prints = fingerprints(document.text, writtenOf(document), findings);
  return findings.map((finding, i) => ({
    ...resultOf(report, document.path, finding, places, prints[i]!),
    ...(silencedBy && { suppressions: [{ kind: silencedBy }] }),
  }));
}

function resultOf(report: Report, path: string, finding: LintFinding, places: (path: string | undefined) => Places, print: string): Result {
  const fixes = completeFixes(finding).map(({ title, edits }) => ({
    description: { text: title },
    artifactChanges: [{
      artifactLocation: artifact(report, path),
      replacements: edits.map(({ span, text }) => ({ deletedRegion: region(places(undefined), span), insertedContent: { text } })),
    }],
  }));
  const related = finding.related.map((place, id): Location => ({
    id, message: { text: place.message }, physicalLocation: physical(report, place.path ?? path, places(place.path), place.at),
  }));
  const ruleIndex = indexOfRule.get(finding.rule);
  return {
    ruleId: finding.rule,
    ...(ruleIndex !== undefined && { ruleIndex }),
    level: levelOf[finding.severity],
    message: { text: finding.message },
    locations: [{ physicalLocation: physical(report, path, places(undefined), finding.at) }],
    ...(related.length > 0 && { relatedLocations: related }),
    ...(fixes.length > 0 && { fixes }),
    partialFingerprints: { 'pgrampartFinding/v1': print },
    properties: { severity: finding.severity },
  };
}

function physical(report: Report, path: string, places: Places, at: Span): PhysicalLocation {
  return { artifactLocation: artifact(report, path), region: region(places, at) };
}

function region(places: Places, span: Span): Region {
  const { start, end } = places.of(span);
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

/** Relative to the root where the file lies in it, otherwise the whole address. */
function artifact(report: Report, path: string): PhysicalLocation['artifactLocation'] & object {
  const relative = relativePath(report.root, path);
  if (relative.startsWith('../') || relative === path && /^([A-Za-z]:)?\//.test(path)) return { uri: fileUri(path) };
  return { uri: encodePath(relative), uriBaseId: '%SRCROOT%' };
}

function fileUri(path: string): string {
  return `file://${path.startsWith('/') ? '' : '/'}${encodePath(path)}`;
}

function encodePath(path: string): string {
  return path.split('/').map((part) => encodeURIComponent(part.toWellFormed())).join('/').replace(/^([A-Za-z])%3A\//, '$1:/');
}
