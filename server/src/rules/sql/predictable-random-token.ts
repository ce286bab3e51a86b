import { later } from '../../facts/sql/mending.ts';
import { alterDefault, columnOf, type DefaultOf, isReset } from '../../facts/sql/column-defaults.ts';
import { callsOf, type CallSite } from '../../facts/sql/calls.ts';
import { isSamplePath } from '../../facts/place.ts';
import { targetsOf } from '../../facts/sql/value-target.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { defineRule, type Fix } from '../rule.ts';

const secret = /(^|_)(tokens?|secrets?|otp|salt|nonce|csrf|passw(or)?d|pwd|password_?hash|api_?key|access_?key|auth_?key|session_?(id|key)|(invite|verification|confirmation|reset|recovery|activation|login|pin|one_?time)_?(code|token|key)|code_verifier)(_?(hash|value|text|hex))?$/i;

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Secret made of predictable random numbers',
  why: `random() continues from a state that anybody in the same session can set with setseed(), and that a few of its numbers give away. Who sees some \
of these values computes the next ones, and with them logs in or resets a password.`,
  fixing: `The fix takes the random bits of gen_random_uuid(), which come from the operating system: 32 hexadecimal digits as md5 gave. \
Values that exist already stay predictable: let them expire.`,
  cwe: [338],
  references: ['https://www.postgresql.org/docs/current/functions-math.html#FUNCTIONS-MATH-RANDOM-TABLE', 'https://www.postgresql.org/docs/current/functions-uuid.html'],
  examples: [
    { bad: 'CREATE TABLE app.invites (token text NOT NULL DEFAULT «md5(random()::text)», created timestamptz);\n', fixed: "CREATE TABLE app.invites (token text NOT NULL DEFAULT replace(gen_random_uuid()::text, '-', ''), created timestamptz);\n" },
    {
      bad: 'CREATE FUNCTION app.new_api_key() RETURNS text LANGUAGE sql AS $$ SELECT «md5(random()::text || clock_timestamp()::text)» $$;\n',
      fixed: "CREATE FUNCTION app.new_api_key() RETURNS text LANGUAGE sql AS $$ SELECT replace(gen_random_uuid()::text, '-', '') $$;\n",
    },
    { bad: 'UPDATE app.users SET otp = (floor(«random()» * 900000) + 100000)::int;\n', because: 'How many digits it needs, a person has to say.' },
    { bad: "DO $$ DECLARE reset_token text; BEGIN reset_token := «md5(random()::text)»; END $$;\n", fixed: "DO $$ DECLARE reset_token text; BEGIN reset_token := replace(gen_random_uuid()::text, '-', ''); END $$;\n" },
    { good: 'INSERT INTO app.t (id, name) SELECT i, md5(random()::text) FROM generate_series(1, 1000) i;\n', because: 'This is data to try something out.' },
    { good: 'SELECT token FROM app.invites ORDER BY random() LIMIT 1;\n', because: 'Only the order is random.' },
    { good: 'UPDATE app.t SET key = md5(random()::text), sort = random();\n', because: 'A key is mostly one of a table.' },
    { good: "CREATE TABLE t (token text DEFAULT encode(gen_random_bytes(16), 'hex'), session_id uuid DEFAULT gen_random_uuid());\n" },
    { good: 'CREATE TABLE t (token text DEFAULT md5(random()::text));\n', path: 'test/t.sql' },
    { good: "CREATE TABLE app.invites (token text DEFAULT md5(random()::text));\nALTER TABLE app.invites ALTER COLUMN token SET DEFAULT encode(gen_random_bytes(16), 'hex');\n", because: 'A later statement sets another default.' },
  ],
  *check(facts) {
    if (isSamplePath(facts.document)) return;
    let hash: CallSite | undefined;
    let end = 0;
    for (const site of callsOf(facts, ['md5', 'random'])) {
      if (site.call.name === 'md5' && !holds(hash, site)) hash = site;
      if (site.call.name === 'md5' || site.call.arguments.length > 0) continue;
      const target = targetsOf(site.command, site.call).find(({ name, how }) => how !== 'compared' && secret.test(name));
      if (!target || isOrder(site)) continue;
      const hashed = holds(hash, site);
      const at = site.command.inFile(hashed ? hash!.call.span : site.call.span);
      if (at.start < end) continue;
      end = at.end;
      const column = hashed ? defaultOf(facts, hash!) : undefined;
      if (column && isReset(facts, site.command.statement, column)) continue;
      const fixes = hashed ? fromUuid(hash!).map((fix) => ({ ...fix, ...later(column && alterDefault(column, `SET DEFAULT ${randomText}`)) })) : [];
      yield { at, message: 'Who sees some of these values computes the next ones: random() is no source of secrets', fixes };
    }
  },
});

function holds(outer: CallSite | undefined, { command, call }: CallSite): boolean {
  return outer?.command === command && outer.call.span.start < call.span.start && call.span.end <= outer.call.span.end;
}

function isOrder({ command, call }: CallSite): boolean {
  return /\border\s+by\s+(?:[^()]*,\s*)?$/i.test(command.written.text.slice(Math.max(0, call.span.start - 200), call.span.start));
}

/** The column whose whole default the call is. */
function defaultOf(facts: SqlFacts, { command, call: { span } }: CallSite): DefaultOf | undefined {
  const { text } = command.written;
  const whole = /\bdefault\s+$/i.test(text.slice(0, span.start)) && /^\s*(?:$|[,);]|(?:not|null|primary|unique|references|check|constraint|collate)\b)/i.test(text.slice(span.end));
  return whole ? columnOf(facts, command, span) : undefined;
}

const randomText = "replace(gen_random_uuid()::text, '-', '')";

function fromUuid({ command, call }: CallSite): Fix[] {
  const text = command.quote(randomText);
  return text === undefined ? [] : [{ title: 'Take random bits of the operating system', safety: 'review', edits: [{ span: command.inFile(call.span), text }] }];
}
