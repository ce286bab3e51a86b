import type { FileSet } from '../../document.ts';
import type { Fix } from '../../rules/rule.ts';
import type { SqlFile } from '../../syntax/sql/statements.ts';
import { applyEdits, type Edit, type Span } from '../../text.ts';
import { remembered } from '../remembered.ts';
import { fileOf } from '../replay/read-schema.ts';
import { Cursor, quoteName, spell } from './cursor.ts';
import { laterStatement, isTopLevel } from './mending.ts';
import { targetOf } from './rls.ts';
import type { Policy, PolicyExpression, Relation, Routine } from '../schema.ts';
import type { SqlFacts } from '../sql.ts';

/** What a later file can make anew: a routine with OR REPLACE, the conditions of a policy with ALTER POLICY. */
export interface Remakeable {
  /** The same in another version of the file. */
  readonly key: string;
  /** Where the file says what it is: an edit that lies inside changes nothing else. */
  readonly span: Span;
  /** What makes it anew as it is when the edits are made; none: they change nothing that can be made anew. */
  statements(edits: readonly Edit[]): readonly string[];
  /** What turns its older version into this one. */
  anew(before: Remakeable): readonly string[];
  readonly policy?: Policy;
}

/** Fixes that say, where they can, what a new migration needs to reach the same. Those that say it themselves stay as they are. */
export function mendableLater(facts: SqlFacts, fixes: readonly Fix[]): readonly Fix[] {
  return fixes.map((fix) => (fix.statements ? fix : withStatements(facts, fix)));
}

function withStatements(facts: SqlFacts, fix: Fix): Fix {
  const { edits } = fix;
  const remade = remakeableAround(facts, edits);
  const statements = remade?.statements(edits) ?? [];
  if (remade === undefined || statements.length === 0) return fix;
  const blanks = edits.flatMap(({ text, placeholders = [] }) => placeholders.map(({ start, end }) => text.slice(start, end)));
  return { ...fix, statements, remakes: remade.key, ...blanks.length > 0 && { blanks } };
}

/** What all of the edits are about. */
export function remakeableAround(facts: SqlFacts, edits: readonly Edit[]): Remakeable | undefined {
  const here = (span: Span): boolean => edits.length > 0 && edits.every((edit) => edit.span.start >= span.start && edit.span.end <= span.end);
  const routine = facts.routines.find((one) => facts.here(one.place) && here(behindName(one)));
  if (routine) return remakeableRoutine(facts, routine);
  for (const table of facts.objects.relations) {
    const policy = table.policies.find((one) => conditions(facts, one).some(({ place }) => here(place.statement.span)));
    if (policy) return remakeablePolicy(table, policy);
  }
  return undefined;
}

/** What has this key in another version of the file. */
export function remakeable(facts: SqlFacts, key: string): Remakeable | undefined {
  for (const routine of facts.routines) if (keyOfRoutine(routine) === key && facts.here(routine.place)) return remakeableRoutine(facts, routine);
  for (const table of facts.objects.relations) {
    for (const policy of table.policies) if (keyOfPolicy(table, policy) === key) return remakeablePolicy(table, policy);
  }
  return undefined;
}

function behindName({ at, created }: Routine): Span {
  return { start: at.end, end: created.span.end };
}

function keyOfRoutine({ schema, target }: Routine): string {
  return `routine ${schema ?? ''} ${target}`;
}

function remakeableRoutine(facts: SqlFacts, routine: Routine): Remakeable | undefined {
  const behind = statementsBehind(facts, routine);
  return behind && {
    key: keyOfRoutine(routine),
    span: behindName(routine),
    statements: (edits) => [routineAgain(facts.document.text, routine, edits), ...behind],
    anew: () => [routineAgain(facts.document.text, routine, []), ...behind],
  };
}

function routineAgain(file: string, { created, schema, text, at }: Routine, edits: readonly Edit[]): string {
  const { start, end } = created.span;
  const home: Edit[] = text.name.parts.length === 1 && schema !== undefined ? [{ span: { start: at.start, end: at.start }, text: `${spell(schema)}.` }] : [];
  const all = [...home, ...edits].map(({ span, text: inserted }) => ({ span: { start: span.start - start, end: span.end - start }, text: inserted }));
  const mended = applyEdits(file.slice(start, end), all).replace(/^(create)(\s+)(?!or\s)/i, (_, create: string, gap: string) => `${create}${gap}${create === 'create' ? 'or replace' : 'OR REPLACE'} `);
  return mended.replace(/\s*;?\s*$/, ';');
}

/** What other statements have given the routine, and creating it again would take away; undefined when that cannot be told. */
function statementsBehind(facts: SqlFacts, routine: Routine): readonly string[] | undefined {
  const { created, definer, path, text: { changes } } = routine;
  if (routine.moved || path.kind === 'unknown' || !isTopLevel(routine.place) || routine.target.includes('{')) return undefined;
  const taken = (changes.security?.definer && !definer) || (changes.path?.kind === 'list' && path.kind === 'none');
  if (taken || isAlteredOtherwise(facts, routine)) return undefined;
  return [
    ...definer && definer.statement !== created ? [laterStatement(routine, 'ALTER', 'SECURITY DEFINER')!] : [],
    ...path.kind === 'list' && path.place.statement !== created ? [laterStatement(routine, 'ALTER', `SET search_path = ${path.entries.map(({ text }) => text).join(', ')}`)!] : [],
  ];
}

/** An ALTER behind it speaks of its name and does something that is not known here: sets another parameter, makes it STRICT. */
function isAlteredOtherwise({ document: { path, set }, file }: SqlFacts, { created, name }: Routine): boolean {
  if (alterationsOf(file).some(({ of, start }) => of === name && start > created.span.start)) return true;
  return set !== undefined && alteredElsewhere(set).some((other) => other.of === name && other.path !== path && (!set.ordered || other.place > (placesIn(set).get(path) ?? -1)));
}

interface Alteration {
  /** The last part of the routine's name. */
  readonly of: string;
  readonly start: number;
}

/** The alterations that do something that is not known here. */
const alterationsOf = remembered(({ statements }: SqlFile): readonly Alteration[] => statements.flatMap(({ written, span }) => {
  if (!/^ALTER (FUNCTION|PROCEDURE|ROUTINE)\b/.test(written.head) || understood.test(written.text)) return [];
  const cursor = Cursor.over(written);
  cursor.index += 2;
  const of = cursor.name()?.parts.at(-1)?.name;
  return of === undefined ? [] : [{ of, start: span.start }];
}));

const alteredElsewhere = remembered(({ files }: FileSet) => files.flatMap((file, place) => (
  altersRoutine.test(file.text) ? alterationsOf(fileOf(file)).map(({ of }) => ({ of, path: file.path, place })) : []
)));

const placesIn = remembered(({ files }: FileSet): ReadonlyMap<string, number> => new Map(files.map(({ path }, place) => [path, place])));

const altersRoutine = /\balter\s+(?:function|procedure|routine)\b/i;
const understood = /[\s)](?:owner\s+to|rename\s+to|set\s+schema|(?:external\s+)?security\s+(?:definer|invoker)|(?:re)?set\s+search_path\b[^;]*)\s*[^\s;]*\s*;?\s*$/i;

function keyOfPolicy(table: Relation, { name }: Policy): string {
  return `policy ${quoteName(name)} ON ${targetOf(table)}`;
}

/** The parts of a policy that a statement of this file has given it. */
function conditions(facts: SqlFacts, { using, check }: Policy): readonly PolicyExpression[] {
  return [using, check].filter((one) => one !== undefined).filter(({ place }) => facts.here(place) && isTopLevel(place));
}

function remakeablePolicy(table: Relation, policy: Policy): Remakeable {
  const { using, check } = policy;
  const alter = (...parts: readonly (string | undefined)[]): readonly string[] => {
    const said = parts.filter((part) => part !== undefined);
    return said.length > 0 ? [`ALTER POLICY ${quoteName(policy.name)} ON ${targetOf(table)} ${said.join(' ')};`] : [];
  };
  return {
    key: keyOfPolicy(table, policy),
    span: (using ?? check)!.place.statement.span,
    policy,
    statements: (edits) => alter(condition('USING', using, edits), condition('WITH CHECK', check, edits)),
    anew({ policy: before }) {
      const changed = (one: PolicyExpression | undefined, old: PolicyExpression | undefined): PolicyExpression | undefined => (one?.text === old?.text ? undefined : one);
      // Where WITH CHECK is gone USING is asked instead, and no ALTER takes it away.
      return alter(condition('USING', changed(using, before?.using)), condition('WITH CHECK', changed(check ?? (before?.check && using), before?.check)));
    },
  };
}

/** Undefined when none of the edits lies inside of it; without edits as it is. */
function condition(words: string, expression: PolicyExpression | undefined, edits?: readonly Edit[]): string | undefined {
  if (!expression) return undefined;
  const { start, end } = expression.place.at;
  const inside = edits?.filter(({ span }) => span.start >= start && span.end <= end).map(({ span, text }) => ({ span: { start: span.start - start, end: span.end - start }, text }));
  return inside?.length === 0 ? undefined : `${words} (${applyEdits(expression.text, inside ?? []).trim()})`;
}
