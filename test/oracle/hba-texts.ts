import fc from 'fast-check';

const digit = fc.integer({ min: 0, max: 260 }).map(String);
const oddNumber = fc.oneof(digit, fc.integer({ min: 0, max: 5_000_000_000 }).map(String), digit.map((n) => `0${n}`), fc.integer({ min: 0, max: 70_000 }).map((n) => `0x${n.toString(16)}`), fc.constantFrom('', '00', '08', '-1', '+1', '1a', 'x'));
const ipv4 = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(digit, digit, digit, digit).map((parts) => parts.join('.')) },
  { weight: 1, arbitrary: fc.array(oddNumber, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('.')) },
);
const group = fc.oneof(fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16)), fc.constantFrom('0', '0000', '00', 'FFFF', '12345', 'g', ''));
const groups = (most: number) => fc.array(group, { maxLength: most });
const ipv6 = fc.oneof(
  fc.array(group, { minLength: 8, maxLength: 8 }).map((parts) => parts.join(':')),
  fc.tuple(groups(5), groups(4)).map(([a, b]) => `${a.join(':')}::${b.join(':')}`),
  fc.tuple(groups(6), fc.constantFrom('::', ':'), ipv4).map(([a, colon, quad]) => `${a.join(':')}${colon}${quad}`),
  fc.tuple(groups(7), fc.constantFrom('%1', '%', '%0', '%x', '%1%2')).map(([a, scope]) => `${a.join(':')}::${scope}`),
);
const mask = fc.oneof(
  fc.integer({ min: -1, max: 130 }).map((n) => `/${n}`),
  fc.constantFrom('', '/', '/+8', '/08', '/ 8', '/8 ', '/x', '/8/8', ' 255.255.255.0', ' 255.0.255.0', ' ffff::', ' 24', ' 0.0.0.0', ' ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '/0x8', '/99999999999'),
);
const host = fc.constantFrom('all', 'ALL', 'samehost', 'samenet', '"all"', 'db.example.com', '.example.com', 'localhost', '*', '[::1]', '""', 'db.example.com/8', '\u00e4.example');
const address = fc.oneof({ weight: 4, arbitrary: fc.tuple(ipv4, mask).map((parts) => parts.join('')) }, { weight: 4, arbitrary: fc.tuple(ipv6, mask).map((parts) => parts.join('')) }, host);

const type = fc.constantFrom('local', 'host', 'host', 'host', 'hostssl', 'hostssl', 'hostnossl', 'hostgssenc', 'hostnogssenc', 'Host', '"host"', 'ssl');
const name = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('all', 'app', 'replication', 'sameuser', 'samerole', '+admins', '"all"', '"a b"', '"x,y"', '"q""q"', 'ALL', '"+x"', '"', '""', 'a"b"c', '\u00fcber', "'x'", 'a\\b', '@', '$user', '-') },
  { weight: 2, arbitrary: fc.array(fc.constantFrom('a', '.', '*', '+', '?', '(', ')', '(?:', '(?=', '(?!', '[', ']', '[^', '^', '$', '|', '{', '}', '{2}', '{1,3}', '{3,1}', '{,2}', '\\', '\\1', '\\d', '\\y', '\\m', '\\s', '\\w', '\\W', '\\x41', '[[:alpha:]]', '[[:nosuch:]]', '[a-z]', '[z-a]', '[[.a.]]', '[[=a=]]', '[[:<:]]', '\\Q', '\\e', '*?', '+?', '??', '(?i)', '***:', '***=', '(?#x)', '-', '\\A', '\\Z', '\\0', '\\u0041', '\\c', '\\B'), { minLength: 0, maxLength: 6 }).map((parts) => `/${parts.join('')}`) },
);
const names = fc.oneof({ weight: 3, arbitrary: name }, fc.array(name, { minLength: 1, maxLength: 3 }).chain((parts) => fc.constantFrom(',', ', ', ',,', ' ,').map((comma) => parts.join(comma))));
const method = fc.constantFrom('trust', 'reject', 'md5', 'password', 'scram-sha-256', 'ident', 'peer', 'cert', 'radius', 'oauth', 'gss', 'sspi', 'ldap', 'pam', 'bsd', 'MD5', 'md5,trust', '"md5"', 'scram');
const value = fc.constantFrom('', '1', '0', 'm', 'verify-ca', 'verify-full', 'no-verify', 'CN', 'DN', 'cn', '127.0.0.1', '127.0.0.1,127.0.0.1', 's', 'a,b', 'a, b', '""x""', '""', ',', '1812', '1812,1813', '0,1', ' ', 'a=b', 'x#y');
const optionName = fc.constantFrom('map', 'clientcert', 'clientname', 'radiusservers', 'radiussecrets', 'radiusports', 'radiusidentifiers', 'issuer', 'scope', 'validator', 'delegate_ident_mapping', 'include_realm', 'ldapserver', 'nosuch', 'Map', '');
const option = fc.tuple(optionName, value, fc.boolean()).filter(([key, text]) => key !== 'radiusservers' || !/[a-z]/i.test(text)).map(([key, text, quotes]) => (quotes ? `"${key}=${text}"` : `${key}=${text}`));
const options = fc.oneof(fc.constantFrom('', '', '', 'radiusservers=127.0.0.1 radiussecrets=s ', 'issuer=i scope=s ').chain((before) => fc.array(option, { maxLength: 3 }).map((parts) => before + parts.join(' '))), fc.constant(''));
const blank = fc.constantFrom(' ', ' ', ' ', '\t', '  ', ' ,', '\r');
const ending = fc.constantFrom('', '', '', ' ', ' # c', '#c', ' \\', '\\', '\r', ' # c \\', ',', ' "x');

const record = fc.tuple(type, names, names, address, method, options, blank, ending)
  .map(([t, databases, users, where, how, rest, space, end]) => [t, databases, users, ...(t === 'local' ? [] : [where]), how, rest].join(space) + end);
const rubbish = fc.array(fc.constantFrom('host', 'local', 'all', ' ', ' ', ',', '"', '""', '\\', '#', '=', 'md5', '10.0.0.1', '/8', '\t', '\r', '\u00e9', '\u00a0', '\f', '*', "'", '+', '/', ':', '::1', 'x'), { maxLength: 14 }).map((parts) => parts.join(''));

/** A pg_hba.conf of up to a hundred lines, most of them nearly right. Includes, `@file` and templates are for the cases by hand. */
export const hbaText = fc.array(fc.oneof({ weight: 6, arbitrary: record }, { weight: 1, arbitrary: rubbish }), { maxLength: 100, size: 'max' })
  .map((lines) => lines.join('\n'));
