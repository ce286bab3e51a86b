import { beforeAll, describe, expect, test } from 'vitest';
import { readGrammar, scopesOf, type Piece } from './grammar.ts';

type Cut = (text: string) => Piece[];

describe('postgresql.conf', () => {
  let cut: Cut;
  beforeAll(async () => { cut = await readGrammar('source.postgresql-conf'); });

  test('name, equals sign, Boolean, comment', () => {
    const pieces = cut('ssl = on # yes');
    expect(scopesOf(pieces, 'ssl')).toContain('variable.other.property');
    expect(scopesOf(pieces, '=')).toContain('keyword.operator.assignment');
    expect(scopesOf(pieces, 'on')).toContain('constant.language.boolean');
    expect(scopesOf(pieces, ' yes')).toContain('comment.line');
  });

  test('the equals sign may be missing', () => {
    const pieces = cut('port 5433');
    expect(scopesOf(pieces, 'port')).toContain('variable.other.property');
    expect(scopesOf(pieces, '5433')).toContain('constant.numeric');
  });

  test('a number has a unit', () => {
    const pieces = cut('shared_buffers = 128MB');
    expect(scopesOf(pieces, '128')).toContain('constant.numeric');
    expect(scopesOf(pieces, 'MB')).toContain('keyword.other.unit');
  });

  test('a string holds doubled quotes, escapes and #', () => {
    const pieces = cut("log_line_prefix = 'a''b\\n#c' # end");
    expect(scopesOf(pieces, "''")).toContain('constant.character.escape');
    expect(scopesOf(pieces, '\\n')).toContain('constant.character.escape');
    expect(scopesOf(pieces, '#c')).toContain('string.quoted.single');
    expect(scopesOf(pieces, ' end')).toContain('comment.line');
  });

  test('an open string does not colour the next line', () => {
    expect(scopesOf(cut("a = 'open\nssl = on"), 'ssl')).toContain('variable.other.property');
  });

  test('includes, custom parameters and templates', () => {
    const pieces = cut("include_dir 'conf.d'\nauto_explain.log_analyze = on\nport = {{ port }}");
    expect(scopesOf(pieces, 'include_dir')).toContain('keyword.control.import');
    expect(scopesOf(pieces, 'conf.d')).toContain('string.quoted.single');
    expect(scopesOf(pieces, 'auto_explain.log_analyze')).toContain('variable.other.property');
    expect(scopesOf(pieces, '{{ port }}')).toContain('variable.other.template');
  });
});

describe('pg_hba.conf', () => {
  let cut: Cut;
  beforeAll(async () => { cut = await readGrammar('source.pg-hba'); });

  test('every field of a record', () => {
    const pieces = cut('hostssl app,"my db" alice,+admins 10.0.0.0/8 scram-sha-256 clientcert=verify-full # why');
    expect(scopesOf(pieces, 'hostssl')).toContain('keyword.control.type');
    expect(scopesOf(pieces, 'app')).toContain('entity.name.type.database');
    expect(scopesOf(pieces, 'my db')).toContain('string.quoted.double');
    expect(scopesOf(pieces, '+')).toContain('keyword.operator.group');
    expect(scopesOf(pieces, 'admins')).toContain('entity.name.type.role');
    expect(scopesOf(pieces, '10.0.0.0/8')).toContain('constant.numeric.address');
    expect(scopesOf(pieces, 'scram-sha-256')).toContain('support.function.method');
    expect(scopesOf(pieces, 'clientcert')).toContain('variable.parameter.option');
    expect(scopesOf(pieces, 'verify-full')).toContain('string.unquoted');
    expect(scopesOf(pieces, ' why')).toContain('comment.line');
  });

  test('a database called trust is not a method, a quoted all is not a keyword', () => {
    const pieces = cut('host trust "all" 10.0.0.1 255.255.255.255 md5');
    expect(scopesOf(pieces, 'trust')).toContain('entity.name.type.database');
    expect(scopesOf(pieces, 'all')).toContain('string.quoted.double');
    expect(scopesOf(pieces, '255.255.255.255')).toContain('constant.numeric.address');
    expect(scopesOf(pieces, 'md5')).toContain('support.function.method');
  });

  test('local has no address', () => {
    const pieces = cut('local replication all peer map=x');
    expect(scopesOf(pieces, 'replication')).toContain('constant.language.database');
    expect(scopesOf(pieces, 'all')).toContain('constant.language.role');
    expect(scopesOf(pieces, 'peer')).toContain('support.function.method');
  });

  test('addresses as words, host names and IPv6', () => {
    const pieces = cut('host all all samenet reject\nhost all all .example.com reject\nhost all all ::1/128 reject');
    expect(scopesOf(pieces, 'samenet')).toContain('constant.language.address');
    expect(scopesOf(pieces, '.example.com')).toContain('string.unquoted.host');
    expect(scopesOf(pieces, '::1/128')).toContain('constant.numeric.address');
  });

  test('a backslash continues records and comments', () => {
    const pieces = cut('host all all \\\n  10.0.0.0/8 trust\n# a \\\nhost\nlocal all all peer');
    expect(scopesOf(pieces, '\\')).toContain('constant.character.escape');
    expect(scopesOf(pieces, 'trust')).toContain('support.function.method');
    expect(scopesOf(pieces, 'host', 1)).toContain('comment.line');
    expect(scopesOf(pieces, 'local')).toContain('keyword.control.type');
  });

  test('files, expressions and includes', () => {
    const pieces = cut('host @dbs /^app_\\d+$ 10.0.0.0/8 reject\ninclude_if_exists "my file"');
    expect(scopesOf(pieces, '@')).toContain('keyword.operator.file');
    expect(scopesOf(pieces, '/^app_\\d+$')).toContain('string.regexp');
    expect(scopesOf(pieces, 'include_if_exists')).toContain('keyword.control.import');
    expect(scopesOf(pieces, 'my file')).toContain('string.quoted.double');
  });
});

describe('pg_ident.conf', () => {
  let cut: Cut;
  beforeAll(async () => { cut = await readGrammar('source.pg-ident'); });

  test('map, system user, role', () => {
    const pieces = cut('krb /^(.*)@EXAMPLE\\.COM$ \\1 # realm\nadmins "alice b" +ops');
    expect(scopesOf(pieces, 'krb')).toContain('entity.name.section.map');
    expect(scopesOf(pieces, '/^(.*)@EXAMPLE\\.COM$')).toContain('string.regexp');
    expect(scopesOf(pieces, '\\1')).toContain('entity.name.type.role');
    expect(scopesOf(pieces, ' realm')).toContain('comment.line');
    expect(scopesOf(pieces, 'alice b')).toContain('string.quoted.double');
    expect(scopesOf(pieces, '+')).toContain('keyword.operator.group');
  });
});
