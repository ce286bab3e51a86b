import { repairOf } from '../../facts/access.ts';
import { legacyClientcert } from '../../facts/hba/options.ts';
import { brokenLines } from '../../facts/hba/selections.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'high',
  title: 'The server refuses the whole file because of this record',
  why: `One bad record makes PostgreSQL refuse all of pg_hba.conf. It does not start with it, and on reload it keeps the old
records without telling the client: the reject that was just added is not in force, and nobody notices.`,
  fixing: 'Writes what was most likely meant. The file as a whole comes into force with it, so read the other records too.',
  cwe: [16],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  examples: [
    { bad: 'host all all 10.0.0.0/8 «scram-sha256»\n', fixed: 'host all all 10.0.0.0/8 scram-sha-256\n' },
    { bad: '«HostSSL» all all 10.0.0.0/8 md5\n', fixed: 'hostssl all all 10.0.0.0/8 md5\n' },
    { bad: 'host all all «10.0.0.5» scram-sha-256\n', fixed: 'host all all 10.0.0.5/32 scram-sha-256\n' },
    { bad: 'host all all «fe80::1» REJECT\n', good: 'host all all fe80::1/128 reject\n', because: 'Two mistakes in one record are left to a person.' },
    { bad: 'host all all «db.example.com/24» md5\n', fixed: 'host all all db.example.com md5\n' },
    { bad: 'host all all «300.1.1.1/32» md5\n', good: 'host all all 30.1.1.1/32 md5\n' },
    { bad: '«host all, all all md5»\n', good: 'host all all all md5\n', because: 'The comma makes one column of the first two words.' },
    { bad: '«include» extra.conf\n', good: 'local all all peer\n', version: 15 },
    { good: 'include extra.conf\n', version: 16 },
    { good: 'hostssl all all 10.0.0.0/8 md5 clientcert=1\n', because: 'Version 13 took it; that is hba/clientcert-legacy.' },
    {
      good: 'hostssl all all 0.0.0.0/0 ldap ldapserver=ldap.example.com ldapprefix="uid=" ldaptls=1\n',
      because: 'A build without LDAP refuses it; others do not.',
    },
    { good: 'local all all peer\nhost all all @subnet@ @method@\n', because: 'A template is filled in later.' },
  ],
  *check(facts) {
    for (const line of brokenLines(facts)) {
      if (legacyClientcert(line)) continue;
      const edit = repairOf(facts, line);
      yield {
        at: line.error.at,
        message: `The server refuses the whole file: ${line.error.message}`,
        ...(edit && { fixes: [{ title: edit.text === '' ? 'Delete the byte order mark' : `Write ${edit.text}`, safety: 'review', edits: [edit] }] }),
      };
    }
  },
});
