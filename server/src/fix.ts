import { withText, type Document } from './document.ts';
import { remakeable, remakeableAround, type Remakeable } from './facts/sql/again.ts';
import { sqlFacts, type SqlFacts } from './facts/sql.ts';
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
  const unattended = (fix: Fix): boolean => (safety !== 'safe' || fix.safety === 'safe') && fix.edits.every(({ placeholders }) => placeholders === undefined);
  return apart(findings.flatMap(({ fixes: [fix] }) => (fix && unattended(fix) ? [fix] : [])));
}

function apart(fixes: readonly Fix[]): Fix[] {
  const chosen: Fix[] = [];
  const edits: Edit[] = [];
  for (const fix of fixes) {
    if (fix.edits.some((edit) => edits.some((other) => overlaps(edit.span, other.span)))) continue;
    chosen.push(fix);
    edits.push(...fix.edits);
  }
  return chosen;
}

/**
 * What a new migration has to hold to mend the findings that are `wanted`: the statements of their first fixes, each once. They are made in
 * turn in the text itself, so that fixes of one routine meet in one new version of it, and what a fix brings up is mended as well.
 */
export function laterStatements(document: Document, options: LintOptions, wanted: (finding: LintFinding) => boolean): string[] {
  const made: Made[] = [];
  let { text } = document;
  for (let round = 0; round < mostRounds; round++) {
    const facts = sqlFacts(withText(document, text));
    const fixes = apart(lint(facts.document, options).findings.filter(wanted).flatMap(({ fixes: [fix] }) => (isForLater(fix) ? [fix] : [])));
    made.push(...fixes.map((fix) => ({ fix, of: remakeableAround(facts, fix.edits) })));
    const next = applyEdits(text, fixes.flatMap((fix) => fix.edits));
    if (next === text) break;
    text = next;
  }
  return inOrder(made, sqlFacts(withText(document, text)));
}

interface Made {
  readonly fix: Fix;
  /** The routine or policy that it is about alone. */
  readonly of: Remakeable | undefined;
}

function isForLater(fix: Fix | undefined): fix is Fix {
  return fix !== undefined && (fix.statements?.length ?? 0) > 0 && !fix.blanks?.length;
}

/** What is made anew comes first: it would take away what the others do to it. */
function inOrder(made: readonly Made[], mended: SqlFacts): string[] {
  const joined = new Map<string, readonly string[]>();
  for (const { of } of made) {
    if (of === undefined || joined.has(of.key)) continue;
    const same = made.filter((other) => other.of?.key === of.key);
    const last = same.length > 1 && (of.policy || same.some(({ fix }) => fix.remakes)) ? remakeable(mended, of.key) : undefined;
    if (last) joined.set(of.key, last.anew(of));
  }
  const rest = made.filter(({ of }) => of === undefined || !joined.has(of.key)).map(({ fix }) => fix);
  const alone = [...rest.filter(({ remakes }) => remakes), ...rest.filter(({ remakes }) => !remakes)];
  return [...new Set([...[...joined.values()].flat(), ...alone.flatMap(({ statements }) => statements!)])];
}
