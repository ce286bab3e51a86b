import { expect, test } from 'vitest';
import { findSecret } from '../../../server/src/facts/sql/secret-patterns.ts';

const token = (role: string, iss = 'supabase') => ['{"alg":"HS256","typ":"JWT"}', `{"role":"${role}","iss":"${iss}"}`].map((part) => btoa(part).replaceAll('=', '')).concat('c2lnbmF0dXJlLW9mLXRoZS10b2tlbg').join('.');

test.each([
  ['key AKIA2E0A8F3B244C9986', 'AKIA2E0A8F3B244C9986'],
  [`ghp_${'a1B2'.repeat(9)}`, `ghp_${'a1B2'.repeat(9)}`],
  ['host=db1 password=k7#pQ2xv dbname=a', 'k7#pQ2xv'],
  ['postgresql://app:k7#pQ2xv@db1/app', 'k7#pQ2xv'],
  [`-----BEGIN RSA PRIVATE KEY-----\n${'MIIEpAIBAAKC'.repeat(5)}`, `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEpAIBAAKC'.repeat(5)}`],
  [`Bearer ${token('service_role')}`, token('service_role')],
])('%s', (text, secret) => {
  const { at } = findSecret(text)!;
  expect(text.slice(at.start, at.end)).toBe(secret);
});

test.each([
  'AKIAIOSFODNN7EXAMPLE', 'password: hashed with bcrypt', 'password=<password1>', 'password=${DB_PASSWORD1}', 'password = %L', 'passwords and tokens',
  'postgresql://app:password@localhost/app', 'the key sk_live_ begins so', `Bearer ${token('anon')}`, `Bearer ${token('service_role', 'supabase-demo')}`, 'check_password = 12',
])('nothing in: %s', (text) => expect(findSecret(text)).toBeUndefined());
