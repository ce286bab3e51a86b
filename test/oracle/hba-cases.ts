/** One file, or what is written in several, that shows one sentence of the rules of a format. */
export interface FileCase {
  readonly name: string;
  readonly text: string;
  readonly files?: Readonly<Record<string, string>>;
  /** The first version that it is for. */
  readonly from?: number;

}

const record = 'host all all 10.0.0.0/8 md5';
const quoted = (text: string) => `"${text}"`;
const each = (name: string, texts: readonly string[]): FileCase => ({ name, text: `${texts.join('\n')}\n` });

const methods = ['trust', 'reject', 'md5', 'password', 'scram-sha-256', 'gss', 'sspi', 'ident', 'peer', 'ldap', 'radius', 'cert', 'pam', 'bsd', 'oauth'];
const types = ['local', 'host', 'hostssl', 'hostnossl', 'hostgssenc', 'hostnogssenc'];
/** Without these the server says nothing about any other option. */
const needed: Readonly<Record<string, string>> = { ldap: 'ldapprefix=p', radius: 'radiusservers=127.0.0.1 radiussecrets=s', oauth: 'issuer=i scope=s' };
const optionValues = [
  'map=m', 'map=', 'clientcert=verify-ca', 'clientcert=verify-full', 'clientcert=1', 'clientcert=0', 'clientcert=no-verify', 'clientcert=Verify-ca', 'clientcert=', 'clientname=CN', 'clientname=DN', 'clientname=cn', 'clientname=',
  'pamservice=p', 'pam_use_hostname=1', 'pam_use_hostname=yes',
  'ldapserver=a', 'ldapport=389', 'ldapport=x', 'ldapport=0', 'ldapport=-1', 'ldapport=389x', 'ldapscheme=ldaps', 'ldapscheme=x', 'ldaptls=1', 'ldaptls=true', 'ldapurl=ldap://a/b', 'ldapprefix=x', 'ldapsuffix=x', 'ldapbasedn=x', 'ldapbinddn=x', 'ldapbindpasswd=x', 'ldapsearchattribute=x', 'ldapsearchfilter=x',
  'krb_realm=R', 'include_realm=0', 'include_realm=1', 'include_realm=no', 'compat_realm=1', 'upn_username=1',
  'radiusservers=127.0.0.1', 'radiussecrets=s', 'radiusports=1812', 'radiusidentifiers=i', 'issuer=i', 'scope=s', 'validator=v', 'delegate_ident_mapping=1', 'delegate_ident_mapping=0',
  'nosuch=1', 'nosuch=', '=x', '=', 'map', 'MAP=m', 'Map=m', '"map"=m', 'map="m"', '"map=m"', '"map=a b"', '"map=a,b"', 'map=a=b', "map='m'", 'radius_servers=x', 'ldapscope=sub', 'toString=1', '__proto__=1',
];
const addresses = [
  'all', 'samehost', 'samenet', '"all"', '"samehost"', 'ALL', 'Samenet', 'a"ll"', '*', '0.0.0.0/0', '::/0', '::0/0', '10.0.0.1', '10.0.0.1/32', '10.0.0.1/33', '10.0.0.1/-1', '10.0.0.1/', '10.0.0.1/+8', '10.0.0.1/08', '10.0.0.1/0x8', '10.0.0.1/8x',
  '"10.0.0.1/ 8"', '"10.0.0.1/8 "', '"10.0.0.1 /8"', '"10.0.0.1/\t8"', '10.0.0.1/8/8', '10.0.0.1/4294967304', '10.0.0.1/99999999999999999999', '10.0.0.1/-0', '10.0.0.1/+', '0/0', '10/8', '10.1/16', '10.1.2/24', '010.0.0.1/8', '0x0a.0.0.1/8', '0xA000001/8', '0Xff.1/8', '0x/8',
  '08.0.0.1/8', '256.0.0.1/8', '1.256/8', '1.65536/8', '1.16777215/8', '1.16777216/8', '4294967295/8', '4294967296/8', '00000000000000000000012/8', '1..2/8', '1.2.3.4./8', '.1.2.3/8', '1.2.3.4.5/8', '300.1.1.1/32', '300.1.1.1', '1.2.3.04/8', '1.2.3.4a/8',
  '::1/128', '::1/129', '[::1]/128', '[::1]', '::1', 'fe80::/10', 'FE80::1/64', '2001:db8::1/32', '2001:DB8::/32', '1:2:3:4:5:6:7:8/1', '1:2:3:4:5:6:7::/1', '::2:3:4:5:6:7:8/1', '1:2:3:4:5:6:7:8:9/1', '1::2::3/1', ':::/1', ':1/1', '1:/1', '12345::/1', '::g/1',
  '::1.2.3.4/96', '::ffff:1.2.3.4/96', '::ffff:1.2.3/96', '::ffff:01.2.3.4/96', '::ffff:256.2.3.4/96', '::1.2.3.4:5/96', '1.2.3.4::/1', '::ffff:0:0/96', '::102:304/128', '::1:0/128', '64:ff9b::1.2.3.4/96', '1:0:0:2:0:0:0:3/1', '1:0:2:0:3:0:4:0/1', '0:0:1::/1', '::0:0/1', '::1.2.3.4.5/1',
  'fe80::1%1/64', '::1%1/64', '::1%lo/64', '::1%x/64', '::1%/64', '10.0.0.1%1/8', '::%1%2/8', 'fe80::1%4294967296/64', 'localhost', 'db.example.com', '.example.com', '.', 'DB.Example.COM', 'db.example.com/24', '.example.com/8', 'localhost/', '/24', '/', '""', '"a b"', 'a_b', '-', '\u00e4.example', '+x', '/x', '@',
];

/** pg_hba.conf, sentence by sentence. */
export const hbaCases: readonly FileCase[] = [
  // Lines.
  { name: 'an empty file', text: '' },
  { name: 'blank lines and comments', text: '\n \t\n# c\n  # c\n' },
  { name: 'a line without its end', text: record },
  { name: 'CRLF', text: `${record}\r\n\r\nlocal all all peer\r\n` },
  { name: 'many returns', text: `${record}\r\r\nlocal all all peer\r\r\r\n` },
  { name: 'a return within', text: `host all\rall 10.0.0.0/8\rmd5\nlocal all all peer\r# c\n` },
  { name: 'returns for line ends', text: `local all all peer\rlocal all all peer\r` },
  { name: 'a line goes on behind a backslash', text: `host all \\\nall 10.0.0.0/8 \\\nmd5\n${record}\n` },
  { name: 'a word goes on', text: 'host all all 10.0.0.0/8 m\\\nd5\nhost a\\\nll all 10.0.0.0/8 md5\n' },
  { name: 'a comment goes on', text: `# c \\\n${record}\n${record} # c\\\nlocal all all peer\n${record}\n` },
  { name: 'a quote goes on', text: 'host "a \\\nb" all 10.0.0.0/8 md5\n' },
  { name: 'a backslash and a blank', text: `host all all 10.0.0.0/8 md5 \\ \n${record}\n` },
  { name: 'a backslash and CRLF', text: `host all all 10.0.0.0/8 \\\r\nmd5\r\n${record}\r\n` },
  { name: 'two backslashes', text: `host all all 10.0.0.0/8 \\\\\nmd5\n${record}\n` },
  { name: 'a backslash on a blank line', text: `\\\n\\\n${record}\n` },
  { name: 'a backslash at the very end', text: `${record} \\` },
  { name: 'a backslash line at the end', text: `${record} \\\n` },
  { name: 'a backslash within', text: `host all all\\x 10.0.0.0/8 md5\nhost \\all all 10.0.0.0/8 md5\n` },
  { name: 'a byte order mark', text: `\uFEFF${record}\n${record}\n` },
  { name: 'a byte order mark and a comment', text: `\uFEFF# c\n${record}\n` },
  { name: 'form feeds and no-break spaces', text: 'host all all 10.0.0.0/8\fmd5\nhost all all 10.0.0.0/8\u00a0md5\nhost all all 10.0.0.0/8 md5\u00a0\n\f\n' },
  { name: 'control characters', text: 'host \x01 all 10.0.0.0/8 md5\nhost all\x0ball all 10.0.0.0/8 md5\nhost \x1b[0m \x7f 10.0.0.0/8 md5\n' },
  // Tokens and fields.
  each('separators', ['host\tall\tall\t10.0.0.0/8\tmd5', '   host all all 10.0.0.0/8 md5   ', 'host all all 10.0.0.0/8 md5,', ',host all all 10.0.0.0/8 md5', ', , host all all 10.0.0.0/8 md5', 'host, all all 10.0.0.0/8 md5', 'host ,all all 10.0.0.0/8 md5', ',', ', ,', 'host all all 10.0.0.0/8, md5', 'host all all 10.0.0.0/8 md5 ,map=x']),
  each('commas', ['host a,b c,d 10.0.0.0/8 md5', 'host a, b c, d 10.0.0.0/8 md5', 'host a ,b c 10.0.0.0/8 md5', 'host a,,b c 10.0.0.0/8 md5', 'host all, all trust', 'host a,b,c a,,,b 10.0.0.0/8 md5', 'host a, # c', 'host a,"b,c" "d, e" 10.0.0.0/8 md5', 'host "a","b" c 10.0.0.0/8 md5', 'host "a"b "c""d" 10.0.0.0/8 md5']),
  each('quotes', ['host "a b" "c,d#e" 10.0.0.0/8 md5', 'host "" "" 10.0.0.0/8 md5', 'host "a""b" """" 10.0.0.0/8 md5', '"host" "all" "all" "10.0.0.0/8" "md5"', 'host a"b c"d all 10.0.0.0/8 md5', 'host """a""" all 10.0.0.0/8 md5', 'host a"ll" a"" 10.0.0.0/8 md5', 'host ""all ""x 10.0.0.0/8 md5',
    'host "all all 10.0.0.0/8 md5', 'host all all 10.0.0.0/8 "md5', 'host all all 10.0.0.0/8 md5"', 'host all all 10.0.0.0/8 md"5"', "host 'a b' all 10.0.0.0/8 md5", "host 'a' 'b' 10.0.0.0/8 md5", 'host all "all" 10.0.0.0/8 md5 "map=x"', '"', '""', 'host "a\\"b" all 10.0.0.0/8 md5', 'host " all" "all " 10.0.0.0/8 md5']),
  each('comments', [`${record}# c`, `${record} # c`, 'host all all 10.0.0.0/8 md5#', 'host all all 10.0.0.0/8 # md5', 'host a#b all 10.0.0.0/8 md5', 'host "a#b" all 10.0.0.0/8 md5', 'host "a" # "b', '#', '# "', `${record} ## "x`]),
  // Types.
  each('types', [...types, 'Host', 'HOSTSSL', 'LOCAL', 'hosts', 'ssl', '"host"', 'h"ost"', 'hostgss', '*', 'host,local', 'host,host', ''].map((type) => `${type} all all 10.0.0.0/8 trust`)),
  each('types without an address', [...types, 'Local'].map((type) => `${type} all all trust`)),
  each('records that end early', ['local', 'host', 'local all', 'host all', 'local all all', 'host all all', 'host all all 10.0.0.1', 'host all all 10.0.0.1 255.0.0.0', 'host all all 10.0.0.1/8', 'host all all all', 'host all all x', 'bogus', 'bogus a b']),
  // Databases and users.
  each('databases', ['all', 'ALL', '"all"', 'sameuser', 'samerole', 'samegroup', '"samerole"', 'replication', '"replication"', 'Replication', 'all,replication', '/^a', '"/^a b$"', '/(', '"/("', '/', '"/"', '/a{2}', '/[', '/*', '+x', '\u00fcber', 'a\\b', '@', '"@x"', '@"x', '$user'].map((name) => `host ${name} all 10.0.0.0/8 md5`)),
  each('users', ['all', 'ALL', '"all"', '+admins', '+"ad min"', '"+admins"', '+', '/^a', '"/^a b$"', '/(', '/)', '/a**', '/\\', '/[a', '/a{1', '/x{2,1}', '/(?', '/\\1', '/(a)\\1', '\u00fcber', '@', 'a,+b,/c', '-', 'public', 'none'].map((name) => `host all ${name} 10.0.0.0/8 md5`)),
  // Addresses and masks.
  each('addresses', addresses.map((address) => `host all all ${address} md5`)),
  each('addresses with a mask column', addresses.map((address) => `host all all ${address} 255.255.255.0 md5`)),
  each('masks for IPv4', [...addresses, '255.255.0.0', '255.0.255.0', '24', '0', '0.0.0.0', '255.255.255.256', '0xffff0000', '255.255.255.0,255.0.0.0', '"255.0.0.0"', 'md5'].map((mask) => `host all all 10.0.0.1 ${mask} md5`)),
  each('masks for IPv6', [...addresses, 'ffff::', 'ffff:ffff:ffff:ffff::', 'ff00:ff::', '::', '64', '255.0.0.0'].map((mask) => `host all all 2001:db8::1 ${mask} md5`)),
  each('lists where one word belongs', ['host all all 10.0.0.0/8,10.1.0.0/16 md5', 'host all all 10.0.0.1 255.0.0.0,255.0.0.0 md5', 'host all all 10.0.0.0/8 md5,trust', 'host all all 10.0.0.0/8, md5', 'local all all peer,trust', 'host all all a, b md5']),
  each('an address on a local record', ['local all all 10.0.0.0/8 trust', 'local all all all trust', 'local all all 10.0.0.1 255.0.0.0 trust', 'local all all samehost trust']),
  // Methods.
  ...types.map((type) => each(`methods on ${type}`, [...methods, 'Trust', 'MD5', 'scram', 'scram-sha256', 'krb5', 'crypt', 'ident sameuser', '"md5"', 'none', 'gssapi', 'implicitreject'].map((method) => `${type} all all ${type === 'local' ? '' : '10.0.0.0/8 '}${method}`))),
  // Options.
  ...methods.flatMap((method) => ['hostssl', 'local', 'host'].map((type) => each(`options of ${method} on ${type}`,
    optionValues.map((option) => `${type} all all ${type === 'local' ? '' : '10.0.0.0/8 '}${method} ${needed[method] ?? ''} ${option}`)))),
  each('several options', ['hostssl all all all cert map=a map=b', 'hostssl all all all cert map=a,clientcert=verify-full', 'hostssl all all all cert map=a, clientcert=verify-full', 'hostssl all all all md5 clientcert=verify-ca clientcert=verify-full', 'hostssl all all all md5 clientcert=verify-full clientname=DN clientname=CN', 'local all all peer map=a # c', 'local all all peer map=a#c', 'local all all peer "map=a b" , map=c', 'local all all peer map = a', 'local all all peer map= a', 'local all all peer map =a']),
  each('options of radius', [
    '', 'radiusservers=127.0.0.1', 'radiussecrets=s', 'radiusservers= radiussecrets=s', 'radiusservers="" radiussecrets=s', 'radiusservers=127.0.0.1 radiussecrets=', 'radiusservers=127.0.0.1 radiussecrets=s', '"radiusservers=127.0.0.1,127.0.0.2" radiussecrets=s', '"radiusservers=127.0.0.1,127.0.0.2" "radiussecrets=a,b"', '"radiusservers=127.0.0.1,127.0.0.2" "radiussecrets=a,b,c"',
    '"radiusservers=127.0.0.1, 127.0.0.2" radiussecrets=s "radiusports=1, 2"', '"radiusservers=127.0.0.1,127.0.0.2,127.0.0.3" radiussecrets=s "radiusports=1,2"', 'radiusservers=127.0.0.1 "radiussecrets=a,b"', '"radiusservers=127.0.0.1,127.0.0.2" radiussecrets=s "radiusidentifiers=a,b,c"', 'radiusservers=127.0.0.1 radiussecrets=s radiusports=', 'radiusservers=127.0.0.1 radiussecrets=s radiusidentifiers=',
    'radiusservers=127.0.0.1 radiussecrets=s radiusports=x', 'radiusservers=127.0.0.1 radiussecrets=s radiusports=0', 'radiusservers=127.0.0.1 radiussecrets=s radiusports=-1', 'radiusservers=127.0.0.1 radiussecrets=s radiusports=70000', 'radiusservers=127.0.0.1 radiussecrets=s radiusports=1x', 'radiusservers=127.0.0.1 radiussecrets=s "radiusports=""1"""', '"radiusservers=127.0.0.1," radiussecrets=s', '"radiusservers=,127.0.0.1" radiussecrets=s',
    '"radiusservers=127.0.0.1,,127.0.0.1" radiussecrets=s', '"radiusservers=127.0.0.1 127.0.0.1" radiussecrets=s', 'radiusservers=::1 radiussecrets=s', 'radiusservers=127.0.0.1 "radiussecrets=""a,b"""', 'radiusservers=127.0.0.1 "radiussecrets=""a"', 'radiusservers=127.0.0.1 "radiussecrets=a""b"', 'radiusservers=127.0.0.1 "radiussecrets=""a""b"', 'radiusservers=127.0.0.1 "radiussecrets=a b"', 'radiusservers=127.0.0.1 "radiussecrets= "', '"radiusservers= " radiussecrets=s', '"radiusservers=""""" radiussecrets=s',
    'radiusservers=127.0.0.1 "radiussecrets=""""""a"""', 'radiusservers=127.0.0.1 radiussecrets=A,B', 'radiusservers=127.0.0.1 radiussecrets=a radiussecrets=b', 'radiusservers=radius.nosuch.invalid radiussecrets=s', 'radiusservers=[::1] radiussecrets=s', 'radiusservers=127.0.0.1:1812 radiussecrets=s', 'radiusservers=300.0.0.1 radiussecrets=s',
  ].map((options) => `host all all 10.0.0.0/8 radius ${options}`)),
  each('options of oauth', ['', 'issuer=i', 'scope=s', 'issuer=i scope=s', 'issuer= scope=', 'issuer=i scope=s map=m', 'issuer=i scope=s map=m delegate_ident_mapping=1', 'issuer=i scope=s map=m delegate_ident_mapping=0', 'issuer=i scope=s delegate_ident_mapping=1', 'issuer=i scope=s delegate_ident_mapping=1 delegate_ident_mapping=0 map=m', 'issuer=i scope=s validator=v', 'issuer=i scope=s validator=', 'issuer=i scope=s nosuch=1']
    .map((options) => `host all all 10.0.0.0/8 oauth ${options}`)),
  // Files of names.
  { name: 'names from a file', text: 'host @names @names 10.0.0.0/8 md5\nhost a,@names,b @"names" 10.0.0.0/8 md5\nhost "@names" all 10.0.0.0/8 md5\nhost @ all 10.0.0.0/8 md5\n', files: { names: 'a, b\t"c d"\n# c\n@more "@x" all\n', more: 'd,e\n\n"all"\n' } },
  { name: 'names from a folder below', text: 'host @sub/names all 10.0.0.0/8 md5\n', files: { 'sub/names': 'a @other\n', 'sub/other': 'b\n' } },
  { name: 'an empty file of names', text: 'host @names all 10.0.0.0/8 md5\nhost all @names 10.0.0.0/8 md5\nhost a,@names all 10.0.0.0/8 md5\n', files: { names: '# nobody\n' } },
  { name: 'a file of names that is not there', text: `host @names all 10.0.0.0/8 md5\nhost all a,@names 10.0.0.0/8 md5\nhost all all 10.0.0.0/8 md5 @names\n@names\n${record}\n`, files: {} },
  { name: 'a file of names names one that is not there', text: 'host @names all 10.0.0.0/8 md5\n', files: { names: 'a @gone\n' } },
  { name: 'regular expressions from a file', text: 'host @names all 10.0.0.0/8 md5\nhost @broken all 10.0.0.0/8 md5\n', files: { names: '/^a$\n', broken: '/(\n' } },
  { name: 'words from a file', text: '@type all all 10.0.0.0/8 md5\nhost all all @address md5\nhost all all 10.0.0.0/8 @method\nlocal all all peer @options\n', files: { type: 'host\n', address: '10.0.0.0/8\n', method: 'md5\n', options: 'map=x\n' } },
  { name: 'a line that goes on in a file of names', text: 'host @names all 10.0.0.0/8 md5\n', files: { names: 'a \\\nb\n' } },
  // Included files.
  ...(['include', 'include_if_exists'] as const).map((keyword): FileCase => ({ name: keyword, text: `local a a peer\n${keyword} one.conf\nlocal b b peer\n${keyword} "two words"\n"${keyword}" one.conf\n`, files: { 'one.conf': `local c c peer\nbad\n${record}\n`, 'two words': 'local d d peer\n' } })),
  { name: 'a file to include is not there', text: `include gone.conf\ninclude_if_exists gone.conf\ninclude_dir gone\n${record}\n`, files: {} },
  { name: 'include_dir', text: 'include_dir sub\nlocal z z peer\n', files: { 'sub/b.conf': 'local b b peer\n', 'sub/a.conf': 'local a a peer\n', 'sub/B.conf': 'local B B peer\n', 'sub/.hidden.conf': 'local h h peer\n', 'sub/a.txt': 'local t t peer\n', 'sub/10.conf': 'local 10 10 peer\n', 'sub/9.conf': 'local 9 9 peer\n', 'sub/.conf': 'local x x peer\n', 'sub/a.conf.bak': 'bad\n' } },
  { name: 'what looks like an include', text: 'include\ninclude a b\nInclude one.conf\ninclude one.conf extra\ninclude,x one.conf\ninclude one.conf,two.conf\ninclude one.conf # c\n', files: { 'one.conf': 'local a a peer\n', 'two.conf': 'local b b peer\n' } },
  { name: 'includes in a folder below', text: 'include sub/one.conf\n', files: { 'sub/one.conf': 'include two.conf\ninclude ../three.conf\n', 'sub/two.conf': 'local a @names peer\n', 'sub/names': 'u v\n', 'three.conf': 'local c c peer\n' } },
  { name: 'a file that includes itself', text: 'include loop.conf\nlocal z z peer\n', files: { 'loop.conf': 'local a a peer\ninclude loop.conf\nlocal b b peer\n' }, from: 16 },
  { name: 'a chain of ten files', text: 'include 1.conf\n', files: chain(10) },
  { name: 'a chain of eleven files', text: 'include 1.conf\n', files: chain(11) },
  { name: 'an include that a name file gives', text: 'include @target\n', files: { target: 'one.conf\n', 'one.conf': 'local a a peer\n' } },
  // What a template leaves open.
  { name: 'templates', text: `host all all {{ net }} md5\nhost \${DB} all 10.0.0.0/8 md5\nhost all @user@ 10.0.0.0/8 md5\n${record}\n` },
  { name: 'an interface of the machine', text: 'host all all fe80::1%lo/64 md5\nhost all all fe80::1%nosuch0/64 md5\n' },
  // Long words and lines.
  { name: 'a word of 10239 letters', text: `host ${'a'.repeat(10_239)} all 10.0.0.0/8 md5\n${record}\n` },
  { name: 'a word of 10240 letters', text: `host ${'a'.repeat(10_240)} all 10.0.0.0/8 md5\n${record}\n` },
  { name: 'a quoted word of 10240 letters', text: `host ${quoted('a'.repeat(10_240))} all 10.0.0.0/8 md5\n${record}\n` },
  { name: 'a long word beyond ASCII', text: `host ${'\u00e4'.repeat(6_000)} all 10.0.0.0/8 md5\n${record}\n` },
  { name: 'a long line', text: `host ${'abcdefghi,'.repeat(2_000)}x all 10.0.0.0/8 md5\n${record}\n` },
  { name: 'a long line that goes on', text: `host ${'abcdefghi,\\\n'.repeat(2_000)}x all 10.0.0.0/8 md5\n${record}\n` },
];

function chain(length: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length }, (_, i) => [`${i + 1}.conf`, `local d${i + 1} a peer\n${i + 1 < length ? `include ${i + 2}.conf\n` : ''}`]));
}
