import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { Project } from '../../server/src/policy/project.ts';
import { helpingSchema, projectSchema } from '../../server/src/policy/project-schema.ts';
import { readProject } from '../../server/src/policy/project-text.ts';

const path = '/repo/pgrampart.jsonc';
const policy = (text: string, file = '/repo/db/pg_hba.conf') => new Project([readProject(path, text)]).policyOf(file);

/** What is reported, with the text that it stands at. */
function problems(text: string): string[] {
  return readProject(path, text).problems.map(({ at, message }) => `${text.slice(at.start, at.end)} | ${message}`);
}

test('everything that a project can say', () => {
  const text = `{
    // ours
    "extends": ["pgrampart:strict", "../base.jsonc"],
    "postgresVersion": "16", "environment": "development",
    "trustedNetworks": ["10.0.0.0/8"], "superusers": ["root"], "trustedFunctions": ["app.quoted"], "sinks": ["app.run"], "migrations": ["db/*.sql", "late.sql"],
    "rules": { "hba/trust-local": "off", "hba/*": "low", "hba/superuser-remote": ["high", { "superusers": ["boss"] }] },
    "overrides": [{ "files": ["test/**"], "rules": { "hba/*": "off" } }],
    "suppressions": { "requireReason": true }, "baseline": "accepted.json", "failOn": "high",
  }`;
  expect(problems(text)).toEqual([]);
  const { levels, options, ...rest } = policy(text);
  expect(rest).toEqual({ wanted: true, presets: ['strict'], version: 16, environment: 'development', requireReason: true });
  expect(levels.get('hba/trust-local')).toBe('off');
  expect(levels.get('hba/trust-any')).toBe('low');
  expect(options.get('hba/superuser-remote')).toMatchObject({ superusers: ['boss'] });
  expect(options.get('ident/wildcard-to-superuser')).toEqual({ superusers: ['root'] });
  expect(policy(text, '/repo/test/pg_hba.conf').levels.get('hba/trust-local')).toBe('off');
  expect(policy(text, '/repo/test/pg_hba.conf').levels.get('hba/trust-any')).toBe('off');
  expect(options.get('sql/dynamic-sql-fragment')).toEqual({ trustedFunctions: ['app.quoted'], sinks: ['app.run'] });
  const project = new Project([readProject(path, text)]);
  expect(project.migrations).toEqual([{ files: ['/repo/db/*.sql', '/repo/**/late.sql'] }]);
  expect(project.failOn).toBe('high');
  expect(project.baseline).toEqual({ path, name: 'accepted.json' });
});

test('later files win over those that they extend', () => {
  const base = readProject('/base.jsonc', '{ "presets": ["cloud"], "failOn": "low", "rules": { "hba/trust-any": "low", "hba/md5-method": "off" } }');
  const own = readProject(path, '{ "rules": { "hba/trust-any": "high" } }');
  const project = new Project([base, own]);
  const { levels, presets } = project.policyOf('/repo/pg_hba.conf');
  expect([levels.get('hba/trust-any'), levels.get('hba/md5-method'), presets, project.failOn]).toEqual(['high', 'off', ['cloud'], 'low']);
});

test('include and exclude count from the folder of the file', () => {
  const text = '{ "include": ["db/", "*.conf"], "exclude": ["db/seed/"] }';
  const wanted = (file: string) => policy(text, file).wanted;
  expect([wanted('/repo/db/a.sql'), wanted('/repo/deploy/pg_hba.conf'), wanted('/repo/db/seed/a.sql'), wanted('/repo/app/a.sql')]).toEqual([true, true, false, false]);
  expect(policy('{}', '/repo/a.sql').wanted).toBe(true);
});

test.each([
  ['{ "rulez": {} }', ['"rulez" | There is no "rulez" here, so it changes nothing; did you mean "rules"?']],
  ['{ "rules": { "hba/trust-ani": "off" } }', [`"hba/trust-ani" | Unknown rule 'hba/trust-ani', did you mean 'hba/trust-any'?`]],
  ['{ "rules": { "hba/trust-any": "hihg" } }', [`"hihg" | Unknown level 'hihg' for hba/trust-any, did you mean 'high'?`]],
  ['{ "extends": "pgrampart:strikt" }', [`"pgrampart:strikt" | Unknown preset 'strikt', did you mean 'strict'?`]],
  ['{ "postgresVersion": 9 }', ['9 | Versions that are known: 13, 14, 15, 16, 17, 18 and "auto"']],
  ['{ "environment": "prod" }', ['"prod" | "environment" is one of production, development']],
  ['{ "exclude": "db" }', ['"db" | "exclude" is a list of texts: ["…"]']],
  ['{ "overrides": [{ "rules": {} }] }', ['{ "rules": {} } | This override has no "files", so it changes nothing']],
  ['[]', ['[] | A project file is an object: { … }']],
  ['{ "failOn": "all" }', ['"all" | "failOn" is one of critical, high, medium, low, info, none']],
])('%s', (text, expected) => {
  expect(problems(text)).toEqual(expected);
});

test.each(['', '{', '{ "rules": { "hba/trust-any": ', '\0', '"x"', 'null', '{ "rules": [1], "extends": [1, {}], "overrides": {}, "suppressions": 3 }', '['.repeat(5000)])('any text is read: %j', (text) => {
  expect(() => policy(text)).not.toThrow();
});

test('what is understood of a broken file is still known, and that it is broken', () => {
  const { broken, problems } = readProject(path, '{ "rules": { "hba/trust-any": "off" }');
  expect(broken).toBe(true);
  expect(problems).toHaveLength(1);
});

test('the schema knows the fields that are read', () => {
  const { properties } = projectSchema() as { properties: Record<string, unknown> };
  for (const name of Object.keys(properties)) expect(problems(`{ "${name}": ${name === 'rules' || name === 'suppressions' ? '{}' : name === 'postgresVersion' ? '16' : name === 'environment' ? '"production"' : name === 'failOn' ? '"low"' : name === 'baseline' || name === '$schema' ? '"x"' : '[]'} }`), name).toEqual([]);
});

describe('what the schema refuses is told in our words, and not a second time by an editor that has our schema', () => {
  const [strict, helping] = [projectSchema(), helpingSchema()].map((schema) => new Ajv({ strict: false }).compile(schema));
  test.each([
    { postgresVersion: 'banana' }, { nonsense: true }, { rules: { 'hba/trust-an': 'off' } }, { rules: { 'hba/trust-any': 'loud' } }, { rules: { 'hba/md5-method': ['high', { foo: 1 }] } },
    { rules: { 'sql/dynamic-sql-concatenation': ['high', { foo: 1 }] } }, { rules: [] }, { exclude: 'staging/**' }, { include: [1] }, { overrides: {} }, { overrides: [{ files: ['x'], rulez: {} }] },
    { overrides: [{ rules: {} }] }, { failOn: 'extreme' }, { environment: 'moon' }, { presets: ['loud'] }, { suppressions: 3 }, { suppressions: { requireReason: 'yes' } }, { suppressions: { why: true } },
    { migrations: [3] }, { migrations: [{ database: 'x' }] }, { baseline: 3 }, { trustedNetworks: '10.0.0.0/8' }, { extends: 3 },
  ])('%j', (content) => {
    expect(strict!(content)).toBe(false);
    expect(problems(JSON.stringify(content))).not.toEqual([]);
    expect(helping!(content)).toBe(true);
  });
});

test('networks are told as such', () => {
  expect(problems('{ "trustedNetworks": ["10.0.0.0/8", "fd00::/8", "10.0.0.1", "db.example.com", "10.0.0.0/33", "0.0.0.0/0", 7] }')).toEqual([
    '"10.0.0.1" | This is no network, such as "10.20.0.0/16" or "10.20.0.7/32"',
    '"db.example.com" | This is no network, such as "10.20.0.0/16" or "10.20.0.7/32"',
    '"10.0.0.0/33" | This is no network, such as "10.20.0.0/16" or "10.20.0.7/32"',
    '"0.0.0.0/0" | These are all addresses that there are',
    '7 | "trustedNetworks" is a list of texts: ["…"]',
  ]);
});
