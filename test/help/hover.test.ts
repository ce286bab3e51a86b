import { describe, expect, test } from 'vitest';
import { confNoteAt } from '../../server/src/help/conf-hover.ts';
import { hbaNoteAt, identNoteAt } from '../../server/src/help/word-hover.ts';
import { addressWords, databaseWords, methodWords, optionWords, typeWords } from '../../server/src/catalog/hba-words.ts';
import { methods, connectionTypes } from '../../server/src/syntax/hba.ts';
import { optionsFor } from '../../server/src/syntax/hba-options.ts';
import { cursor, documentOf, type Wishes } from './documents.ts';

const notes = { conf: confNoteAt, hba: hbaNoteAt, ident: identNoteAt };

function note(language: keyof typeof notes, marked: string, wishes?: Wishes) {
  const { text, offset } = cursor(marked);
  const found = notes[language](documentOf(language, text, wishes), offset);
  return found && { ...found, on: text.slice(found.span.start, found.span.end) };
}

describe('parameters', () => {
  test('type, default, range, units and when it takes effect', () => {
    const found = note('conf', 'port = 1\nwork|_mem = 64MB\n')!;
    expect(found.on).toBe('work_mem');
    expect(found.text).toContain('**work_mem** · integer');
    expect(found.text).toContain('- Default: `4MB`');
    expect(found.text).toContain('- Range: `64kB` to about `2TB`');
    expect(found.text).toContain('every role can also set it');
    expect(found.text).toContain('https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-WORK-MEM');
    expect(note('conf', 'sh|ared_buffers = 1GB')!.text).toContain('after a restart');
    expect(note('conf', 'log_file_mode = 06|40')!.text).toContain('`0000` to `0777` (octal)');
  });

  test('a value says what it means', () => {
    expect(note('conf', 'password_encryption = m|d5')!.text).toMatch(/^`md5`: A stolen hash/);
    expect(note('conf', 'shared_buffers = 163|84')!.text).toMatch(/^`16384` without a unit is 128MB/);
    expect(note('conf', 'shared_buffers = 163|84')!.on).toBe('16384');
  });

  test('versions that do not have it', () => {
    expect(note('conf', 'io_m|ethod = worker', { version: 17 })!.text).toContain('does not know it yet: it came with PostgreSQL 18');
    expect(note('conf', 'force_parallel_m|ode = on')!.text).toContain('use `debug_parallel_query`');
    expect(note('conf', 'io_m|ethod = worker')!.text).toContain('- Versions: since PostgreSQL 18');
    expect(note('conf', 'no_such_th|ing = on')).toBeUndefined();
  });

  test('the line that has the last word', () => {
    expect(note('conf', 's|sl = on\nport = 1\nssl = off\n')!.text).toContain('**Set again in line 3**');
    expect(note('conf', 'ssl = on\nport = 1\ns|sl = off\n')!.text).not.toContain('wins');
    expect(note('conf', "s|sl = on\ninclude_dir 'conf.d'\n", { files: { 'conf.d/x.conf': '\n\nssl = off\n' } })!.text).toContain('conf.d/x.conf, line 3, which wins');
    expect(note('conf', 's|sl = on\n', { files: { 'postgresql.auto.conf': "# ALTER SYSTEM\nssl = 'off'\n" } })!.text).toContain('ALTER SYSTEM: postgresql.auto.conf, line 2');
    const root = "include 'conf.d/x.conf'\nssl = off\n";
    expect(note('conf', 's|sl = on\n', { name: 'conf.d/x.conf', files: { 'postgresql.conf': root } })!.text).toContain('postgresql.conf, line 2, which wins');
    expect(note('conf', 's|sl = on\n', { name: 'conf.d/x.conf', files: { 'postgresql.conf': 'ssl = off\n' } })!.text).not.toContain('wins');
  });

  test('commented out, as in the file that comes with the server', () => {
    const found = note('conf', "ssl = on\n#ssl_min_proto|col_version = 'TLSv1.1'  # old\n")!;
    expect(found.on).toBe('ssl_min_protocol_version');
    expect(found.text).toContain('Commented out');
    expect(note('conf', '# This por|t = important, they say\n')).toBeUndefined();
  });

  test('nothing on comments, directives and blanks', () => {
    for (const marked of ['# ssl| is on', "inc|lude 'x'", 'ssl = on  |', '|']) expect(note('conf', marked)).toBeUndefined();
  });
});

describe('words of pg_hba.conf', () => {
  test.each([
    ['host|ssl all all all cert', 'hostssl', 'encrypted with TLS'],
    ['host a|ll all all cert', 'all', 'Every database'],
    ['host all a|ll all cert', 'all', 'Every role'],
    ['host all all a|ll cert', 'all', 'Every address'],
    ['host all all all tr|ust', 'trust', 'No question asked'],
    ['host all +st|aff all trust', '+staff', 'member of the role'],
    ['hostssl all all all cert clientcert=verify-|ca', 'clientcert=verify-ca', '`verify-ca`: The certificate must be valid'],
    ['local all all peer ma|p=x', 'map=x', 'Map of pg_ident.conf'],
    ['hots|x all all peer', undefined, ''],
    ['host "a|ll" all all cert', undefined, ''],
    ['host trust|ed all all cert', undefined, ''],
  ])('%j', (marked, on, text) => {
    const found = note('hba', marked);
    expect(found?.on).toBe(on);
    expect(found?.text ?? '').toContain(text);
  });

  test('a database named like a method is a name', () => {
    expect(note('hba', 'host tru|st all all cert')).toBeUndefined();
  });

  test('every word that the server knows has a meaning, and no other one', () => {
    expect(typeWords.map(({ word }) => word).sort()).toEqual([...connectionTypes].sort());
    expect(methodWords.map(({ word }) => word).sort()).toEqual([...methods].sort());
    const options = connectionTypes.flatMap((type) => methods.flatMap((method) => optionsFor(type, method, 18)));
    expect(optionWords.map(({ word }) => word).sort()).toEqual([...new Set(options)].sort());
    for (const { meaning } of [...typeWords, ...methodWords, ...optionWords, ...databaseWords, ...addressWords]) expect(meaning).toMatch(/^[A-Z].{10,}\.$/);
  });
});

test('words of pg_ident.conf', () => {
  expect(note('ident', 'm /^(.*)@|x$ app')!.text).toContain('`^` and `$`');
  expect(note('ident', 'm /^(.*)@x$ \\|1')!.text).toContain('first parentheses');
  expect(note('ident', 'm ci a|ll')!.text).toContain('Every role');
  expect(note('ident', 'm ci a|ll', { version: 15 })).toBeUndefined();
  expect(note('ident', 'm c|i app')).toBeUndefined();
});
