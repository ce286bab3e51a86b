import type { Log } from 'sarif';
import { expect, test } from 'vitest';
import { knownRules } from '../../server/src/policy/catalog.ts';
import type { Report } from '../../server/src/report/report.ts';
import { reportedFile } from '../../server/src/report/reported.ts';
import { at, documentOf, finding, reportOf, written } from './sample.ts';

const runOf = (report: Report) => (JSON.parse(written('sarif', report)) as Log).runs[0]!;

test('describes every rule', () => {
  const { rules } = runOf(reportOf(documentOf('/project/a.sql', ''), [])).tool.driver;
  expect(rules!.map((rule) => rule.id)).toEqual(knownRules.map((rule) => rule.id));
  const severities: Record<string, string> = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0', info: '0.5' };
  for (const [index, rule] of rules!.entries()) {
    expect(rule.help!.markdown).toContain(rule.id);
    expect(rule.properties!['security-severity']).toBe(severities[knownRules[index]!.severity]);
    expect(rule.properties!.tags).toContain('security');
    if (rule.helpUri !== undefined) expect(rule.helpUri).toMatch(/^https:\/\//);
  }
});

test('says where, what else and how to fix it', () => {
  const text = '\ufeffselect é WORD\r\nend';
  const document = documentOf('/project/my dir/a#b.sql', text);
  const run = runOf(reportOf(document, [finding(text, 'WORD', {
    related: [{ at: at(text, 'end'), message: 'It ends here' }],
    fixes: [
      { title: 'Remove it', safety: 'safe', edits: [{ span: at(text, 'WORD'), text: '' }] },
      { title: 'Fill in', safety: 'review', edits: [{ span: at(text, 'WORD'), text: 'y', placeholders: [{ start: 0, end: 1 }] }] },
    ],
  })]));
  const [result] = run.results!;
  const region = { startLine: 1, startColumn: 10, endLine: 1, endColumn: 14 };
  const artifactLocation = { uri: 'my%20dir/a%23b.sql', uriBaseId: '%SRCROOT%' };
  expect(run.columnKind).toBe('utf16CodeUnits');
  expect(run.originalUriBaseIds).toEqual({ '%SRCROOT%': { uri: 'file:///project/' } });
  expect(run.tool.driver.rules![result!.ruleIndex!]!.id).toBe(result!.ruleId);
  expect(result!.level).toBe('error');
  expect(result!.locations).toEqual([{ physicalLocation: { artifactLocation, region } }]);
  expect(result!.relatedLocations).toMatchObject([{ message: { text: 'It ends here' }, physicalLocation: { region: { startLine: 2, startColumn: 1 } } }]);
  expect(result!.fixes).toEqual([{ description: { text: 'Remove it' }, artifactChanges: [{ artifactLocation, replacements: [{ deletedRegion: region, insertedContent: { text: '' } }] }] }]);
});

test('a finding keeps its fingerprint when lines are added above, and twins differ', () => {
  const prints = (text: string, ...spans: number[]) => runOf(reportOf(documentOf('/project/a.sql', text), spans.map((start) => finding(text, 'x', { at: { start, end: start + 1 } }))))
    .results!.map((result) => result.partialFingerprints!['pgrampartFinding/v1']);
  const [one, two] = prints('drop x;\ndrop x;', 5, 13);
  expect(one).not.toBe(two);
  expect(prints('-- new\n\ndrop  x;', 14)).toEqual([one]);
  expect(prints('drop xy;', 5)).not.toEqual([one]);
});

test('names what was skipped and whether something failed', () => {
  const document = documentOf('/project/a.sql', '');
  const [invocation] = runOf(reportOf(document, [], { crashed: true, skipped: [{ path: '/etc/b.sql', reason: 'not a text file' }] })).invocations!;
  expect(invocation!.executionSuccessful).toBe(false);
  expect(invocation!.toolExecutionNotifications).toMatchObject([
    { level: 'warning', message: { text: 'Skipped: not a text file' }, locations: [{ physicalLocation: { artifactLocation: { uri: 'file:///etc/b.sql' } } }] },
  ]);
  expect(runOf(reportOf(document, [])).invocations![0]!.executionSuccessful).toBe(true);
});

test('rules and findings name the weaknesses that they are cases of', () => {
  const text = 'x';
  const run = runOf(reportOf(documentOf('/project/a.sql', text), [finding(text, 'x', { rule: 'hba/trust-any' })]));
  const [taxonomy] = run.taxonomies!;
  expect(run.tool.driver.supportedTaxonomies).toEqual([{ name: 'CWE', index: 0 }]);
  const named = (reference: { id?: string; index?: number; toolComponent?: unknown }) => {
    expect(reference.toolComponent).toEqual({ name: 'CWE', index: 0 });
    expect(taxonomy!.taxa![reference.index!]!.id).toBe(reference.id);
    return Number(reference.id);
  };
  for (const [index, rule] of run.tool.driver.rules!.entries()) expect((rule.relationships ?? []).map(({ target }) => named(target))).toEqual(knownRules[index]!.cwe);
  expect(run.results![0]!.taxa!.map(named)).toEqual(knownRules.find(({ id }) => id === 'hba/trust-any')!.cwe);
  expect(new Set(run.tool.driver.rules!.map(({ name }) => name)).size).toBe(knownRules.length);
});

test('names each file once, and the repository where it is known', () => {
  const text = 'x y';
  const [a, b] = [documentOf('/project/db/a.sql', text), documentOf('/project/b.sql', text)];
  const files = [reportedFile(a, [finding(text, 'x')]), reportedFile(b, [finding(text, 'x')])];
  const revision = { top: '/project', url: 'https://example.com/a/b', commit: 'a'.repeat(40), branch: 'main' };
  const report = reportOf(a, [], { reported: files, suppressed: files, accepted: files, revision });
  expect(runOf(report).artifacts!.map(({ location }) => location!.uri)).toEqual(['b.sql', 'db/a.sql']);
  expect(runOf(report).versionControlProvenance).toEqual([{ repositoryUri: 'https://example.com/a/b', revisionId: 'a'.repeat(40), branch: 'main', mappedTo: { uriBaseId: '%SRCROOT%' } }]);
  expect(runOf({ ...report, root: '/project/db' }).versionControlProvenance![0]!.mappedTo).toEqual({ uri: 'file:///project/' });
  expect(runOf(reportOf(a, [])).versionControlProvenance).toBeUndefined();
});

test('says why a comment silences a finding', () => {
  const text = 'x';
  const document = documentOf('/project/a.sql', text);
  const run = runOf(reportOf(document, [], { suppressed: [reportedFile(document, [finding(text, 'x', { reason: 'reviewed in 2025' }), finding(text, 'x')])] }));
  expect(run.results!.map(({ suppressions }) => suppressions)).toEqual([
    [{ kind: 'inSource', status: 'accepted', justification: 'reviewed in 2025' }], [{ kind: 'inSource', status: 'accepted' }],
  ]);
});
