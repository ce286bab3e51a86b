import type { Artifact, Location, Log, Notification, PhysicalLocation, Region, ReportingDescriptor, ReportingDescriptorReference, Result, Run, Suppression, ToolComponent, VersionControlDetails } from 'sarif';
import type { Revision } from '../git-head.ts';
import { rulePage } from '../manual.ts';
import { knownRules, type RuleInfo } from '../policy/catalog.ts';
import type { Severity } from '../rules/rule.ts';
import { relativePath } from '../paths.ts';
import { jsonWithList } from './json-list.ts';
import type { Place, Report } from './report.ts';
import { completeFixes, type ReportedFile, type ReportedFinding } from './reported.ts';

/** The report for code scanning services: SARIF 2.1.0. */
export function sarifReport(report: Report): Iterable<string> {
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [runOf(report)],
  };
  return jsonWithList(log, allResults(report), (result) => result);
}

const levelOf: Readonly<Record<Severity, Result.level>> = { critical: 'error', high: 'error', medium: 'warning', low: 'note', info: 'note' };
const securitySeverity: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0', info: '0.5' };

function runOf(report: Report): Run {
  return {
    tool: {
      driver: {
        name: 'pgrampart', version: report.version, semanticVersion: report.version, language: 'en-US',
        rules: knownRules.map(descriptorOf), supportedTaxonomies: [{ name: weaknesses.name, index: 0 }],
      },
    },
    taxonomies: [weaknesses],
    invocations: [{ executionSuccessful: !report.crashed, toolExecutionNotifications: report.skipped.map((skipped) => notificationOf(report, skipped)) }],
    originalUriBaseIds: { '%SRCROOT%': { uri: fileUri(`${report.root.replace(/\/$/, '')}/`) } },
    ...(report.revision && { versionControlProvenance: [provenanceOf(report, report.revision)] }),
    artifacts: artifactsOf(report),
    columnKind: 'utf16CodeUnits',
    newlineSequences: ['\r\n', '\n', '\r'],
    results: [],
  };
}

function* allResults(report: Report): Generator<Result> {
  for (const file of report.reported) yield* resultsOf(report, file);
  for (const file of report.suppressed) yield* resultsOf(report, file, 'inSource');
  for (const file of report.accepted) yield* resultsOf(report, file, 'external');
}

/** The weaknesses that rules speak of, by their numbers in MITRE's list. */
const weaknesses: ToolComponent = {
  name: 'CWE', organization: 'MITRE', informationUri: 'https://cwe.mitre.org', isComprehensive: false,
  shortDescription: { text: 'Common Weakness Enumeration' },
  taxa: [...new Set(knownRules.flatMap(({ cwe }) => cwe))].sort((a, b) => a - b).map((id) => ({ id: String(id), name: `CWE-${id}`, helpUri: `https://cwe.mitre.org/data/definitions/${id}.html` })),
};
const indexOfWeakness: ReadonlyMap<string, number> = new Map(weaknesses.taxa!.map(({ id }, index) => [id, index]));

function weaknessOf(cwe: number): ReportingDescriptorReference {
  return { id: String(cwe), index: indexOfWeakness.get(String(cwe))!, toolComponent: { name: weaknesses.name, index: 0 } };
}

function provenanceOf(report: Report, { top, url, commit, branch }: Revision): VersionControlDetails {
  return {
    repositoryUri: url, revisionId: commit, ...(branch !== undefined && { branch }),
    // The base is a folder of this machine; where the repository lies is seen from it.
    mappedTo: top === report.root ? { uriBaseId: '%SRCROOT%' } : { uri: fileUri(`${top.replace(/\/$/, '')}/`) },
  };
}

/** The files that something is said about, each once. */
function artifactsOf(report: Report): Artifact[] {
  const byPath = new Map([...report.reported, ...report.suppressed, ...report.accepted].map((file) => [file.path, file]));
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1)).map(({ path, language }) => ({
    location: artifact(report, path), roles: ['analysisTarget'], ...(language === 'sql' && { sourceLanguage: 'sql' }),
  }));
}

function descriptorOf(rule: RuleInfo): ReportingDescriptor {
  const [reference] = rule.references;
  return {
    id: rule.id,
    name: friendlyName(rule.id),
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.why },
    help: { text: rule.why, markdown: rulePage(rule) },
    ...(reference !== undefined && { helpUri: reference }),
    ...(rule.cwe.length > 0 && { relationships: rule.cwe.map((cwe) => ({ target: weaknessOf(cwe), kinds: ['superset'] })) }),
    defaultConfiguration: { level: levelOf[rule.severity] },
    properties: {
      'security-severity': securitySeverity[rule.severity],
      tags: ['security', ...rule.cwe.map((id) => `external/cwe/cwe-${String(id).padStart(3, '0')}`)],
    },
  };
}

/** `hba/trust-any` -> `HbaTrustAny` */
function friendlyName(id: string): string {
  return id.replace(/(?:^|[/-])(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function notificationOf(report: Report, { path, reason }: Report['skipped'][number]): Notification {
  return { level: 'warning', message: { text: `Skipped: ${reason}` }, locations: [{ physicalLocation: { artifactLocation: artifact(report, path) } }] };
}

const indexOfRule: ReadonlyMap<string, number> = new Map(knownRules.map((rule, index) => [rule.id, index]));

function resultsOf(report: Report, { path, findings }: ReportedFile, silencedBy?: Suppression.kind): Result[] {
  return findings.map((finding) => ({
    ...resultOf(report, path, finding),
    ...(silencedBy && { suppressions: [{ kind: silencedBy, status: 'accepted' as const, ...(finding.reason !== undefined && { justification: finding.reason }) }] }),
  }));
}

function resultOf(report: Report, path: string, finding: ReportedFinding): Result {
  const fixes = completeFixes(finding).map(({ title, edits }) => ({
    description: { text: title },
    artifactChanges: [{
      artifactLocation: artifact(report, path),
      replacements: edits.map(({ start, end, text }) => ({ deletedRegion: region({ start, end }), insertedContent: { text } })),
    }],
  }));
  const related = finding.related.map((place, id): Location => ({
    id, message: { text: place.message }, physicalLocation: physical(report, place.path, place),
  }));
  const ruleIndex = indexOfRule.get(finding.rule);
  const cwe = ruleIndex === undefined ? [] : knownRules[ruleIndex]!.cwe;
  return {
    ruleId: finding.rule,
    ...(ruleIndex !== undefined && { ruleIndex }),
    level: levelOf[finding.severity],
    message: { text: finding.message },
    locations: [{ physicalLocation: physical(report, path, finding) }],
    ...(cwe.length > 0 && { taxa: cwe.map(weaknessOf) }),
    ...(related.length > 0 && { relatedLocations: related }),
    ...(fixes.length > 0 && { fixes }),
    partialFingerprints: { 'pgrampartFinding/v1': finding.fingerprint },
    properties: { severity: finding.severity },
  };
}

function physical(report: Report, path: string, at: Extent): PhysicalLocation {
  return { artifactLocation: artifact(report, path), region: region(at) };
}

interface Extent {
  readonly start: Place;
  readonly end: Place;
}

function region({ start, end }: Extent): Region {
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
