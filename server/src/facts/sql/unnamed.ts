import type { SqlFacts } from '../sql.ts';
import { Notes } from '../../notes.ts';

/** A file of the set puts the names of tables into ALTER TABLE … ENABLE ROW LEVEL SECURITY as it runs: nobody knows which. */
export function enablesUnnamed(facts: SqlFacts): boolean {
  return runs(facts, 'enables');
}

/** The same for ALTER FUNCTION … SET search_path. */
export function setsPathUnnamed(facts: SqlFacts): boolean {
  return runs(facts, 'sets path');
}

const putIn = String.raw`(%\d*\$?[Is]|'\s*\|\|[^;]{1,200}\|\|\s*')`;
const patterns = {
  enables: new RegExp(String.raw`'\s*alter\s+table\b[^';]*${putIn}[^';]*\benable\s+row\s+level\s+security`, 'i'),
  'sets path': new RegExp(String.raw`'\s*alter\s+(?=function|procedure|routine|%)[^';]*${putIn}[^';]*\bset\s+(search_path\b|%)`, 'i'),
};
type Kind = keyof typeof patterns;

const known = new Notes<object, Partial<Record<Kind, boolean>>>();

function runs({ document }: SqlFacts, kind: Kind): boolean {
  return (document.set?.files ?? [document]).some((file) => {
    const answers = known.get(file) ?? {};
    known.set(file, answers);
    return answers[kind] ??= patterns[kind].test(file.text);
  });
}
