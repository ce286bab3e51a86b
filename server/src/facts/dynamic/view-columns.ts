import { codeOf } from '../../syntax/sql/lexer.ts';
import type { StatementText } from '../../syntax/sql/statements.ts';
import { closing, nameOf, splitAtCommas } from '../sql/tokens.ts';
import type { Judgement } from './judgement.ts';
import { contextIn } from './judgement.ts';
import { judgeSpan } from './origin.ts';
import { readQuery } from './queries.ts';
import { readScope } from './scope.ts';

/** What stands in the columns of a view that reads what describes objects. Names are without their schema. */
export interface ViewNews {
  readonly name: string;
  readonly columns: readonly (readonly [name: string, judged: Judgement])[];
}

/** Views of tables alone tell no more than the tables. */
export function readView(written: StatementText): ViewNews | undefined {
  const { head, text } = written;
  if (!/^CREATE (OR REPLACE )?(\w+ )?VIEW\b/.test(head) || !readsCatalog.test(text)) return undefined;
  const tokens = codeOf(written.tokens);
  const words = tokens.map((token) => nameOf(token, text));
  let last = words.indexOf('view') + 1;
  if (words[last] === 'if') last += 3;
  while (words[last + 1] === '.') last += 2;
  const as = words.indexOf('as', last);
  if (as < 0 || words.some((word) => joinsQueries.has(word))) return undefined;
  const names = words[last + 1] === '(' ? splitAtCommas(tokens.slice(last + 2, closing(tokens, last + 1, text)), text).map(([name]) => nameOf(name, text)) : [];
  const query = readQuery(tokens.slice(as + 1), text);
  const context = contextIn(readScope(written, text, { tokens, declarations: [], assignments: [], executes: [], statements: [] }), new Map());
  const columns = query.items.map((item, index) => {
    const { trail: _, ...judged } = judgeSpan(item.span, { ...query, kind: 'set', element: false }, context);
    return [names[index] ?? item.name, judged] as const;
  });
  return columns.length === 0 ? undefined : { name: words[last]!, columns };
}

const readsCatalog = /\b(pg_|information_schema\b)/i;
const joinsQueries = new Set(['union', 'except', 'intersect', 'recursive']);
