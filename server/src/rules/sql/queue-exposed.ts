import { isApiRole, readersText } from '../../facts/sql/api.ts';
import { mendBehind } from '../../facts/sql/mending.ts';
import { shownRelation, targetOf } from '../../facts/sql/rls.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'Clients of the API can read a queue',
  why: 'pgmq keeps the messages of a queue in a table without row-level security. With a privilege for anon or authenticated, every client reads, takes '
    + 'away or forges the jobs of all users, directly or through the functions of pgmq_public.',
  fixing: 'Enables row-level security for the table behind the GRANT: clients then see no message until a policy says which. Roles of servers that own the '
    + 'table or bypass policies go on as before.',
  cwe: [862],
  references: ['https://supabase.com/docs/guides/queues/expose-self-hosted-queues', 'https://supabase.com/docs/guides/database/database-advisors?lint=0019_insecure_queue_exposed_in_api'],
  presets: ['supabase'],
  examples: [
    {
      bad: "SELECT pgmq.create('mails');\nGRANT SELECT, INSERT ON pgmq.q_mails TO «authenticated»;\n",
      fixed: "SELECT pgmq.create('mails');\nGRANT SELECT, INSERT ON pgmq.q_mails TO authenticated;\nALTER TABLE pgmq.q_mails ENABLE ROW LEVEL SECURITY;\n",
    },
    { bad: 'CREATE TABLE pgmq.q_a (id int);\nGRANT SELECT ON ALL TABLES IN SCHEMA pgmq TO «anon»;\n' },
    { good: 'GRANT SELECT ON pgmq.q_mails TO authenticated;\nALTER TABLE pgmq.q_mails ENABLE ROW LEVEL SECURITY;\n', because: 'Policies say which messages.' },
    { good: 'GRANT SELECT ON pgmq.q_mails TO authenticated;\nREVOKE ALL ON pgmq.q_mails FROM authenticated;\n' },
    { good: 'GRANT SELECT ON pgmq.q_mails TO worker;\nGRANT SELECT ON pgmq.meta TO authenticated;\n', because: 'A worker takes messages, and names of queues are none.' },
  ],
  *check(facts) {
    for (const queue of facts.objects.relations) {
      if (queue.schema !== 'pgmq' || !/^[qa]_/.test(queue.name) || queue.rls.on === true) continue;
      const held = queue.acl.find(({ grantee, privilege, place }) => privilege === 'SELECT' && place && facts.here(place) && (grantee === 'public' || isApiRole(grantee)));
      if (!held?.place) continue;
      const statement = `ALTER TABLE ${targetOf(queue)} ENABLE ROW LEVEL SECURITY;`;
      yield {
        at: held.place.at,
        message: `${readersText([held.grantee])} can read the messages in ${shownRelation(queue)}`,
        fixes: mendBehind(facts, held.place, statement, 'Enable row-level security for the queue'),
      };
    }
  },
});
