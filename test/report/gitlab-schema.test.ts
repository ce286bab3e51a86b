import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import type { Report } from '../../server/src/report/report.ts';
import { knownRules } from '../../server/src/policy/catalog.ts';
import { reportedFile } from '../../server/src/report/reported.ts';
import { at, documentOf, finding, reportOf, written } from './sample.ts';

const text = { type: 'string', minLength: 1 };
const link = { type: 'string', pattern: '^https?://.+' };
const line = { type: 'integer', minimum: 1 };
const time = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$' };
const object = (needed: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  ({ type: 'object', required: Object.keys(needed), properties: { ...needed, ...more }, additionalProperties: false });
const list = (items: unknown, more: Record<string, unknown> = {}) => ({ type: 'array', items, ...more });
const program = object({ id: text, name: text, version: text, vendor: object({ name: text }) }, { url: link });

/** Of what the schema of GitLab's SAST reports (15.0.2 and later) demands, the fields that we write, and no others. */
const sast = object({
  version: { type: 'string', pattern: '^15\\.\\d+\\.\\d+$' },
  scan: object({ analyzer: program, scanner: program, type: { const: 'sast' }, status: { enum: ['success', 'failure'] }, start_time: time, end_time: time }),
  vulnerabilities: list(object({
    id: text, location: object({ file: text, start_line: line, end_line: line }),
    identifiers: list(object({ type: text, name: text, value: text }, { url: link }), { minItems: 1, maxItems: 20 }),
  }, {
    name: { ...text, maxLength: 255 }, description: { type: 'string', maxLength: 1_048_576 }, solution: { ...text, maxLength: 7000 },
    severity: { enum: ['Info', 'Unknown', 'Low', 'Medium', 'High', 'Critical'] }, links: list(object({ url: link }, { name: text })),
  })),
});

/** https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
const codeQuality = list(object({
  description: text, check_name: text, fingerprint: text, severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
  location: object({ path: { type: 'string', pattern: '^(?!/|\\./)' }, lines: object({ begin: line }, { end: line }) }),
}));

const content = 'select WORD\nend';
const document = documentOf('/project/my dir/a.sql', content);
const fixes = [{ title: 'Remove it', safety: 'safe' as const, edits: [{ span: at(content, 'WORD'), text: '' }] }];
const ofEveryRule = knownRules.map(({ id, severity }) => finding(content, 'WORD', { rule: id, severity, fixes }));

for (const [format, schema] of [['gitlab-sast', sast], ['gitlab-codequality', codeQuality]] as const) {
  const conforms = new Ajv({ allErrors: true }).compile(schema);
  const errors = (report: Report) => {
    conforms(JSON.parse(written(format, report)));
    return conforms.errors ?? [];
  };

  test(`${format} is as GitLab demands`, () => {
    expect(errors(reportOf(document, []))).toEqual([]);
    expect(errors(reportOf(document, ofEveryRule))).toEqual([]);
    expect(errors(reportOf(document, ofEveryRule, { crashed: true }))).toEqual([]);
  });

  test(`${format} tells problems apart`, () => {
    const twice = documentOf('/project/b.sql', content);
    const report = { ...reportOf(document, ofEveryRule), reported: [document, twice].map((one) => reportedFile(one, ofEveryRule)) };
    const all = JSON.parse(written(format, report)) as any;
    const ids = (all.vulnerabilities ?? all).map(({ id, fingerprint }: Record<string, string>) => id ?? fingerprint) as string[];
    expect(new Set(ids).size).toBe(2 * knownRules.length);
  });
}

test('the schemas notice what is wrong', () => {
  expect(new Ajv().compile(sast)({ ...JSON.parse(written('gitlab-sast', reportOf(document, ofEveryRule))), scan: undefined })).toBe(false);
  expect(new Ajv().compile(codeQuality)([{ description: 'x' }])).toBe(false);
});
