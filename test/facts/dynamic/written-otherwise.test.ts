import { beforeAll, describe, expect, it } from 'vitest';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import type { LexMode, Token } from '../../../server/src/syntax/sql/lexer.ts';
import { lex } from '../../../server/src/syntax/sql/lexer.ts';
import { attacks, toldOf } from '../../oracle/dynamic-sql/attacks.ts';

beforeAll(loadPostgresFromDisk);

/** Texts that PostgreSQL reads as the same statement: what is told of them has to be the same. */
describe.each<[string, (text: string) => string]>([
  ['in capitals', (text) => written(text, { word: (word) => word.toUpperCase() })],
  ['with line ends of Windows', (text) => written(text, { gap: (gap) => gap.replaceAll('\n', '\r\n') })],
  ['with a word on every line', (text) => written(text, { gap: (gap) => `\n\t ${gap}\n` })],
  ['with comments', (text) => written(text, { gap: (gap, at) => (at % 3 === 0 ? ` /* it's ; a 'note' */ ${gap}` : gap) })],
  ['with comments elsewhere', (text) => written(text, { gap: (gap, at) => (at % 3 === 1 ? ` /* it's ; a 'note' */ ${gap}` : gap) })],
  ['with comments at other places', (text) => written(text, { gap: (gap, at) => (at % 3 === 2 ? ` /* it's ; a 'note' */ ${gap}` : gap) })],
  ['with a comment behind every word', (text) => written(text, { gap: (gap) => ` -- THEN it's ; RETURN\n${gap}` })],
  ['with names in quotes', (text) => written(text, { word: (word) => renamed[word.toLowerCase()] ?? word })],
  ['with another tag', (text) => text.replaceAll('$$', '$body_1$')],
  ['as a dump writes headers', asDump],
])('the attacks %s', (_, rewritten) => {
  it.each(attacks.filter(({ id }) => !changed.has(id)).map((one) => [one.id, one] as const))('%s', (_id, one) => {
    const told = toldOf({ ...one, files: one.files.map(rewritten), told: [] });
    const levels = (all: readonly string[]) => all.map((each) => each.slice(0, each.indexOf(' ')));
    expect(levels(told)).toEqual(levels(one.told));
  });
});

const renamed: Readonly<Record<string, string>> = { p: '"theParameter"', v: '"theValue"', q: '"theQuery"' };

/** `ß` has no capital of one letter, psql takes the line of its command, and a column in a literal is called as before. */
const changed = new Set(['name with accents', 'function made by psql', 'executed select into']);

/** `gap`: what stands between two tokens, with their number; where nothing does, nothing may. Bodies in dollar quotes are code as well. */
function written(text: string, { word = (same) => same, gap = (same) => same }: { word?: (word: string) => string; gap?: (gap: string, at: number) => string }, mode: LexMode = 'script'): string {
  let last = 0;
  const pieces = lex(text, mode).map((token, at) => {
    const before = text.slice(last, token.start);
    last = token.end;
    return (before === '' || at === 0 ? before : gap(before, at)) + (token.kind === 'dollar' ? bodyOf(token) : token.kind === 'word' ? word(text.slice(token.start, token.end)) : text.slice(token.start, token.end));
  });
  return pieces.join('') + text.slice(last);

  function bodyOf({ start, end }: Token): string {
    const [tag] = /^\$\w*\$/.exec(text.slice(start, end))!;
    return tag + written(text.slice(start + tag.length, end - tag.length), { word, gap }, 'body') + tag;
  }
}

/** `CREATE FUNCTION "app"."f"("x" "text") RETURNS "void" LANGUAGE "plpgsql"` */
function asDump(text: string): string {
  return text.replace(/CREATE (OR REPLACE )?(FUNCTION|PROCEDURE) ((?:\w+\.)?\w+)\(([^()]*)\)/g, (_, replace: string | undefined, kind: string, name: string, parameters: string) => {
    const quoted = parameters.split(',').map((one) => one.replace(/^(\s*(?:(?:OUT|INOUT|IN|VARIADIC) )?)(\w+) (text|name|regclass|json|jsonb|uuid)\b/, '$1"$2" "$3"'));
    return `CREATE ${replace ?? ''}${kind} ${name.split('.').map((part) => `"${part}"`).join('.')}(${quoted.join(',')})`;
  }).replace(/RETURNS (text|void|regclass|trigger)\b/g, 'RETURNS "$1"').replace(/LANGUAGE (plpgsql|sql)\b/g, 'LANGUAGE "$1"').replaceAll("'::text", `'::"text"`);
}
