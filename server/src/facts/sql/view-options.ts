import type { Fix } from '../../rules/rule.ts';
import type { Edit } from '../../text.ts';
import { shift } from '../../text.ts';
import { Cursor } from './cursor.ts';
import { isTopLevel } from './mending.ts';
import { targetOf } from './rls.ts';
import type { Relation } from '../schema.ts';

/** Adds an option to the statement that holds the query of a view: `WITH (security_invoker = true)`. */
export function optionFixes(view: Relation, option: string, title: string): Fix[] {
  const { query } = view;
  if (!query || !isTopLevel(query)) return [];
  const edit = optionEdit(query.statement.written, option);
  if (!edit) return [];
  const inFile = { ...edit, span: shift(edit.span, query.statement.span.start) };
  return [{ title, safety: 'review', edits: [inFile], statements: [`ALTER VIEW ${targetOf(view)} SET (${option} = true);`] }];
}

/** The span counts from the start of the statement. */
function optionEdit(written: { readonly text: string; readonly tokens: Cursor['tokens'] }, option: string): Edit | undefined {
  const cursor = new Cursor(written.text, written.tokens);
  while (!cursor.done && cursor.word() !== 'VIEW') cursor.index++;
  cursor.index++;
  cursor.take('IF', 'NOT', 'EXISTS');
  if (!cursor.name()) return undefined;
  if (cursor.here() === '(') cursor.skip();
  const end = cursor.token(-1)!.end;
  if (!cursor.take('WITH')) return cursor.word() === 'AS' ? { span: { start: end, end }, text: ` WITH (${option} = true)` } : undefined;
  if (cursor.here() !== '(') return undefined;
  const open = cursor.index;
  cursor.skip();
  for (let i = open + 1; i < cursor.index - 1; i++) {
    if (cursor.of(cursor.tokens[i]!).toLowerCase() !== option) continue;
    let last = i;
    while (last + 1 < cursor.index - 1 && cursor.of(cursor.tokens[last + 1]!) !== ',') last++;
    return { span: { start: cursor.tokens[i]!.start, end: cursor.tokens[last]!.end }, text: `${option} = true` };
  }
  const before = cursor.tokens[cursor.index - 2]!.end;
  return { span: { start: before, end: before }, text: `, ${option} = true` };
}
