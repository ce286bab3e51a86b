import type { Fix } from '../../rules/rule.ts';
import { applyEdits, type Edit, type Span } from '../../text.ts';
import { quoteName, spell } from './cursor.ts';
import { isTopLevel } from './mending.ts';
import { targetOf } from './rls.ts';
import type { Routine } from '../schema.ts';
import type { SqlFacts } from '../sql.ts';

/**
 * Fixes that say, where they can, what a new migration needs to reach the same: a mended routine is created again with OR REPLACE,
 * a mended condition of a policy is set by ALTER POLICY. Those that say it themselves stay as they are.
 */
export function mendableLater(facts: SqlFacts, fixes: readonly Fix[]): readonly Fix[] {
  return fixes.map((fix) => (fix.statements ? fix : withStatements(facts, fix)));
}

function withStatements(facts: SqlFacts, fix: Fix): Fix {
  if (fix.edits.length === 0 || fix.edits.some(({ placeholders = [] }) => placeholders.length > 0)) return fix;
  const statement = routineAgain(facts, fix.edits) ?? policyAgain(facts, fix.edits);
  return statement === undefined ? fix : { ...fix, statements: [statement] };
}

function routineAgain(facts: SqlFacts, edits: readonly Edit[]): string | undefined {
  const routine = facts.routines.find((one) => facts.here(one.place) && holds(one.created.span, edits));
  if (!routine || !isWhole(routine) || edits.some(({ span }) => span.start < routine.at.end)) return undefined;
  const { start, end } = routine.created.span;
  const { schema, text } = routine;
  const home: Edit[] = text.name.parts.length === 1 && schema !== undefined ? [{ span: { start: routine.at.start, end: routine.at.start }, text: `${spell(schema)}.` }] : [];
  const all = [...home, ...edits].map(({ span, text: inserted }) => ({ span: { start: span.start - start, end: span.end - start }, text: inserted }));
  const mended = applyEdits(facts.document.text.slice(start, end), all).replace(/^(create)(\s+)(?!or\s)/i, (_, create: string, gap: string) => `${create}${gap}${create === 'create' ? 'or replace' : 'OR REPLACE'} `);
  return mended.replace(/\s*;?\s*$/, ';');
}

/** Creating it again takes nothing away that another statement has given it. */
function isWhole(routine: Routine): boolean {
  const { created, definer, path } = routine;
  const elsewhere = [definer, path.kind === 'list' ? path.place : undefined].some((place) => place && place.statement !== created);
  return !routine.moved && !elsewhere && path.kind !== 'unknown' && isTopLevel(routine.place) && !routine.target.includes('{');
}

function policyAgain(facts: SqlFacts, edits: readonly Edit[]): string | undefined {
  for (const table of facts.objects.relations) {
    for (const { name, using, check } of table.policies) {
      for (const [clause, expression] of [['USING', using], ['WITH CHECK', check]] as const) {
        if (!expression || !facts.here(expression.place) || !isTopLevel(expression.place) || !holds(expression.place.at, edits)) continue;
        const { start } = expression.place.at;
        const mended = applyEdits(expression.text, edits.map(({ span, text }) => ({ span: { start: span.start - start, end: span.end - start }, text })));
        return `ALTER POLICY ${quoteName(name)} ON ${targetOf(table)} ${clause} (${mended.trim()});`;
      }
    }
  }
  return undefined;
}

function holds({ start, end }: Span, edits: readonly Edit[]): boolean {
  return edits.every(({ span }) => span.start >= start && span.end <= end);
}
