import { insertAbove, replace } from '../../facts/hba/access-fixes.ts';
import { admits, type HbaFacts } from '../../facts/access.ts';
import { remoteRecords, takesAllUsers, type RemoteRecord } from '../../facts/hba/admission.ts';
import { together } from '../../facts/hba/together.ts';
import { defineRule, names } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'info',
  presets: ['strict'],
  title: 'Records for all roles let the superuser in from other machines',
  why: `The keyword all takes in the superuser too. Its name is the same on every server, so it is the one that password guessing
starts with, and its password is worth the whole machine.`,
  fixing: `Puts a record that rejects the superuser above the first one that would let it in from other machines. It rejects it over
loopback TCP as well, unless a record for that stands further up; the socket is not touched.`,
  cwe: [250],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  options: { superusers: names(['postgres'], 'The roles that other machines have no business with.') },
  examples: [
    { bad: 'local all all peer\nhost all «all» 10.0.0.0/8 md5\n', fixed: 'local all all peer\nhost all postgres all reject\nhost all all 10.0.0.0/8 md5\n' },
    {
      bad: 'host app «all» 10.0.0.0/8 md5\nhost all all samenet md5\n',
      fixed: 'host all postgres all reject\nhost app all 10.0.0.0/8 md5\nhost all all samenet md5\n',
      because: 'Said once per file.',
    },
    { good: 'host all postgres all reject\nhost all all 10.0.0.0/8 md5\n' },
    { good: 'host all postgres,root 10.0.0.0/8 reject\nhost all all 10.2.0.0/16 md5\n' },
    { good: 'host all app 10.0.0.0/8 md5\nhost all all 127.0.0.1/32 md5\nhost all all all reject\n' },
  ],
  *check(facts, { superusers }) {
    const records = remoteRecords(facts).filter((record) => takesAllUsers(facts, record));
    const open = superusers.flatMap((name) => records.filter((record) => !isRejected(facts, record, name)).map((record) => ({ name, record })));
    const [first] = open;
    if (!first) return;
    const missing = [...new Set(open.map(({ name }) => name))];
    const findings = open.map(({ name, record }) => ({ at: record.users[0]!.span, message: `Lets ${name} in` }));
    const above = insertAbove(facts, first.record, `host all ${missing.join(',')} all reject`);
    yield {
      ...together(findings, `The superuser ${first.name} may log in from other machines like every other role`),
      fixes: [replace(`Reject ${missing.join(', ')} from other machines`, above.span, above.text)],
    };
  },
});

/** Earlier records keep the role out of everything that the record is for. */
function isRejected(facts: HbaFacts, record: RemoteRecord, name: string): boolean {
  const users = [{ span: record.users[0]!.span, text: name, quoted: true }];
  const by = facts.order.takingAll(record, { type: record.type.text, address: record.address, databases: facts.databasesOf(record), users });
  return by !== undefined && by.every((earlier) => !admits(earlier));
}
