import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { supportedVersions } from '../../server/src/document.ts';
import { regexError } from '../../server/src/syntax/regex.ts';
import { amount } from '../amount.ts';
import { startOracle, type Oracle } from './ask.ts';

const pieces = [
  'a', '.', '*', '+', '?', '(', ')', '(?:', '(?=', '(?!', '(?<=', '(?<!', '(?<', '[', ']', '[^', '^', '$', '|', '{', '}', '{2}', '{1,3}', '{3,1}', '{,2}', '{2', '{1,', '{256}', '\\', '\\1', '\\2', '\\9', '\\10',
  '\\d', '\\D', '\\y', '\\m', '\\s', '\\w', '\\W', '\\x41', '\\x', '\\A', '\\Z', '\\0', '\\018', '\\u0041', '\\u004', '\\c', '\\B', '\\Q', '\\e', '\\8', '\\800', '\\777', '\\\u0161', '\u0161', '\u{1f600}',
  '[:alpha:]', '[[:alpha:]]', '[[:nosuch:]]', '[[:word:]]', '[a-z]', '[z-a]', '[a-]', '[-a]', '[a-b-c]', '[[.a.]]', '[[=a=]]', '[[.-.]]', '[[:<:]]', '[\\d-z]', '[a-\\d]', '[\\w-]', '[--/]', '[%--]', '[\\B-z]', '[]-\\B]', '[\\t-\\n]', '[\\n-\\t]', '[\\x41-\\x40]', '[\\101-\\100]', '[\\cA-\\c@]', '[\\e-\\v]', '[]', '[]a]', '[^]]', '[\\]]', '[[]', '[a[:digit:]', '[.', '.]', '=]', ':]',
  '*?', '+?', '??', '(?i)', '***:', '***=', '***', '(?#x)', '(?z)', '(?', '-', ' ', '(a)', '()', '"',
  ...['NUL', 'SOH', 'alert', 'BS', 'VT', 'form-feed', 'SI', 'DC4', 'NAK', 'EM', 'IS4', 'FS', 'US', 'space', 'number-sign', 'apostrophe', 'asterisk', 'hyphen', 'hyphen-minus', 'full-stop', 'solidus', 'seven', 'commercial-at', 'reverse-solidus', 'low-line', 'left-curly-bracket', 'tilde', 'DEL', 'Space', 'nosuch', 'ch'].flatMap((name) => [`[[.${name}.]]`, `[[=${name}=]]`]),
];

describe.each(supportedVersions)('regular expressions and PostgreSQL %i', (version) => {
  let oracle: Oracle;
  beforeAll(async () => {
    oracle = await startOracle(version);
    await oracle.client.query("create function refusal(p text) returns text language plpgsql as $$ begin perform 'x' ~ p; return null; exception when others then return sqlerrm; end $$");
  });
  afterAll(async () => { await oracle?.stop(); });

  test('the same ones are accepted', async () => {
    const batch = fc.array(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')), { minLength: 1, maxLength: 200, size: 'max' });
    await fc.assert(fc.asyncProperty(batch, async (patterns) => {
      const { rows } = await oracle.client.query<{ pattern: string; error: string | null }>('select pattern, refusal(pattern) as error from unnest($1::text[]) as pattern', [[...pieces, ...patterns]]);
      const found = rows.filter(({ pattern, error }) => (regexError(pattern, version) === undefined) !== (error === null));
      expect(found.map(({ pattern, error }) => ({ pattern, ours: regexError(pattern, version), error }))).toEqual([]);
    }), amount(10, 500));
  });
});
