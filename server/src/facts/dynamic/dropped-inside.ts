import type { SqlFile } from '../../syntax/sql/statements.ts';
import type { SqlCommand } from '../sql/sql-commands.ts';
import { readHeader } from './header.ts';
import { classOfType, isHarmless } from './sql-types.ts';

/** Whether a body creates the routine, calls it, and drops it again, all in one transaction, and gives it nothing that its own caller chooses: `EXECUTE 'DROP FUNCTION helper(text)'` */
export function isDroppedInside({ written, statement, inside, inFile }: SqlCommand, name: string, { text }: SqlFile): boolean {
  if (inside === 'file') return false;
  const created = inFile({ start: 0, end: written.text.length });
  const rest = withoutComments(text.slice(created.end, statement.span.end));
  const word = name.replace(/[^\w]/g, '.');
  const drop = new RegExp(`\\bdrop\\s+${kind}\\s+(?:if\\s+exists\\s+)?(?:[\\w$"]+\\.)?"?${word}"?(?![\\w$])`, 'i').exec(rest);
  if (drop === null || new RegExp(`\\bcreate\\s+(?:or\\s+replace\\s+)?${kind}\\s+(?:[\\w$"]+\\.)?"?${word}"?\\s*\\(`, 'i').test(rest)) return false;
  const before = rest.slice(0, drop.index);
  const calls = new RegExp(`(?<![\\w$])"?${word}"?\\s*\\(`, 'i').test(before.replace(new RegExp(`\\b${kind}\\s+[\\w$".]+\\s*\\(`, 'gi'), ''));
  if (!calls || mayStay(before)) return false;
  const { body, tokens } = statement.written;
  const start = statement.span.start + (body?.inStatement({ start: 0, end: 0 }).start ?? tokens[0]!.start);
  return inside === 'do' || !usesCaller(`${withoutComments(text.slice(start, created.start))} ${rest}`, statement);
}

const kind = '(?:function|procedure|routine)';

/** Another way leads past the drop: a RETURN, or an IF that it stands in. */
function mayStay(before: string): boolean {
  const count = (pattern: RegExp): number => [...before.matchAll(pattern)].length;
  return /\breturn\b(?!\s+(?:query|next)\b)/i.test(before) || count(/(?<!\bend\s+)\bif\b(?!\s+(?:not\s+)?exists\s+[\w$"])/gi) > count(/\bend\s+if\b/gi);
}

/** The text of a parameter, a row or a setting is somewhere beside the routine that is created. */
function usesCaller(beside: string, { written }: SqlCommand['statement']): boolean {
  const texts = readHeader(written).parameters.filter(({ type, input }) => input && !isHarmless(classOfType(type)));
  return /\b(?:new|old|current_setting|current_query)\b|\$\d/i.test(beside)
    || texts.some(({ name }) => name !== undefined && new RegExp(`(?<![\\w$])${name.replace(/[^\w]/g, '.')}(?![\\w$])`, 'i').test(beside));
}

function withoutComments(text: string): string {
  return text.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
}
