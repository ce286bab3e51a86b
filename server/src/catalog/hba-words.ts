/** The words of pg_hba.conf and what they mean, in a sentence or two for the person who writes the file. */
export interface HbaWord {
  readonly word: string;
  /** Fits behind the word in a narrow list; the meaning does so itself when there is none. */
  readonly brief?: string;
  readonly meaning: string;
  /** What it means for security, where that is not plain from the meaning. */
  readonly note?: string;
  /** Nobody should choose it without a reason. */
  readonly weak?: true;
  /** First major version that reads it. */
  readonly since?: number;
}

export interface HbaOptionWord extends HbaWord {
  /** The values it takes, the better one first; absent when it is free text. */
  readonly values?: readonly HbaWord[];
  /** What a value looks like. */
  readonly example?: string;
  readonly secret?: true;
}

export const typeWords: readonly HbaWord[] = [
  { word: 'local', brief: 'Unix-domain socket', meaning: 'Connections over a Unix-domain socket, from this machine only.' },
  { word: 'hostssl', brief: 'TCP/IP with TLS', meaning: 'Connections over TCP/IP that are encrypted with TLS.', note: 'Matches nothing while ssl is off.' },
  { word: 'host', brief: 'TCP/IP, encrypted or not', meaning: 'Connections over TCP/IP, encrypted or not.', note: 'Clients may come in without TLS; hostssl does not let them.' },
  { word: 'hostnossl', brief: 'TCP/IP without TLS', meaning: 'Connections over TCP/IP without TLS.', note: 'Useful to reject what is not encrypted.' },
  { word: 'hostgssenc', brief: 'TCP/IP with GSSAPI encryption', meaning: 'Connections over TCP/IP that are encrypted by GSSAPI (Kerberos).' },
  { word: 'hostnogssenc', brief: 'TCP/IP without GSSAPI encryption', meaning: 'Connections over TCP/IP without GSSAPI encryption; TLS is possible.' },
];

export const includeWords: readonly HbaWord[] = [
  { word: 'include', brief: 'Another file', meaning: 'Reads another file here, as if its lines stood in this place.', since: 16 },
  { word: 'include_if_exists', brief: 'Another file, if there is one', meaning: 'Reads another file here when there is one.', since: 16 },
  { word: 'include_dir', brief: 'The .conf files of a folder', meaning: 'Reads every .conf file of a folder here, in the order of their names.', since: 16 },
];

export const databaseWords: readonly HbaWord[] = [
  { word: 'all', meaning: 'Every database, also those made later. Replication connections are not among them.' },
  { word: 'sameuser', brief: 'The database named like the role', meaning: 'The database that has the same name as the role.' },
  { word: 'samerole', brief: 'Databases named like its roles', meaning: 'A database whose name is that of a role in which the connecting role is a member. Superusers count only as direct or indirect members.' },
  { word: 'replication', brief: 'Physical replication', meaning: 'Physical replication connections, which copy the whole cluster. They name no database.', note: 'Who gets in here can read everything.' },
];

export const userWords: readonly HbaWord[] = [
  { word: 'all', meaning: 'Every role, also superusers and those made later.' },
];

export const addressWords: readonly HbaWord[] = [
  { word: 'samehost', brief: 'Addresses of this machine', meaning: 'Any of the addresses of this machine.' },
  { word: 'samenet', brief: 'Networks of this machine', meaning: 'Any address in a network that this machine is directly connected to.', note: 'In a cloud that may be a network full of strangers.' },
  { word: 'all', meaning: 'Every address, IPv4 and IPv6.', note: 'The whole internet, unless a firewall stands before it.', weak: true },
];

/** Networks that are offered where an address is expected. */
export const networkWords: readonly HbaWord[] = [
  { word: '127.0.0.1/32', brief: 'This machine, IPv4', meaning: 'This machine over IPv4.' },
  { word: '::1/128', brief: 'This machine, IPv6', meaning: 'This machine over IPv6.' },
  { word: '10.0.0.0/8', brief: 'Private IPv4 network', meaning: 'The largest private IPv4 network. A part of it is better.' },
  { word: '172.16.0.0/12', brief: 'Private IPv4 network, containers', meaning: 'Private IPv4 network, the usual one of containers.' },
  { word: '192.168.0.0/16', brief: 'Private IPv4 network', meaning: 'Private IPv4 network of homes and offices.' },
  { word: 'fd00::/8', brief: 'Private IPv6 networks', meaning: 'Private IPv6 networks.' },
];

/** The recommended methods first. */
export const methodWords: readonly HbaWord[] = [
  { word: 'scram-sha-256', brief: 'Password, never in clear text', meaning: 'Password; neither the network nor the server gets to see it.', note: 'The best way with passwords. Clients need libpq 10 or newer.' },
  { word: 'peer', brief: 'Operating system user', meaning: 'The operating system says who the user on the other end of the socket is.', note: 'Nothing to steal or to guess.' },
  { word: 'cert', brief: 'TLS client certificate', meaning: 'TLS client certificate whose name must be the role name, or mapped to it.', note: 'Strong, as long as the certification authority is yours alone.' },
  { word: 'gss', brief: 'Kerberos', meaning: 'Kerberos ticket by GSSAPI.', note: 'Check the realm: include_realm with a map, or krb_realm.' },
  { word: 'sspi', brief: 'Windows login', meaning: 'Windows login by SSPI, or a Kerberos ticket.' },
  { word: 'oauth', brief: 'OAuth 2.0 token', meaning: 'Bearer token of an OAuth 2.0 provider.', since: 18, note: 'The validator library decides, so it is part of the lock.' },
  { word: 'ldap', brief: 'Password, checked by LDAP', meaning: 'Password that is checked by an LDAP server.', note: 'The server sees the password in clear text; use hostssl here and ldaptls or ldaps behind it.' },
  { word: 'radius', brief: 'Password, checked by RADIUS', meaning: 'Password that is checked by a RADIUS server.', note: 'The protocol hides the password badly; keep it inside a trusted network.' },
  { word: 'pam', brief: 'Password, checked by PAM', meaning: 'Password that is checked by PAM of the operating system.', note: 'The server sees the password in clear text; use hostssl.' },
  { word: 'bsd', brief: 'Password, checked by OpenBSD', meaning: 'Password that is checked by BSD Authentication (OpenBSD only).', note: 'The server sees the password in clear text; use hostssl.' },
  { word: 'reject', brief: 'No entry', meaning: 'No entry. Records below are not looked at any more.' },
  { word: 'md5', brief: 'Password, weakly hashed', meaning: 'Password, hashed with MD5; SCRAM when the stored password is a SCRAM one.', note: 'A stolen hash is as good as the password. Deprecated since PostgreSQL 18: use scram-sha-256.', weak: true },
  { word: 'ident', brief: "Word of the client's machine", meaning: "Asks the client's machine which user runs the client.", note: 'Whoever controls that machine says what they like.', weak: true },
  { word: 'password', brief: 'Password in clear text', meaning: 'Password in clear text.', note: 'Everybody who can read the traffic learns it: use scram-sha-256.', weak: true },
  { word: 'trust', brief: 'No question asked', meaning: 'No question asked: whoever gets here is the role they say they are.', note: 'Superuser included.', weak: true },
];

const flag = (meaning: string): readonly HbaWord[] => [{ word: '1', meaning }];

export const optionWords: readonly HbaOptionWord[] = [
  { word: 'clientcert', brief: 'Client certificate on top', meaning: 'Asks for a TLS client certificate on top of the method.', values: [
    { word: 'verify-full', brief: 'Valid, and of this role', meaning: 'The certificate must be valid and carry the role name' },
    { word: 'verify-ca', brief: 'Valid, whoever has it', meaning: 'The certificate must be valid; whose it is does not matter' },
  ] },
  { word: 'clientname', brief: 'Which name of it counts', meaning: 'Which name of the certificate counts.', since: 14, values: [
    { word: 'DN', brief: 'Distinguished name', meaning: 'The whole distinguished name, which is harder to imitate' }, { word: 'CN', brief: 'Common name', meaning: 'The common name alone' },
  ] },
  { word: 'map', brief: 'Map of pg_ident.conf', meaning: 'Map of pg_ident.conf that says which outside names may be which roles.', example: 'map' },
  { word: 'include_realm', brief: 'Compare the realm as well', meaning: 'Whether the Kerberos realm is part of the name that is compared or mapped.', note: 'With 0 users of every realm that the server trusts are mixed up, unless krb_realm picks one.', values: [
    { word: '1', meaning: 'user@REALM is compared; the default' }, { word: '0', meaning: 'The realm is cut off', weak: true },
  ] },
  { word: 'krb_realm', brief: 'The only realm', meaning: 'The only realm whose users are let in.', example: 'EXAMPLE.COM' },
  { word: 'compat_realm', brief: 'Which domain name', meaning: 'Which name of the Windows domain is used.', values: [
    { word: '1', meaning: 'The NetBIOS name; the default' }, { word: '0', meaning: 'The real realm name of Kerberos' },
  ] },
  { word: 'upn_username', brief: 'User principal name', meaning: 'Uses the name of the user principal instead of the SAM-compatible one.', values: flag('The user principal name') },
  { word: 'ldapurl', brief: 'All in one address', meaning: 'Server, base, attribute and filter in one address.', example: 'ldaps://ldap.example.com/dc=example,dc=com?uid?sub' },
  { word: 'ldapserver', brief: 'LDAP servers', meaning: 'Names or addresses of LDAP servers, with blanks between them.', example: 'ldap.example.com' },
  { word: 'ldapscheme', brief: 'Protocol', meaning: 'Protocol between this server and the LDAP server.', values: [{ word: 'ldaps', meaning: 'LDAP inside TLS from the first byte' }] },
  { word: 'ldapport', brief: 'Port', meaning: 'Port of the LDAP server.', example: '636' },
  { word: 'ldaptls', brief: 'StartTLS', meaning: 'Encrypts the way to the LDAP server with StartTLS.', values: flag('StartTLS; passwords do not cross the network in clear text') },
  { word: 'ldapprefix', brief: 'Before the user name', meaning: 'What stands before the user name in the name to bind as (simple bind).', example: 'cn=' },
  { word: 'ldapsuffix', brief: 'Behind the user name', meaning: 'What stands behind the user name in the name to bind as (simple bind).', example: ',dc=example,dc=com' },
  { word: 'ldapbasedn', brief: 'Where the search begins', meaning: 'Where the search for the user begins (search and bind).', example: 'dc=example,dc=com' },
  { word: 'ldapbinddn', brief: 'User that searches', meaning: 'User that searches.', example: 'cn=reader,dc=example,dc=com' },
  { word: 'ldapbindpasswd', brief: 'Password of that user', meaning: 'Password of the user that searches.', note: 'Everybody who can read this file can read it.', example: 'password', secret: true },
  { word: 'ldapsearchattribute', brief: 'Attribute with the name', meaning: 'Attribute that holds the user name.', example: 'uid' },
  { word: 'ldapsearchfilter', brief: 'Filter', meaning: 'Filter in which $username stands for the user name.', example: '(uid=$username)' },
  { word: 'radiusservers', brief: 'RADIUS servers', meaning: 'Names or addresses of RADIUS servers.', example: 'radius.example.com' },
  { word: 'radiussecrets', brief: 'Secrets', meaning: 'Secrets shared with the RADIUS servers.', note: 'Everybody who can read this file can read them.', example: 'secret', secret: true },
  { word: 'radiusports', brief: 'Ports', meaning: 'Ports of the RADIUS servers.', example: '1812' },
  { word: 'radiusidentifiers', brief: 'Name of this server', meaning: 'How this server introduces itself to RADIUS.', example: 'postgresql' },
  { word: 'pamservice', brief: 'PAM service', meaning: 'Name of the PAM service.', example: 'postgresql' },
  { word: 'pam_use_hostname', brief: 'Host name for PAM', meaning: 'Gives PAM the host name of the client instead of its address.', values: flag('The host name, which has to be looked up') },
  { word: 'issuer', brief: 'OAuth provider', meaning: 'Address of the OAuth provider, exactly as it stands in its tokens.', since: 18, example: 'https://login.example.com' },
  { word: 'scope', brief: 'OAuth scopes', meaning: 'OAuth scopes that a token must have, with blanks between them.', since: 18, example: 'openid' },
  { word: 'validator', brief: 'Library that checks', meaning: 'Library that checks tokens, when oauth_validator_libraries names several.', since: 18, example: 'validator' },
  { word: 'delegate_ident_mapping', brief: 'Validator picks the role', meaning: 'Leaves the decision which role a token may be to the validator.', since: 18, note: 'Excludes map.', values: flag('The validator alone decides about roles') },
];
