import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hbaFacts } from '../../../server/src/facts/access.ts';
import { noFiles } from '../../../server/src/document.ts';
import { bruteForce, files, textOf } from '../hba-clients.ts';

const factsOf = (text: string, version = 18) => hbaFacts({ path: 'pg_hba.conf', text, language: 'hba', version, files: noFiles });

/** As the analysis has it. */
function analysed(text: string, version: number): { hidden: boolean; by: number[] }[] {
  const facts = factsOf(text, version);
  return facts.records.map((record) => ({
    hidden: facts.order.isHidden(record), by: facts.order.before(record).map((earlier) => facts.records.indexOf(earlier)),
  }));
}

/** One word per record: `-` when nothing decides before it, the lines that do, and `!` when nothing is left. */
function order(text: string, version = 18): string {
  return analysed(text, version).map(({ hidden, by }) => (by.map((line) => line + 1).join('+') || '-') + (hidden ? '!' : '')).join(' ');
}

describe('records in a row', () => {
  test.each([
    ['two halves make a whole', 'host all all 0.0.0.0/1 md5\nhost all all 128.0.0.0/1 md5\nhost all all 0.0.0.0/0 md5\n', '- - 1+2!'],
    ['a quarter is missing', 'host all all 0.0.0.0/2 md5\nhost all all 128.0.0.0/1 md5\nhost all all 0.0.0.0/0 md5\n', '- - 1+2'],
    ['halves of different records', 'host all app 0.0.0.0/1 md5\nhost db all 128.0.0.0/1 md5\nhost db app 0.0.0.0/0 md5\nhost db all 0.0.0.0/0 md5\n', '- - 1+2! 1+2'],
    ['halves hide a network of the server', 'host all all 0.0.0.0/1 md5\nhost all all 128.0.0.0/1 md5\nhost all all ::/0 md5\nhost all all samenet md5\n', '- - - 3!'],
    ['even and odd addresses', 'host all all 0.0.0.0 0.0.0.1 md5\nhost all all 0.0.0.1 0.0.0.1 md5\nhost all all 10.0.0.0/8 md5\n', '- - 1+2!'],
    ['only even addresses', 'host all all 0.0.0.0 0.0.0.1 md5\nhost all all 10.0.0.2/32 md5\nhost all all 10.0.0.3/32 md5\n', '- 1! -'],
    ['a record that takes nothing away is not named', 'host all all 10.0.0.0/8 md5\nhost all all 10.1.0.0/16 md5\nhost all all 10.1.2.0/24 md5\n', '- 1! 1!'],
    ['sameuser is a database for one role', 'host sameuser x all md5\nhost x x all md5\nhost sameuser all all md5\nhost y y all md5\nhost y z all md5\n', '- 1! 1 3! -'],
    ['a role is in its own list', 'host all +x all md5\nhost all x all md5\nhost all y all md5\n', '- 1! -'],
    ['members of a role and its database', 'host samerole all all md5\nhost g +g all md5\nhost g all all md5\n', '- 1! 1'],
    ['replication is apart', 'host all all all md5\nhost replication all all md5\nhost "replication" all all md5\n', '- - 1!'],
    ['a simple expression', 'host /^app[0-9]+$ all all md5\nhost app1 all all md5\nhost app all all md5\n', '- 1! -'],
    ['an expression for one name is the name', 'host app all all md5\nhost /^app$ all all md5\n', '- 1!'],
    ['an expression for everything', 'host /.* all all md5\nhost app all all md5\nhost replication all all md5\n', '- 1! -'],
    ['an expression beyond that equals itself', 'host /(?i)app all all md5\nhost app all all md5\nhost /(?i)app all all md5\n', '- - 1!'],
    ['a list in one record, its words in others', 'host a all all md5\nhost b all all md5\nhost a,b all all md5\nhost a,b,c all all md5\n', '- - 1+2! 1+2'],
  ])('%s', (_, text, expected) => {
    expect(order(text)).toBe(expected);
  });

  test('an expression is a name before 16', () => {
    expect(order('host /.* all all md5\nhost app all all md5\n', 15)).toBe('- -');
  });

  test('a whole network of single addresses', () => {
    const hosts = Array.from({ length: 256 }, (_, n) => `host all all 10.1.2.${(n * 77) & 255}/32 md5\n`);
    const hidden = (lines: string[]) => analysed(lines.join('') + 'host all all 10.1.2.0/24 md5\n', 18).at(-1)!.hidden;
    expect(hidden(hosts)).toBe(true);
    expect(hidden(hosts.slice(1))).toBe(false);
  });

  test.each<[string, (n: number) => string]>([
    ['masks that are no prefix', (n) => `host all all 10.0.${n >> 8}.${n & 255} 255.${n & 255}.${(n * 13) & 255}.${(n >> 4) & 255} md5`],
    ['lists of names', (n) => `host ${Array.from({ length: 20 }, (_, i) => `d${n * 20 + i}`).join()} ${Array.from({ length: 20 }, (_, i) => `u${n * 20 + i}`).join()} all md5`],
  ])('thousands of records with %s hide nothing that they do not hide', (_, line) => {
    const text = Array.from({ length: 3000 }, (_, n) => line(n)).join('\n');
    const last = analysed(`${text}\nlocal all all peer\n`, 18).at(-1)!;
    expect(last).toEqual({ hidden: false, by: [] });
  });
});

describe('every client of a small world', () => {
  test.each([18, 15])('is decided for as PostgreSQL %i does', (version) => {
    fc.assert(fc.property(files(8), (world) => {
      expect(analysed(textOf(world), version)).toEqual(bruteForce(world, version));
    }), { numRuns: 1000, seed: 20261125 + version });
  });
});
