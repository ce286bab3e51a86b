import { withText, type Document } from './document.ts';
import { lint, type LintFinding, type LintOptions } from './lint.ts';
import type { Fix } from './rules/rule.ts';
import { applyEdits, overlaps, type Edit } from './text.ts';

/** More rounds than any chain of fixes needs; it only bounds two fixes that would undo each other. */
const mostRounds = 20;

/** `document` with the first fix of every finding made, until nothing is left to fix. `review` includes the safe ones. */
export function fixAll(document: Document, safety: Fix['safety'], options: LintOptions = {}): { text: string; applied: number } {
  let { text } = document;
  let applied = 0;
  for (let round = 0; round < mostRounds; round++) {
    const fixes = chooseFixes(lint(withText(document, text), options).findings, safety);
    const next = applyEdits(text, fixes.flatMap((fix) => fix.edits));
    if (next === text) break;
    text = next;
    applied += fixes.length;
  }
  return { text, applied };
}

/** The first fix of each finding that may be made unattended; of fixes that touch the same place only the first is taken. */
export function chooseFixes(findings: readonly LintFinding[], safety: Fix['safety']): Fix[] {
  const chosen: Fix[] = [];
  const edits: Edit[] = [];
  for (const { fixes: [fix] } of findings) {
    if (fix === undefined || (safety === 'safe' && fix.safety !== 'safe')) continue;
    if (fix.edits.some((edit) => edit.placeholders !== undefined)) continue;
    if (fix.edits.some((edit) => edits.some((other) => overlaps(edit.span, other.span)))) continue;
    chosen.push(fix);
    edits.push(...fix.edits);
  }
  return chosen;
}

/**
 * What a new migration has to hold to mend these findings: the statements of their first fixes, each once. One that creates a routine again
 * knows of its own finding alone: the first one is taken, and what else is wrong with the routine is then found in the new file.
 */
export function laterStatements(findings: readonly LintFinding[]): string[] {
  const again = new Set<string>();
  return [...new Set(findings.flatMap(({ fixes: [fix] }) => fix?.statements ?? []))].filter((statement) => {
    const [head] = /^(?:CREATE OR REPLACE (?:FUNCTION|PROCEDURE)|ALTER POLICY) [^)]*/i.exec(statement) ?? [];
    if (head === undefined) return true;
    const key = head.replace(/(\s(?:USING|WITH CHECK)) \(.*$/is, '$1');
    return !again.has(key) && again.add(key);
  });
}
