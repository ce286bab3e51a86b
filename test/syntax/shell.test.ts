import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amount } from '../amount.ts';
import { decodeQuoted } from '../../server/src/syntax/conf-tokens.ts';
import { undecoded } from '../../server/src/syntax/decoded.ts';
import { parseShell } from '../../server/src/syntax/shell.ts';

function read(raw: string) {
  return parseShell(decodeQuoted(raw, 0)).map(({ words, assignments, outputs }) => ({
    words: words.map(({ text }) => text),
    ...(assignments.length > 0 && { assignments: assignments.map(({ name, value }) => `${name}: ${value}`) }),
    ...(outputs.length > 0 && { outputs: outputs.map(({ text }) => text) }),
  }));
}

test('simple commands, with what stands between them', () => {
  expect(read(`'test ! -f /wal/%f && LANG=C cp "%p" /wal/%f || (exit 1); true'`)).toEqual([
    { words: ['test', '!', '-f', '/wal/%f'] },
    { words: ['cp', '%p', '/wal/%f'], assignments: ['LANG: C'] },
    { words: ['exit', '1'] },
    { words: ['true'] },
  ]);
});

test('redirections', () => {
  expect(read(`'gzip < %p > "/wal/%f.gz" 2>>/var/log/x 2>&1 &>all'`)).toEqual([{ words: ['gzip', '%p'], outputs: ['/wal/%f.gz', '/var/log/x', 'all'] }]);
});

test('quotes inside words, and quotes of the file around them', () => {
  const raw = String.raw`'scp \'a b\'"c d"\\ e %p'`;
  const [command] = parseShell(decodeQuoted(raw, 0));
  expect(command!.words.map(({ text }) => text)).toEqual(['scp', 'a bc d e', '%p']);
  expect(command!.words.map(({ span }) => raw.slice(span.start, span.end))).toEqual(['scp', String.raw`\'a b\'"c d"\\ e`, '%p']);
});

test('in double quotes a backslash stays unless it escapes something', () => {
  const [command] = parseShell(undecoded(String.raw`cp "a\ b" "c\"d" \e`, 0));
  expect(command!.words.map(({ text }) => text)).toEqual(['cp', String.raw`a\ b`, 'c"d', 'e']);
});

test('rubbish of any kind comes to an end, with spans inside the text', () => {
  const letters = fc.constantFrom('a', ' ', '\t', '\r', '\f', '\v', '\n', '\u00a0', "'", '"', '\\', '$(', '$', '`', ')', '(', '<', '>', '&', '|', ';', '#', '2', 'sh -c ', '=', '\ud83d');
  fc.assert(fc.property(fc.array(letters, { maxLength: 30 }).map((all) => all.join('')), (text) => {
    for (const { words, outputs, assignments } of parseShell(undecoded(text, 0))) {
      for (const { span } of [...words, ...outputs, ...assignments]) {
        expect(span.start).toBeLessThanOrEqual(span.end);
        expect(span.end).toBeLessThanOrEqual(text.length);
      }
    }
  }), amount(2000, 50_000));
});

test('commands inside commands keep their places', () => {
  const raw = `'bash -lc "curl -u x:$(cat /pw) %p | gzip"'`;
  const commands = parseShell(decodeQuoted(raw, 0));
  expect(commands.map(({ words }) => words.map(({ text }) => text))).toEqual([
    ['bash', '-lc'],
    ['curl', '-u', 'x:$(cat /pw)', '%p'],
    ['cat', '/pw'],
    ['gzip'],
  ]);
  const cat = commands[2]!.words[0]!;
  expect(raw.slice(cat.span.start, cat.span.end)).toBe('cat');
});

test('a comment, and what never ends', () => {
  expect(read(`'cp %p /wal # > /tmp/%f'`)).toEqual([{ words: ['cp', '%p', '/wal'] }]);
  expect(read(`'cp "%p /wal'`)).toEqual([{ words: ['cp', '%p /wal'] }]);
  expect(read(`'> '`)).toEqual([]);
});
