import { isApiRole, readersText } from '../../facts/sql/api.ts';
import { policiesHere, writtenAt } from '../../facts/sql/rls.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Policy lets everybody change the files of others in a bucket',
  why: 'A policy on storage.objects that only asks for the bucket holds for all files in it: whoever it names may replace or delete what others have '
    + 'uploaded, or fill the bucket with anything.',
  fixing: 'Ask for the owner as well, for example owner_id = (SELECT auth.uid()::text), or for a folder that is named after the user.',
  cwe: [863, 639],
  references: ['https://supabase.com/docs/guides/storage/security/access-control'],
  presets: ['recommended', 'supabase'],
  examples: [
    {
      bad: "CREATE POLICY p ON storage.objects FOR DELETE TO authenticated USING («bucket_id = 'avatars'»);\n",
      good: "CREATE POLICY p ON storage.objects FOR DELETE TO authenticated USING (bucket_id = 'avatars' AND owner_id = (SELECT auth.uid()::text));\n",
    },
    { bad: "CREATE POLICY p ON storage.objects FOR UPDATE USING («(bucket_id = 'a'::text)» );\n" },
    { bad: "CREATE POLICY p ON storage.objects FOR ALL USING («bucket_id = 'a' AND auth.role() = 'authenticated'»);\n", because: 'Every user has that role.' },
    { good: "CREATE POLICY p ON storage.objects FOR SELECT USING (bucket_id = 'avatars');\n", because: 'A public bucket is there to be read.' },
    { good: "CREATE POLICY p ON storage.objects FOR INSERT TO authenticated WITH CHECK (bucket_id = 'avatars');\n", because: 'Users add files; they cannot change those of others.' },
    { good: "CREATE POLICY p ON storage.objects FOR DELETE TO moderator USING (bucket_id = 'avatars');\n", because: 'One role that is named for it.' },
    { good: "CREATE POLICY p ON storage.objects FOR DELETE USING (bucket_id = 'avatars' AND (storage.foldername(name))[1] = auth.uid()::text);\n" },
  ],
  *check(facts) {
    for (const { table, policy } of policiesHere(facts)) {
      const { using, roles } = policy;
      if (table.schema !== 'storage' || table.name !== 'objects' || !policy.permissive || !using || !facts.here(using.place)) continue;
      if (policy.command === 'SELECT' || policy.command === 'INSERT' || !roles.some((role) => role === 'public' || isApiRole(role)) || !bucketOnly.test(using.text)) continue;
      yield {
        at: writtenAt(using),
        message: `${roles.includes('public') && /auth\.role/.test(using.text) ? 'Every user who is logged in' : readersText(roles)} may ${policy.command === 'DELETE' ? 'delete' : 'replace'} the files of others in this bucket`,
      };
    }
  },
});

const bucket = String.raw`\(?\s*bucket_id\s*=\s*'[^']*'(?:::text)?\s*\)?`;
const loggedIn = String.raw`\(?\s*\(?auth\.(?:role\(\)\s*=\s*'(?:authenticated|anon)'(?:::text)?|uid\(\)\s+is\s+not\s+null)\s*\)?\s*\)?`;
const bucketOnly = new RegExp(String.raw`^[\s(]*(?:${bucket}|${bucket}\s*and\s*${loggedIn}|${loggedIn}\s*and\s*${bucket})[\s)]*$`, 'i');
