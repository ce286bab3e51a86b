import { describe, expect, test } from 'vitest';
import { hbaFacts, tlsIsOff } from '../../../server/src/facts/access.ts';
import { insertAbove, removeName, removeOption, requireMethod } from '../../../server/src/facts/hba/access-fixes.ts';
import { askingRecords, plaintextRecords, remoteRecords } from '../../../server/src/facts/hba/admission.ts';
import type { HbaRecord } from '../../../server/src/syntax/hba.ts';
import { applyEdits, Lines } from '../../../server/src/text.ts';
import { filesOf } from '../../files.ts';

const factsOf = (text: string, files: Record<string, string> = {}) => hbaFacts({ path: 'pg_hba.conf', text, language: 'hba', version: 18, files: filesOf(files) });

/** The lines, from 1, of the records that a selection gives. */
function linesOf(text: string, select: (facts: ReturnType<typeof factsOf>) => readonly HbaRecord[], files: Record<string, string> = {}): number[] {
  const lines = new Lines(text);
  return select(factsOf(text, files)).map((record) => lines.position(record.span.start).line + 1);
}

describe('who is let in after a question', () => {
  test('not by reject, not by trust, not where no client comes', () => {
    expect(linesOf('local all all trust\nlocal all a peer\nhost all all 0.0.0.0/32 md5\nhost all all ALL md5\nhost all b all reject\nhost all b all md5\nhost all all all md5\n', askingRecords)).toEqual([7]);
    expect(linesOf('hostssl all a all trust clientcert=verify-ca\nhostssl all b all trust clientcert=verify-full\n', askingRecords)).toEqual([2]);
  });
  test('from other machines', () => {
    expect(linesOf('local all all peer\nhost all all 127.0.0.1/32 md5\nhost all all samehost md5\nhost all all 10.0.0.1/32 md5\n', remoteRecords)).toEqual([4]);
  });
});

describe('without encryption', () => {
  test.each([
    ['host all all 10.0.0.0/8 md5\n', [1]],
    ['hostssl all all 10.0.0.0/8 md5\nhostgssenc all all 10.0.0.0/8 md5\n', []],
    ['hostnossl all all all reject\nhost all all 10.0.0.0/8 md5\n', []],
    ['hostnossl all all 10.1.0.0/16 reject\nhost all all 10.0.0.0/8 md5\n', [2]],
    ['hostnossl db all all reject\nhost db,app all 10.0.0.0/8 md5\n', [2]],
    ['hostnossl all all 0.0.0.0/0 reject\nhost all all all md5\n', [2]],
    ['hostnogssenc all all all reject\nhost all all 10.0.0.0/8 md5\n', []],
    ['hostssl all all all reject\nhost all all 10.0.0.0/8 md5\n', [2]],
    ['hostgssenc all all all gss\nhost all all 10.0.0.0/8 md5\n', [2]],
  ])('%j', (text, lines) => {
    expect(linesOf(text, plaintextRecords)).toEqual(lines);
  });
  test('the rejecting record may be in an included file', () => {
    expect(linesOf('include first.conf\nhost all all 10.0.0.0/8 md5\n', plaintextRecords, { 'first.conf': 'hostnossl all all all reject\n' })).toEqual([]);
  });
});

test('a part of a record is taken by the records before it', () => {
  const { order, records } = factsOf('host all all 10.1.0.0/16 md5\nhostnossl all all 10.0.0.0/8 md5\nhost all all 10.0.0.0/8 md5\n');
  const plain = records.map((record) => order.takingAll(record, { ...record, address: record.address, type: 'plain' }));
  expect(plain).toEqual([undefined, undefined, [records[0], records[1]]]);
});

test('TLS is known to be off', () => {
  const off = (conf: string | undefined) => tlsIsOff(factsOf('local all all peer\n', conf === undefined ? {} : { 'postgresql.conf': conf }));
  expect(['ssl = off\n', 'ssl = n\n', 'port = 5432\n'].map(off)).toEqual([true, true, true]);
  expect(['ssl = on\n', "port = 5432\ninclude 'tls.conf'\n", 'ssl = {{ tls }}\n', undefined].map(off)).toEqual([false, false, false, false]);
});

describe('edits', () => {
  test('another method loses the options of the old one', () => {
    const text = 'hostssl all all all ident map=x, clientcert=verify-ca # why\n';
    expect(applyEdits(text, requireMethod(factsOf(text).records[0]!, 'scram-sha-256').edits)).toBe('hostssl all all all scram-sha-256, clientcert=verify-ca # why\n');
  });
  test('a name goes with its comma', () => {
    const text = 'host all a,b , c all md5\n'.replace(' , ', ', ');
    const left = (name: string) => {
      const [record] = factsOf(text).records;
      return applyEdits(text, [removeName(record!.users, record!.users.find((user) => user.text === name)!)]);
    };
    expect(['a', 'b', 'c'].map(left)).toEqual(['host all b, c all md5\n', 'host all a,c all md5\n', 'host all a,b all md5\n']);
  });
  test('an option goes with what stands before it', () => {
    const text = 'hostssl all all all md5  clientcert=verify-ca,clientname=DN\n';
    const [record] = factsOf(text).records;
    expect(record!.options.map((option) => applyEdits(text, [removeOption(record!, option.token)]))).toEqual([
      'hostssl all all all md5,clientname=DN\n', 'hostssl all all all md5  clientcert=verify-ca\n',
    ]);
  });
  test('a record stands above another one, with the same line end', () => {
    const text = 'local all all peer\r\n  host all all all md5\r\n';
    const facts = factsOf(text);
    expect(applyEdits(text, [insertAbove(facts, facts.records[1]!, 'host all a all reject')])).toBe('local all all peer\r\nhost all a all reject\r\n  host all all all md5\r\n');
  });
});
