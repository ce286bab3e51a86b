import type { Token } from '../../syntax/sql/lexer.ts';
import { codeOf } from '../../syntax/sql/lexer.ts';
import type { StatementText } from '../../syntax/sql/statements.ts';
import { closing, nameOf, splitAtCommas } from '../sql/tokens.ts';
import { grouped } from '../../grouped.ts';
import { heldByCheck } from './checks.ts';
import type { TypeClass } from './sql-types.ts';

/** A CHECK of a table that by itself says what one of its columns holds, or one that says nothing of that. */
export interface ColumnCheck {
  /** Undefined where PostgreSQL gives it a name. */
  readonly name: string | undefined;
  readonly column: string | undefined;
  readonly holds: TypeClass | undefined;
}

/** What ALTER TABLE and blocks say of the checks that tables have; names are without their schema. */
export interface CheckChange {
  readonly kind: 'check change';
  /** Undefined: whatever table has them. */
  readonly table: string | undefined;
  readonly added: readonly ColumnCheck[];
  readonly dropped: readonly string[];
  /** Those that the same statement adds again. */
  readonly replaced: readonly string[];
  /** The columns that are renamed or dropped. */
  readonly lost: readonly string[];
  /** A view, or what a query makes, is called like the table, perhaps in another schema. */
  readonly namesake?: true;
}

export interface CheckedTable {
  readonly name: string;
  readonly checks: readonly ColumnCheck[];
}

/** By table and column, what is stored there. The files of a set have no order here, so that a check which one of them takes away holds nothing, and of several tables of one name each has to have it. */
export function heldByChecks(tables: readonly CheckedTable[], changes: readonly CheckChange[]): ReadonlyMap<string, ReadonlyMap<string, TypeClass>> {
  const created = grouped(tables, ({ name }) => name);
  const changed = grouped(changes, ({ table }) => table ?? '');
  const anywhere = changed.get('') ?? [];
  const held = new Map<string, ReadonlyMap<string, TypeClass>>();
  for (const [name, [first, ...others]] of created) {
    const own = changed.get(name) ?? [];
    const of = (table: CheckedTable) => heldIn([...table.checks, ...(others.length === 0 ? own.flatMap(({ added }) => added) : [])], [...own, ...anywhere]);
    const columns = of(first!);
    for (const other of others) {
      const same = of(other);
      for (const [column, holds] of columns) if (same.get(column) !== holds) columns.delete(column);
    }
    if (columns.size > 0) held.set(name, columns);
  }
  return held;
}

function heldIn(checks: readonly ColumnCheck[], changes: readonly CheckChange[]): Map<string, TypeClass> {
  const columns = new Map<string, TypeClass>();
  if (checks.every(({ holds }) => holds === undefined) || changes.some(({ namesake }) => namesake)) return columns;
  const lost = new Set(changes.flatMap((one) => one.lost));
  const drops = grouped(changes.flatMap(({ dropped }) => dropped), (name) => name);
  const replaced = new Set(changes.flatMap((one) => one.replaced));
  const named = grouped(checks, ({ name }) => name ?? '');
  // As PostgreSQL may have called those without a name.
  const unnamedStay = ![...drops.keys(), ...replaced].some((name) => /check\d*$/.test(name));
  const stays = ({ name, column, holds }: ColumnCheck): boolean => {
    if (name === undefined) return unnamedStay;
    const gone = drops.get(name)?.length ?? 0;
    const same = named.get(name)!;
    return (gone === 0 && !replaced.has(name)) || (gone < same.length && same.every((one) => one.column === column && one.holds === holds));
  };
  for (const check of checks) {
    const { column, holds } = check;
    if (holds !== undefined && column !== undefined && !lost.has(column) && !columns.has(column) && stays(check)) columns.set(column, holds);
  }
  return columns;
}

/** Of the definitions between the parentheses of CREATE TABLE, or what stands behind ADD. */
export function checksIn(definitions: readonly (readonly Token[])[], text: string): ColumnCheck[] {
  return definitions.flatMap((tokens) => {
    const words = tokens.map((token) => (token.kind === 'string' ? "'" : nameOf(token, text)));
    const checks: ColumnCheck[] = [];
    for (let at = words.indexOf('check'); at >= 0; at = words.indexOf('check', at + 1)) {
      if (words[at + 1] !== '(') continue;
      const close = closing(tokens, at + 1, text);
      const held = exempts.test(words.slice(close + 1, close + 5).join(' ')) ? undefined : heldByCheck(tokens.slice(at + 1, close + 1), text);
      checks.push({ name: words[at - 2] === 'constraint' ? words[at - 1] : undefined, column: held?.subject, holds: held?.holds });
      at = close;
    }
    return checks;
  });
}

/** What is stored already, or in the tables that inherit it, may be anything. */
const exempts = /\bno inherit\b|\bnot (valid|enforced)\b/;

/** `ALTER TABLE t ADD CONSTRAINT c CHECK (…)`, `… DROP CONSTRAINT c`, `… RENAME COLUMN a TO b`; undefined when it says nothing of checks. */
export function readCheckChange({ tokens: all, text }: StatementText): CheckChange | undefined {
  if (!/\b(?:check|drop|rename)\b/i.test(text)) return undefined;
  const tokens = codeOf(all);
  const word = (index: number): string => nameOf(tokens[index], text);
  let at = 2;
  if (word(at) === 'if') at += 2;
  if (word(at) === 'only') at++;
  while (word(at + 1) === '.') at += 2;
  const table = word(at++);
  if (word(at) === '*') at++;
  const added: ColumnCheck[] = [];
  const dropped: string[] = [];
  const lost: string[] = [];
  for (const action of splitAtCommas(tokens.slice(at), text)) {
    const [verb, kind, name, ...rest] = action.slice(0, 6).map((token) => nameOf(token, text)).filter((one) => !/^(if|exists|column)$/.test(one));
    // ADD COLUMN IF NOT EXISTS adds nothing to a column that is there.
    if (verb === 'add' && kind !== 'not') added.push(...checksIn([action], text));
    else if ((verb === 'drop' || verb === 'rename') && kind === 'constraint') dropped.push(name ?? '');
    else if (verb === 'drop' || (verb === 'rename' && (name === 'to' || rest.length > 0))) lost.push(kind ?? '');
  }
  if (added.length + dropped.length + lost.length === 0) return undefined;
  const isAdded = (name: string): boolean => added.some((one) => one.name === name);
  return { kind: 'check change', table, added, dropped: dropped.filter((name) => !isAdded(name)), replaced: dropped.filter(isAdded), lost };
}

/** `CREATE VIEW api.parts`, `CREATE TABLE parts AS SELECT …` */
export function readNamesake({ tokens: all, text }: StatementText): CheckChange | undefined {
  const tokens = codeOf(all.slice(0, longestHead));
  const word = (index: number): string => nameOf(tokens[index], text);
  let at = tokens.findIndex((_, index) => /^(view|table)$/.test(word(index))) + 1;
  if (at === 0) return undefined;
  if (word(at) === 'if') at += 3;
  while (word(at + 1) === '.') at += 2;
  return { kind: 'check change', table: word(at), added: [], dropped: [], replaced: [], lost: [], namesake: true };
}

/** In tokens, up to the name. */
const longestHead = 40;

/** What a block drops, from whatever table. */
export function readDropsInside({ body }: StatementText): CheckChange | undefined {
  const dropped = [...(body?.text ?? '').matchAll(/\bdrop\s+constraint\s+(?:if\s+exists\s+)?"?([\w$]+)/gi)].map(([, name]) => name!.toLowerCase());
  return dropped.length === 0 ? undefined : { kind: 'check change', table: undefined, added: [], dropped, replaced: [], lost: [] };
}
