import { callsIn, callsOf, type CallSite } from '../../facts/sql/calls.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { isSamplePath } from '../../facts/place.ts';
import { namesIn, targetsOf } from '../../facts/sql/value-target.ts';
import { defineRule, type Finding, type Fix } from '../rule.ts';

const digests = ['md5', 'digest', 'sha224', 'sha256', 'sha384', 'sha512', 'hmac'];
const password = /(^|_|[a-z](?=P))(pass(word|wd|phrase)?|pwd|passhash|pwhash)(_?(hash|digest|md5|sha\d*|new|old|in|clear|plain|text))?$|^[pi]n?_?(password|passwd|pwd)$/i;

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'Passwords are hashed in a way that is tried out fast',
  why: `md5 and the SHA functions are made to be fast: a graphics card tries billions of passwords a second against them, and equal passwords have equal hashes. \
crypt() with des sees the first eight characters only. Whoever gets a copy of the table has most of the passwords the same day.`,
  fixing: `The first fix hashes with bcrypt at a cost of 12 (pgcrypto's crypt and gen_salt). Compare with crypt(input, stored) = stored from then on, and hash what is \
stored again when its users log in: old hashes stay as weak as they are.`,
  cwe: [916, 328],
  references: ['https://www.postgresql.org/docs/current/pgcrypto.html#PGCRYPTO-PASSWORD-HASHING-FUNCS'],
  examples: [
    { bad: "UPDATE app.users SET password = «md5(new_password)» WHERE id = 1;\n", fixed: "UPDATE app.users SET password = crypt(new_password, gen_salt('bf', 12)) WHERE id = 1;\n" },
    { bad: "INSERT INTO app.users (name, password_hash) VALUES ('ann', «encode(digest(:'pw', 'sha256'), 'hex')»);\n", fixed: "INSERT INTO app.users (name, password_hash) VALUES ('ann', crypt(:'pw', gen_salt('bf', 12)));\n" },
    { bad: "SELECT crypt(pw, «gen_salt('md5')»);\n", fixed: "SELECT crypt(pw, gen_salt('bf', 12));\n" },
    { bad: "SELECT id FROM app.users WHERE name = $1 AND password = «md5($2)»;\n", good: 'SELECT id FROM app.users WHERE name = $1 AND password = crypt($2, password);\n' },
    { bad: "CREATE FUNCTION app.check(password text) RETURNS text LANGUAGE sql AS $$ SELECT «md5(password)» $$;\n" },
    { bad: "SELECT «md5(salt || md5(new_password))»;\n", because: 'Salt keeps equal passwords apart, and slows nobody down.' },
    { good: "SELECT crypt(pw, gen_salt('bf', 12));\nSELECT crypt(pw, password) FROM app.users;\n" },
    { good: "SELECT md5(body) AS etag FROM app.pages;\nUPDATE app.files SET checksum = digest(content, 'sha256');\n", because: 'These are no passwords.' },
    { good: "SELECT md5('password');\nSELECT 'md5(password)';\n", because: 'Words in a string say nothing of what is stored.' },
    { good: "UPDATE app.users SET password = md5('x');\n", path: 'tests/users.sql' },
    { good: "CREATE FUNCTION md5(password text) RETURNS text LANGUAGE sql AS $$ SELECT app.slow(password) $$;\nSELECT md5(password) FROM t;\n", because: 'The file has a function of its own by that name.' },
    { good: "SELECT md5(password_changed_at::text || id) AS etag FROM app.users;\nSELECT md5(passport) FROM app.people;\n", because: 'These names speak of something else.' },
    { good: "CREATE FUNCTION app.new_password() RETURNS text LANGUAGE sql AS $$ SELECT md5(random()::text) $$;\n", because: 'It makes a value up: sql/predictable-random-token.' },
    { good: "INSERT INTO app.users (password_hash) SELECT encode(digest(p.id::text, 'sha256'), 'hex') FROM app.people p;\n", because: 'A key holds the place of a password that nobody has.' },
    { good: "INSERT INTO app.users (name, password) SELECT 'u' || generate_series, md5(generate_series::text) FROM generate_series(1, 1000);\n", because: 'These rows are made up.' },
    { good: "SELECT 'md5' || md5(password || usename) FROM app.pgbouncer_users;\n", because: 'The protocol of PostgreSQL and its poolers wants exactly this.' },
    {
      good: "CREATE FUNCTION app.set_password(who int, hashed text) RETURNS void LANGUAGE sql AS $$ UPDATE app.users SET password = crypt(hashed, gen_salt('bf', 12)) WHERE id = who $$;\n"
        + "SELECT app.set_password(1, md5('salt' || md5(:'new_password')));\nSELECT crypt(md5(:'new_password'), gen_salt('bf', 12));\n"
        + 'CREATE FUNCTION app.check(password text, stored text) RETURNS boolean LANGUAGE plpgsql AS $$ DECLARE digest_hex text; BEGIN SELECT md5(password) INTO digest_hex; RETURN crypt(digest_hex, stored) = stored; END $$;\n',
      because: 'What bcrypt hashes may be a digest.',
    },
  ],
  *check(facts) {
    if (isSamplePath(facts.document)) return;
    yield* weakSalts(facts);
    let end = 0;
    for (const site of callsOf(facts, digests)) {
      const finding = isSlowedDown(facts, site) ? undefined : weakDigest(site);
      // In md5(salt || md5(password)) the outer one speaks for both.
      if (!finding || finding.at.start < end) continue;
      end = finding.at.end;
      yield finding;
    }
  },
});

/** The digest is only what crypt() hashes then: in the same expression, through a variable, or in the routine to which it is handed. */
function isSlowedDown({ schema }: SqlFacts, { command, call }: CallSite): boolean {
  const around = callsIn(command.written).filter(({ span }) => span.start < call.span.start && span.end >= call.span.end);
  if (around.some((outer) => outer.name === 'crypt' || schema.routinesNamed(outer.schema, outer.name).some(({ created }) => /\bcrypt\s*\(/i.test(created.written.body?.text ?? '')))) return true;
  const body = command.inside === 'routine' ? command.statement.written.body?.text ?? '' : '';
  return targetsOf(command, call).some(({ name, how }) => how === 'stored' && new RegExp(`\\bcrypt\\s*\\(\\s*${name.replace(/\W/g, '\\$&')}\\b`, 'i').test(body));
}

function* weakSalts(facts: SqlFacts): Iterable<Finding> {
  const written = [...callsOf(facts, ['crypt'])].filter(({ call }) => call.arguments[0]?.literal);
  for (const { command, call } of callsOf(facts, ['gen_salt'])) {
    const method = call.arguments[0]?.literal?.value.toLowerCase();
    if (method === undefined || !/^(x?des|md5)$/.test(method)) continue;
    const name = command.written.text.slice(call.at.start, call.at.end);
    const text = command.quote(`${name}('bf', 12)`);
    const known = written.some((other) => other.command === command && other.call.span.start <= call.span.start && call.span.end <= other.call.span.end);
    yield {
      at: command.inFile(call.span),
      // The password stands beside it: no hash changes that.
      ...(known && { severity: 'low' as const }),
      message: method === 'des' ? 'Only the first eight characters of the password count, and trying them all is quick' : 'Who gets hold of the table tries passwords very fast against these hashes',
      fixes: text === undefined ? [] : [{ title: 'Hash with bcrypt at a cost of 12', safety: 'review', edits: [{ span: command.inFile(call.span), text }] }],
    };
  }
}

function weakDigest(site: CallSite): Finding | undefined {
  const { command, call } = site;
  const [input] = call.arguments;
  if (!input || isMadeUp(command.written.text.slice(input.start, input.end)) || (call.schema !== undefined && !/^(pg_catalog|public|extensions|pgcrypto)$/.test(call.schema)) || isProtocol(site)) return undefined;
  const targets = targetsOf(command, call);
  const named = namesIn(input.tokens, command.written).some((name) => password.test(name));
  const target = targets.find(({ name, how }) => how !== 'returned' && password.test(name)) ?? targets.find(({ name }) => password.test(name));
  if (!named && !target) return undefined;
  const whole = withEncoding(site);
  return {
    at: command.inFile(whole), message: 'Who gets hold of the table tries billions of passwords a second against these hashes',
    fixes: target?.how === 'stored' ? bcrypt(site, whole) : [],
  };
}

/** A value that is made here, not a password that somebody could try. */
function isMadeUp(input: string): boolean {
  return /^\s*(\w+\s*\.\s*)?"?(\w+_)?(id|uuid)"?\s*(::\s*\w+\s*)?$/i.test(input) || /\bgenerate_series\b|\b(random|gen_random_bytes|gen_random_uuid|uuid_generate_v4|clock_timestamp|txid_current)\s*\(/i.test(input);
}

/** `'md5' || md5(password || name)`, how PostgreSQL's own old password hashes are made. */
function isProtocol({ command, call }: CallSite): boolean {
  return /'md5'\s*\|\|\s*(\w+\s*\.\s*)?$|concat\s*\(\s*'md5'\s*,\s*$/i.test(command.written.text.slice(Math.max(0, call.span.start - 100), call.span.start));
}

/** encode(digest(…), 'hex') is hash and spelling of it in one. */
function withEncoding({ command, call }: CallSite) {
  const { text } = command.written;
  const before = /\bencode\s*\(\s*$/i.exec(text.slice(Math.max(0, call.span.start - 100), call.span.start));
  const after = /^\s*,\s*'\w+'\s*\)/.exec(text.slice(call.span.end, call.span.end + 100));
  return before && after ? { start: call.span.start - before[0].length, end: call.span.end + after[0].length } : call.span;
}

/** Only where the input is the password alone: what is salted by hand needs a person. */
function bcrypt({ command, call }: CallSite, whole: { start: number; end: number }): Fix[] {
  const { text } = command.written;
  const input = text.slice(call.arguments[0]!.start, call.arguments[0]!.end).replace(/::\s*bytea$/i, '');
  if (/\|\||\bconcat\b|^'/i.test(input) || call.name === 'hmac') return [];
  // A constant, a column or a parameter; of what becomes of it afterwards nothing is known.
  if (/^\s*(::|\|\|)/.test(text.slice(whole.end, whole.end + 100))) return [];
  const written = command.quote(`crypt(${input}, gen_salt('bf', 12))`);
  return written === undefined ? [] : [{ title: 'Hash with bcrypt at a cost of 12', safety: 'review', edits: [{ span: command.inFile(whole), text: written }] }];
}
