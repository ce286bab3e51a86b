import { expect, test } from 'vitest';
import { isSecret } from '../../server/src/facts/secrets.ts';

test.each(['hunter2', 's3cr3t!', 'wJalrXUtnFEMI/K7MDENG', 'correct horse', '123456', 'a-b', 'password1', 'xyxy', '##PW', 'yourself-1secret'])('%s is a secret', (value) => {
  expect(isSecret(value)).toBe(true);
});

test.each([
  '', '$PW', '${PW}', '$(cat /pw)', '`cat /pw`', '{{ password }}', '%%PW%%', '##PW##', '__PW__', '@PW@', '%p', 'your-jwt-secret', 'your_app_db_password',
  '<password>', '[secret]', 'xxxx', '********', 'your_password', 'password', 'SECRET',
  '/run/secrets/pw', './pw', '~/pw', 'on', 'false', '12', '10min', '64kB', 'none',
])('%j stands for one, or is none', (value) => {
  expect(isSecret(value)).toBe(false);
});
