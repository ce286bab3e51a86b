import fc from 'fast-check';

const word = fc.constantFrom('m', 'a', 'all', '"all"', '+r', '"+r"', '/^(.*)$', '/(', '"/a b"', '\\1', 'a\\1', '""', '"a b"', 'a,b', 'a,', '"', 'a"b"', '\u00fc', '/[a-]', '/a{2', "'x'", '+', '/');
const space = fc.constantFrom(' ', ' ', '\t', '  ', ' ,', ',', '\r');
const ending = fc.constantFrom('', '', '', ' # c', '#', ' \\', '\\', '\r', ' ');

const entry = fc.tuple(fc.array(word, { maxLength: 5 }), space, ending).map(([words, between, end]) => words.join(between) + end);
const rubbish = fc.array(fc.constantFrom('m', ' ', ',', '"', '\\', '#', '/', '(', ')', '\t', '\r', '\u00e9', '\u00a0', '\f', '+'), { maxLength: 12 }).map((parts) => parts.join(''));

/** A pg_ident.conf of up to a hundred lines. Includes, `@file` and templates are for the cases by hand. */
export const identText = fc.array(fc.oneof({ weight: 4, arbitrary: entry }, { weight: 1, arbitrary: rubbish }), { maxLength: 100, size: 'max' }).map((lines) => lines.join('\n'));
