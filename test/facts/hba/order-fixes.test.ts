import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noFiles } from '../../../server/src/document.ts';
import { lint } from '../../../server/src/lint.ts';
import { parseHba } from '../../../server/src/syntax/hba.ts';
import { applyEdits, type Span } from '../../../server/src/text.ts';
import { files, firstOf, kindsOfClients, lineOf, type Words, type World } from '../hba-clients.ts';

/** A world written with comments, blank lines, continuations and either line end. */
const written = fc.tuple(
  files(6), fc.array(fc.constantFrom('', '# about the next\n', '\n', '# heading\n\n'), { minLength: 7, maxLength: 7 }), fc.boolean(), fc.boolean(), fc.boolean(),
).map(([world, between, crlf, ended, broken]) => {
  const lines = world.records.map((record, i) => `${between[i]}${lineOf(record).replace(broken && i % 2 === 1 ? ' ' : /$^/, ' \\\n  ')}`);
  const text = lines.join('\n') + (ended ? `\n${between[6]}` : '');
  return { world, text: crlf ? text.replaceAll('\n', '\r\n') : text };
});

/** What the first record that takes a client says, in the text before and after a fix. */
interface Change {
  readonly before: Words | undefined;
  readonly after: Words | undefined;
}

const strengths = ['trust', 'password', 'md5', 'scram-sha-256'];
const isWeaker = ({ before, after }: Change) => before !== undefined && before.method !== 'reject' && strengths.indexOf(before.method) < strengths.indexOf(after?.method ?? '');
const isNewlyRejected = ({ before, after }: Change) => before !== undefined && before.method !== 'reject' && after?.method === 'reject';

describe.each([
  ['hba/unreachable-rule', 'none', () => false],
  ['hba/rules-after-reject-all', 'none', () => false],
  ['hba/weaker-rule-first', 'own', isWeaker],
  ['hba/overlap-weaker-first', 'own', isWeaker],
  ['hba/reject-after-allow', 'own', isNewlyRejected],
  ['hba/reject-ipv4-only', 'some', isNewlyRejected],
  ['hba/reject-all-not-replication', 'some', isNewlyRejected],
] as const)('the first fix of %s', (rule, changes, isPromised) => {
  test('changes what it promises and nothing else', () => {
    let made = 0;
    fc.assert(fc.property(written, ({ world, text }) => {
      for (const { at, fixes } of findingsOf(rule, text)) {
        if (!fixes[0]) continue;
        made++;
        const fixed = applyEdits(text, fixes[0].edits);
        const before = recordsOf(text);
        const after = recordsOf(fixed);
        expect(commentsOf(fixed)).toEqual(commentsOf(text));
        expect(fixed.replaceAll('\r\n', '').includes('\r')).toBe(false);
        if (text.includes('\r\n')) expect(fixed.replaceAll('\r\n', '').includes('\n')).toBe(false);
        const reported = before.find(({ span }) => span.start <= at.start && at.end <= span.end)!;
        const differing = changesOf(world, before.map(({ words }) => words), after.map(({ words }) => words));
        for (const change of differing) {
          expect(isPromised(change), JSON.stringify(change)).toBe(true);
          if (changes === 'own') expect(lineOf(change.after!)).toBe(lineOf(reported.words));
        }
        if (changes !== 'none') expect(differing.length).toBeGreaterThan(0);
        if (before.filter(({ words }) => lineOf(words) === lineOf(reported.words)).length > 1) continue;
        const again = findingsOf(rule, fixed).map((finding) => fixed.slice(finding.at.start, finding.at.end));
        if (changes !== 'some') expect(again).not.toContain(text.slice(at.start, at.end));
      }
    }), { numRuns: changes === 'some' ? 5000 : 500, seed: 20261125 });
    expect(made).toBeGreaterThan(2);
  });
});

function findingsOf(rule: string, text: string) {
  const onCrash = (_: string, error: unknown) => { throw error; };
  return lint({ path: 'pg_hba.conf', text, language: 'hba', version: 18, files: noFiles }, { only: rule, onCrash }).findings;
}

function recordsOf(text: string): { words: Words; span: Span }[] {
  const { lines, records } = parseHba(text, 18);
  expect(records.length).toBe(lines.length);
  return records.map((record) => {
    const [type, databases, users, ...rest] = record.fields.map((tokens) => tokens.map(({ span }) => text.slice(span.start, span.end)));
    const columns = rest.map(([word]) => word!);
    return { words: { type: type![0]!, databases: databases!, users: users!, ...(columns.length > 1 && { address: columns.slice(0, -1) }), method: columns.at(-1)! }, span: record.span };
  });
}

function commentsOf(text: string): string[] {
  return parseHba(text, 18).comments.map(({ start, end }) => text.slice(start, end)).sort();
}

/** What differs for some client. Whom no record takes is rejected too. */
function changesOf({ at }: World, before: readonly Words[], after: readonly Words[]): Change[] {
  const own = (1 << before.length) - 1;
  return kindsOfClients({ at, records: [...before, ...after] }, 18)
    .map((set) => ({ before: before[firstOf(set & own)], after: after[firstOf(set >> before.length)] }))
    .filter((change) => (change.before?.method ?? 'reject') !== (change.after?.method ?? 'reject'));
}
