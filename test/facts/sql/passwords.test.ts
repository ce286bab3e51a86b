import { expect, test } from 'vitest';
import { passwordKind } from '../../../server/src/facts/sql/passwords.ts';

test.each([
  'Tr0ub4dor&3', 'correct horse battery staple', 'cdb_fs_passwd', 'hunter22', 'a$b$c-d!e', 'md5 is not enough', '{curly} braces', 'pässwörter', '100% of it',
])('%j is a password in clear text', (text) => {
  expect(passwordKind(text, 'app')).toBe('clear');
});

test.each([
  'app', 'APP', 'postgres', 'Password1', 'P@ssw0rd', 'Pa$$w0rd', 'changeme', 'change_me', 'admin123!', 'secret', 'test1234', 'defaultpassword', 'secure_password', 'short', 'x9!Kq2', '12345678',
])('%j is guessed first', (text) => {
  expect(passwordKind(text, 'app')).toBe('weak');
});

test.each([
  undefined, '${PW}', '$PW', '$1', '{{ pw }}', '{% if x %}a{% endif %}', '<%= pw %>', '#{pw}', '%(pw)s', '%s', '%L', '%PW%', '@pw@', '@db.pw@', ':pw', '{0}', '{pw}', '__PW__', '`pass show db`',
  '$(cat /run/secrets/pw)', '<password>', '<paste it from the vault>', '[password]', 'xxxx', '********', '...', 'your_password', 'YourStrongPassword123!', 'secure_password_here', 'enter a password', 'REDACTED',
])('%j stands for one', (text) => {
  expect(passwordKind(text, 'app')).toBe('unknown');
});

test('what the server stores as it is', () => {
  expect(passwordKind('md5d3b07384d113edec49eaa6238ad5ff00', 'app')).toBe('md5');
  expect(passwordKind('SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA==$8mQPTpJZ2p7CZWiFSyZ2IG9fAZaMKLzZbQ5sZEYkJ1E=:x9Rzy9tHcOGTyKZ4y1kXnUdlMfCqSMc4h3e4Xo4JOcU=', 'app')).toBe('scram');
  expect(passwordKind('SCRAM-SHA-256$4096:short', 'app')).toBe('clear');
  expect(passwordKind('', 'app')).toBe('empty');
});
