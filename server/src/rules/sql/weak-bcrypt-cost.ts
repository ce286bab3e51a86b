import { callsOf } from '../../facts/sql/calls.ts';
import { isSamplePath } from '../../facts/place.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Password hash costs an attacker too little',
  why: `gen_salt('bf') takes a cost of 6: computing such a hash takes about 64 times less than with a cost of 12. Whoever gets hold of the table tries that \
many more passwords in the same time.`,
  fixing: `The fix asks for a cost of 12, some tenths of a second per login. Old hashes keep their cost until their users change the password or log in again; \
check how long crypt() takes on your server.`,
  cwe: [916],
  references: ['https://www.postgresql.org/docs/current/pgcrypto.html#PGCRYPTO-PASSWORD-HASHING-FUNCS'],
  examples: [
    { bad: "UPDATE app.users SET password = crypt('x', «gen_salt('bf')»);\n", fixed: "UPDATE app.users SET password = crypt('x', gen_salt('bf', 12));\n" },
    { bad: "SELECT public.crypt(pw, «public.gen_salt('bf', 8)»);\n", fixed: "SELECT public.crypt(pw, public.gen_salt('bf', 12));\n" },
    { bad: "CREATE FUNCTION h(p text) RETURNS text LANGUAGE sql AS 'SELECT crypt(p, «gen_salt(''bf'')»)';\n", fixed: "CREATE FUNCTION h(p text) RETURNS text LANGUAGE sql AS 'SELECT crypt(p, gen_salt(''bf'', 12))';\n" },
    { good: "SELECT crypt(p, gen_salt('bf', 10));\nSELECT crypt(p, gen_salt('bf', 12));\nSELECT crypt(p, gen_salt('bf', cost));\n" },
    { good: "SELECT crypt(p, gen_salt('sha512crypt'));\nSELECT crypt(p, gen_salt(method));\n", because: 'This is not bcrypt, or not known.' },
    { good: "UPDATE app.users SET password = crypt('x', gen_salt('bf', 4));\n", path: 'tests/users.sql', because: 'Tests take a low cost to be fast.' },
  ],
  *check(facts) {
    if (isSamplePath(facts.document)) return;
    // The password stands beside it, or lives for minutes: no cost changes that.
    const known = [...callsOf(facts, ['crypt'])].filter(({ command, call }) => {
      const hashed = call.arguments[0];
      return hashed !== undefined && (hashed.literal !== undefined || /(^|_|\b|@)(otp|pin|code|ticket|token)\b/i.test(command.written.text.slice(hashed.start, hashed.end)));
    });
    for (const { command, call } of callsOf(facts, ['gen_salt'])) {
      const [method, cost] = call.arguments;
      if (method?.literal?.value.toLowerCase() !== 'bf') continue;
      const rounds = cost === undefined ? 6 : /^\d+$/.test(command.written.text.slice(cost.start, cost.end)) ? Number(command.written.text.slice(cost.start, cost.end)) : undefined;
      if (rounds === undefined || rounds >= 10) continue;
      const at = cost ?? { start: method.end, end: method.end };
      yield {
        at: command.inFile(call.span), message: `Who gets hold of the table tries passwords ${2 ** (12 - rounds)} times as fast as with a cost of 12`,
        ...((rounds >= 8 || known.some((other) => other.command === command && other.call.span.start <= call.span.start && call.span.end <= other.call.span.end)) && { severity: 'low' as const }),
        fixes: [{ title: 'Take a cost of 12', safety: 'review', edits: [{ span: command.inFile(at), text: cost ? '12' : ', 12' }] }],
      };
    }
  },
});
