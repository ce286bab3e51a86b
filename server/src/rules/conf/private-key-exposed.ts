import { settingHere } from '../../facts/conf/settings.ts';
import { privateKeyIn } from '../../facts/conf/tls.ts';
import { baseName, folderOf, resolvePath } from '../../paths.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'Private key of the server lies beside its configuration',
  why: `Everybody who gets a copy of these files, by cloning the repository, from a backup of it or out of a container image, has the key with
which the server proves who it is. With the key and a place on the way they pose as the server and take the passwords; deleting the
file later does not help, because the history keeps it.`,
  cwe: [321, 312],
  references: ['https://www.postgresql.org/docs/current/ssl-tcp.html#SSL-SERVER-FILES'],
  examples: [
    { bad: "ssl = on\nssl_key_file = «'certs/server.key'»\n", files: { 'certs/server.key': '-----BEGIN PRIVATE KEY-----\nMIIE\n' } },
    {
      bad: "ssl_key_file = «'server.key'»\n", files: { 'server.key': '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n' },
      because: 'A passphrase protects it, so it counts less.',
    },
    {
      bad: "ssl_key_file = «'server.key'»\n", path: 'test/tls/postgresql.conf', files: { 'server.key': '-----BEGIN EC PRIVATE KEY-----\nMHcC\n' },
      because: 'A key for tests counts less.',
    },
    {
      bad: "ssl_key_file = «'/var/lib/postgresql/server.key'»\n", path: 'image/postgresql.conf',
      files: { 'server.key': '-----BEGIN PRIVATE KEY-----\nMIIE\n' }, because: 'An image is made from files that lie side by side.',
    },
    {
      good: "ssl_key_file = 'server.key'\n", files: { 'server.key': '-----BEGIN PRIVATE KEY-----\nMIIE\n', PG_VERSION: '18\n' },
      because: 'In a data directory it is where it belongs.',
    },
    {
      good: "ssl_key_file = '/etc/ssl/private/db.key'\n", files: { '/etc/ssl/private/db.key': '-----BEGIN PRIVATE KEY-----\nMIIE\n' },
      because: 'On the server itself it is where it belongs.',
    },
    { good: "ssl_key_file = 'certs/server.key'\n", because: 'There is no such file here.' },
    { good: "ssl_key_file = 'server.key'\n", files: { 'server.key': '-----BEGIN CERTIFICATE-----\nMIIE\n' }, because: 'A certificate is no secret.' },
    { good: "ssl_key_file = 'server.key'\n", files: { 'server.key': '# put the key here\n' }, because: 'Only a word about the key.' },
  ],
  *check(facts) {
    const setting = settingHere(facts, 'ssl_key_file');
    if (setting === undefined) return;
    const { path, files } = facts.document;
    const folder = folderOf(path);
    if (files.read(resolvePath(folder, 'PG_VERSION')) !== undefined) return;
    // A repository has the files of one folder side by side that lie elsewhere on the server.
    const keys = [setting.value.text, baseName(setting.value.text)].map((name) => resolvePath(folder, name)).filter((key) => !isOnServer(key));
    const found = keys.map((key) => privateKeyIn(files.read(key))).find((kind) => kind !== undefined);
    if (found === undefined) return;

    yield {
      at: setting.value.span,
      message: found === 'encrypted'
        ? 'Everybody with a copy of these files has the private key, and only its passphrase is in the way'
        : 'Everybody with a copy of these files can pose as this server: they have its private key',
      ...((found === 'encrypted' || facts.trial) && { severity: 'low' as const }),
    };
  },
});

/** A folder of a running system, not a copy of its configuration. */
function isOnServer(path: string): boolean {
  return /^\/(etc|var|usr|run)\//.test(path);
}
