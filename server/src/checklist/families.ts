/** Rules that several items of every list speak of. */
export const trust = [
  'hba/trust-any', 'hba/trust-network', 'hba/trust-loopback', 'hba/trust-local', 'hba/trust-replication', 'cluster/exposed-passwordless',
] as const;

/** What makes a record that was written to keep somebody out not do so. */
export const order = [
  'hba/reject-after-allow', 'hba/weaker-rule-first', 'hba/overlap-weaker-first', 'hba/reject-ipv4-only', 'hba/reject-all-not-replication',
  'hba/rules-after-reject-all', 'hba/unreachable-rule',
] as const;

/** Records that mean something else than they seem to. */
export const traps = [
  'hba/noncontiguous-netmask', 'hba/address-legacy-form', 'hba/host-bits-set', 'hba/keyword-case', 'hba/quoted-keyword', 'hba/comment-continuation',
  'hba/regex-unanchored', 'hba/regex-unsupported', 'hba/hostname-address', 'hba/bad-record', 'hba/empty', 'hba/include-missing',
] as const;

export const passwordStorage = [
  'conf/password-encryption-md5', 'hba/md5-method', 'cluster/md5-rows-scram-storage', 'cluster/scram-rows-md5-storage', 'conf/md5-warnings-off',
  'conf/scram-iterations-low', 'sql/password-encryption-md5', 'sql/md5-password-hash', 'sql/unencrypted-password',
] as const;

export const passwordTransport = [
  'hba/password-method', 'hba/cleartext-auth-without-tls', 'hba/ldap-no-tls', 'hba/option-not-one', 'cluster/exposed-plaintext-passwords',
] as const;

export const tls = [
  'conf/ssl-off', 'conf/ssl-not-enabled', 'cluster/hostssl-without-ssl', 'hba/host-allows-plaintext', 'hba/hostnossl-allow', 'cluster/replication-plaintext',
] as const;

export const tlsStrength = ['conf/tls-version-old', 'conf/tls-max-capped', 'conf/weak-ssl-ciphers', 'conf/ssl-medium-ciphers', 'conf/weak-ecdh-group', 'conf/ssl-client-cipher-order'] as const;

export const superusers = ['hba/superuser-remote', 'hba/superuser-not-excluded', 'ident/wildcard-to-superuser', 'ident/pg-user-all', 'conf/conninfo-superuser', 'sql/role-superuser', 'sql/grant-superuser-role'] as const;

/** Rights of roles that are near to those of a superuser. */
export const powers = [
  'sql/role-createrole', 'sql/role-bypassrls', 'sql/role-createdb', 'sql/grant-predefined-superuser-like', 'sql/grant-broad-predefined-role', 'sql/grant-role-with-admin-option',
] as const;

export const identities = ['ident/regex-unanchored', 'ident/regex-dot', 'ident/map-unknown', 'ident/map-unused', 'ident/bad-record', 'hba/gss-strip-realm', 'hba/ident-network'] as const;

export const ranges = ['hba/any-address', 'hba/wide-cidr', 'hba/public-range', 'hba/replication-any'] as const;

export const audit = ['conf/pgaudit-missing', 'conf/pgaudit-logs-nothing', 'sql/pgaudit-missing'] as const;

export const connections = ['conf/log-connections-off', 'conf/log-disconnections-off'] as const;

export const definer = ['sql/security-definer-search-path', 'sql/security-definer-unsafe-search-path', 'sql/security-definer-public-execute'] as const;

export const injection = ['sql/dynamic-sql-concatenation', 'sql/dynamic-sql-unquoted-format', 'sql/dynamic-sql-misquoted-placeholder'] as const;

export const secrets = ['conf/command-inline-secret', 'conf/conninfo-password', 'conf/custom-parameter-secret', 'hba/ldap-bind-password', 'conf/ssl-passphrase-inline', 'sql/plaintext-password'] as const;
