import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
// The schema of OASIS as in @microsoft/jest-sarif 1.0.0-beta.0 (MIT).
import schema from './sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { reportedFile } from '../../server/src/report/reported.ts';
import { at, documentOf, finding, reportOf, written } from './sample.ts';

// The schema is of draft 4, which names itself by `id`; nothing else in it differs from what ajv reads.
const { id: _id, $schema: _draft, ...draft } = schema as Record<string, unknown>;
const conforms = new Ajv({ strict: false, unicodeRegExp: false, validateFormats: false, allErrors: true }).compile(draft);

const text = 'select é WORD\r\nend';
const document = documentOf('/project/my dir/a#b.sql', text);
const full = [finding(text, 'WORD', {
  rule: 'sql/security-definer-search-path', reason: 'reviewed',
  related: [{ at: at(text, 'end'), message: 'It ends here' }],
  fixes: [{ title: 'Remove it', safety: 'safe', edits: [{ span: at(text, 'WORD'), text: '' }] }],
})];

test.each([
  ['nothing', reportOf(document, [])],
  ['a finding with everything', reportOf(document, full)],
  ['what is silenced and accepted', reportOf(document, [], { suppressed: [reportedFile(document, full)], accepted: [reportedFile(document, full)] })],
  ['a repository', reportOf(document, full, { revision: { top: '/project', url: 'https://example.com/a/b', commit: 'a'.repeat(40), branch: 'main' } })],
  ['a failure and skipped files', reportOf(document, [], { crashed: true, skipped: [{ path: '/elsewhere/ü.sql', reason: 'not a text file' }] })],
])('SARIF of %s is as the schema of OASIS demands', (_, report) => {
  conforms(JSON.parse(written('sarif', report)));
  expect(conforms.errors ?? []).toEqual([]);
});

test('the schema notices what is wrong', () => {
  expect(conforms({ ...JSON.parse(written('sarif', reportOf(document, full))) as object, version: '2.0.0' })).toBe(false);
});
