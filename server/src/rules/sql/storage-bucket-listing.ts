import { isApiRole } from '../../facts/sql/api.ts';
import { isAlwaysTrue, policiesHere, writtenAt } from '../../facts/sql/rls.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'low',
  title: 'Everybody can list the files of a public bucket',
  why: 'Files of a public bucket are fetched by their address, which needs no policy. A policy FOR SELECT on storage.objects adds the list: whoever has the '
    + 'public key of the application walks through all names and fetches each file, also those that were shared by a secret name.',
  fixing: 'Drop the policy when clients only fetch files by their address. Where they list their own files, ask for the owner as well: owner_id = (SELECT auth.uid()::text).',
  cwe: [548],
  references: ['https://supabase.com/docs/guides/storage/buckets/fundamentals', 'https://supabase.com/docs/guides/storage/security/access-control'],
  presets: ['supabase'],
  examples: [
    {
      bad: "INSERT INTO storage.buckets (id, name, public) VALUES ('avatars', 'avatars', true);\nCREATE POLICY p ON storage.objects FOR SELECT USING («bucket_id = 'avatars'»);\n",
      good: "INSERT INTO storage.buckets (id, name, public) VALUES ('avatars', 'avatars', true);\nCREATE POLICY p ON storage.objects FOR SELECT USING (bucket_id = 'avatars' AND owner_id = (SELECT auth.uid()::text));\n",
    },
    { bad: "INSERT INTO storage.buckets (id, name, public) VALUES ('a', 'a', false), ('b', 'b', true);\nCREATE POLICY p ON storage.objects FOR SELECT TO anon USING («(bucket_id = 'b'::text)»);\nCREATE POLICY q ON storage.objects FOR SELECT TO anon USING («true»);\n" },
    { good: "INSERT INTO storage.buckets (id, name, public) VALUES ('a', 'a', false);\nCREATE POLICY p ON storage.objects FOR SELECT USING (bucket_id = 'a');\n", because: 'Files of a private bucket are read by this policy alone.' },
    { good: "INSERT INTO storage.buckets (id, name, public) VALUES ('a', 'a', true);\nCREATE POLICY p ON storage.objects FOR INSERT WITH CHECK (bucket_id = 'a');\n", because: 'Adding files shows none.' },
    { good: "CREATE POLICY p ON storage.objects FOR SELECT USING (bucket_id = 'a');\n", because: 'Whether the bucket is public is not known.' },
  ],
  *check(facts) {
    const buckets = publicBuckets(facts);
    if (buckets.size === 0) return;
    for (const { table, policy: { using, roles, permissive, command } } of policiesHere(facts)) {
      if (table.schema !== 'storage' || table.name !== 'objects' || !permissive || (command !== 'SELECT' && command !== 'ALL') || !using || !facts.here(using.place)) continue;
      if (!roles.some((role) => role === 'public' || isApiRole(role))) continue;
      const bucket = isAlwaysTrue(using.text) ? [...buckets][0] : /^[\s(]*bucket_id\s*=\s*'([^']*)'(?:::text)?[\s)]*$/i.exec(using.text)?.[1];
      if (bucket === undefined || !buckets.has(bucket)) continue;
      yield { at: writtenAt(using), message: `Clients can list all files of the public bucket ${bucket.length <= 40 ? bucket : ''}, and fetch each of them`.replace('  ', ' ') };
    }
  },
});

/** The rows of `INSERT INTO storage.buckets` in this file that say true and begin with the name. */
function publicBuckets({ commands }: SqlFacts): ReadonlySet<string> {
  const inserts = commands.filter(({ written }) => written.head === 'INSERT' && /^insert\s+into\s+storage\s*\.\s*buckets\s*\([^)]*\bpublic\b/i.test(written.text));
  return new Set(inserts.flatMap(({ written }) => [...written.text.matchAll(/\(\s*'([^']+)'\s*,[^()]*\btrue\b[^()]*\)/gi)].map((row) => row[1]!)));
}
