import type { Case } from './lab.ts';
import { literalOf } from './matrix.ts';
import type { Writing } from './writings.ts';
import { readSql, writings } from './writings.ts';

/** Statements put together from clauses, written in any way, with values of any type: `count` of them, the same ones for the same seed. */
export function generate(count: number, seed: number): Case[] {
  return Array.from({ length: count }, (_, index) => generateOne(new Draw(seed * 1_000_003 + index), `generated ${seed}/${index}`));
}

/** A value in a statement: what is written around it there, and what may come in through it. */
interface Slot {
  readonly clause: string;
  readonly type: string;
  /** Arguments as SQL; the first one is used while another slot varies. */
  readonly honest: readonly string[];
  readonly attacks: readonly string[];
  /** Values that fail, with a cast only when a row is looked at. */
  readonly late?: readonly string[];
  readonly wrap?: string;
  /** `typed`: only where the type of the column is known there is something right to offer. */
  readonly verdict: 'safe' | 'unsafe' | 'typed' | 'hopeless';
    readonly kind: 'text' | 'number' | 'name' | 'direction' | 'other';
}

const harmless = ['alice', 'bob', '', '\\', 'C:\\new', '%', '_', '%s %L $1', '$$', '$fn$', '$s$', 'é😀', '--', '/*', ';', 'x'.repeat(2000), 'a\nb', '"'];
const hostile = [`'`, `''`, `\\`, `\\'`, `O'Brien`, `\\' OR lab.spy() IS NOT NULL --`, `$fn$ OR lab.spy() IS NOT NULL --`, `'||lab.spy()||'`, `' OR lab.spy() IS NOT NULL --`, `') OR lab.spy() IS NOT NULL --`, `'; SELECT lab.spy(); --`, `'); SELECT lab.spy(); --`];
const numbers = ['1', '2', '99'];
const columns = ['name', 'email', 'id', 'nonsense'];

function textSlot(clause: string, honest: readonly string[], attacks: readonly string[] = []): Slot {
  return { clause, type: 'text', honest: honest.map(literalOf), attacks: [...attacks, ...hostile].map(literalOf), verdict: 'unsafe', kind: 'text' };
}

/** The same place with a value whose type keeps everything out, or that is quoted as it should be. */
function safeSlot(clause: string, type: string, honest: readonly string[], wrap?: string): Slot {
  const attacks = type === 'text' ? hostile.map(literalOf) : [];
  return { clause, type, honest, attacks, verdict: 'safe', kind: 'other', ...(wrap ? { wrap } : {}) };
}

const conditions: readonly Slot[] = [
  textSlot(`name = '{x}'`, harmless),
  textSlot(`u.name <> '{x}'`, harmless),
  textSlot(`email LIKE '%{x}%'`, harmless),
  textSlot(`name ILIKE '{x}_%' ESCAPE '!'`, harmless),
  textSlot(`coalesce(secret, 'it''s') <> '{x}'`, harmless),
  textSlot(`code = '{x}'`, ['ab', 'ab  ', '']),
  textSlot(`name IN ('alice', '{x}')`, harmless),
  textSlot(`(name, id) = ('{x}', 1)`, harmless),
  textSlot(`name = lower('{x}') || ''`, harmless),
  textSlot(`data ->> 'k' = '{x}'`, harmless),
  textSlot(`id = ANY('{{x}}')`, ['1,2', '3', ''], [`1}') OR lab.spy() IS NOT NULL --`]),
  textSlot(`born BETWEEN date '{x}' AND '2024-12-31'`, ['2024-01-01', '2024-02-01'], [`2024-01-01' AND '2024-12-31' OR lab.spy() IS NOT NULL --`]),
  { ...textSlot(`born >= '{x}'`, ['2024-01-01'], [`2024-01-01' OR lab.spy() IS NOT NULL --`]), late: [literalOf('nonsense')] },
  textSlot(`id::text = '{x}'`, ['1', '2']),
  { ...textSlot(`u.id = '{x}'`, ['1', '2'], [`1' OR lab.spy() IS NOT NULL --`]), late: [literalOf('nonsense')] },
  { ...textSlot(`id = {x}`, numbers, [`1 OR lab.spy() IS NOT NULL --`, `1; SELECT lab.spy(); --`]), kind: 'number' },
  { ...textSlot(`id < {x} AND 7 % 4 = 3`, numbers, [`1 OR lab.spy() IS NOT NULL --`, `1; SELECT lab.spy(); --`]), kind: 'number' },
  { ...textSlot(`{x} = 'alice'`, ['name', 'email', 'nonsense'], [`lab.spy() IS NOT NULL OR name`]), kind: 'name' },
  { ...textSlot(`u.{x} IS NOT NULL`, columns, [`id IS NULL OR lab.spy() IS NOT NULL --`]), kind: 'name' },
  { ...textSlot(`u."{x}" IS NOT NULL`, ['name', 'Name', 'é%'], [`id" IS NULL OR lab.spy() IS NOT NULL --`]), kind: 'name' },
  { ...textSlot(`{x}`, ['true'], [`lab.spy() IS NOT NULL`]), verdict: 'hopeless', kind: 'other' },
  { ...textSlot(`id IN ({x})`, ['1,2', '3', ' 1 , 2'], [`1) OR lab.spy() IS NOT NULL --`]), verdict: 'typed', kind: 'other' },
  { ...textSlot(`id NOT IN ({x})`, ['1,2', '3', ' 1 , 2'], [`1) OR lab.spy() IS NOT NULL --`]), verdict: 'typed', kind: 'other' },
  { ...textSlot(`id IN ({x})`, []), type: 'text[]', wrap: `array_to_string(x, ',')`, honest: [`ARRAY['1', '2']`, `ARRAY['3']`], attacks: [`ARRAY['1) OR lab.spy() IS NOT NULL --']`], kind: 'other' },
  { ...textSlot(`name IN ('{x}')`, []), type: 'text[]', wrap: `array_to_string(x, ''',''')`, honest: [`ARRAY['alice', 'bob']`, `ARRAY['é']`, `ARRAY['%s']`], attacks: [`ARRAY[E'x'') OR lab.spy() IS NOT NULL --']`], kind: 'other' },
  { ...textSlot(`name = '{x}'`, []), type: 'varchar', honest: harmless.map(literalOf), attacks: hostile.map(literalOf) },
  { ...textSlot(`name = '{x}'`, []), type: 'name', honest: ['alice', 'é'].map(literalOf), attacks: hostile.map(literalOf) },
  { ...textSlot(`data::text <> '{x}'`, []), type: 'jsonb', wrap: 'x::text', honest: [`'{"k": "v"}'`, `'{"k": "%L"}'`], attacks: [`'{"k": "'' OR lab.spy() IS NOT NULL --"}'`] },
  { ...textSlot(`name = '{x}'`, harmless), wrap: 'lower(x)' },
  { ...textSlot(`name = '{x}'`, harmless), wrap: `coalesce(x, 'alice')` },
  { ...textSlot(`name = '{x}'`, harmless), wrap: `(x)` },
  { ...textSlot(`name = '{x}'`, harmless), wrap: `replace(x, '''', '''''')` },
  safeSlot(`name = {x}`, 'text', harmless.map(literalOf), 'quote_literal(x)'),
  safeSlot(`name IS NOT DISTINCT FROM {x}`, 'text', harmless.map(literalOf), 'quote_nullable(x)'),
  safeSlot(`{x} IS NOT NULL`, 'text', ['name', 'email'].map(literalOf), 'quote_ident(x)'),
  safeSlot(`id = {x}`, 'int', ['1', '-2']),
  safeSlot(`id = '{x}'`, 'bigint', ['1', '2']),
  safeSlot(`'{x}'::boolean`, 'boolean', ['true', 'false']),
  safeSlot(`born > '{x}'`, 'date', [`'2024-01-01'`]),
  safeSlot(`seen > '{x}'::timestamp`, 'timestamp', [`'2024-01-01 10:00'`]),
  safeSlot(`id::numeric < {x}`, 'numeric(6,2)', ['1.5', '99']),
  safeSlot(`'{x}' <> name`, 'uuid', [`'00000000-0000-0000-0000-000000000001'`]),
];

const tables: readonly (Slot | string)[] = [
  'lab.users u', 'lab.users u', 'lab.users u', 'users u',
  { ...textSlot('lab.{x} u', ['users', 'nonsense'], [`users u, lab.spy() --`, `users u; SELECT lab.spy(); --`]), kind: 'name' },
  { ...textSlot('{x} u', ['users', 'nonsense'], [`users u, lab.spy() --`, `users u; SELECT lab.spy(); --`]), kind: 'name' },
  { ...textSlot('lab."{x}" u', ['users', 'Nonsense'], [`users" u, lab.spy() --`, `users" u; SELECT lab.spy(); --`]), kind: 'name' },
  safeSlot('{x} u', 'regclass', [`'lab.users'`]),
];

const orders: readonly (Slot | string)[] = [
  '', '', ` ORDER BY u.id DESC`,
  { ...textSlot(' ORDER BY {x}', columns, [`lab.spy()`, `id, lab.spy() --`]), kind: 'name' },
  { ...textSlot(' ORDER BY u.name {x}', ['asc', 'DESC'], [`, lab.spy() --`, `, lab.spy()`]), kind: 'direction' },
];
const limits: readonly (Slot | string)[] = [
  '', '',
  { ...textSlot(' LIMIT {x}', ['1', '2', '0'], [`length(lab.spy())`, `1; SELECT lab.spy(); --`]), kind: 'number' },
  safeSlot(' LIMIT {x}', 'int', ['1', '2']),
  safeSlot(' OFFSET {x}', 'bigint', ['1', '0']),
];
const assignments: readonly Slot[] = [
  textSlot(`name = '{x}'`, harmless, [`'||lab.spy()||'`]),
  textSlot(`email = 'a{x}'`, ['b', 'c'.repeat(60)], [`'||lab.spy()||'`]),
  { ...textSlot(`born = '{x}'`, ['2024-05-06'], [`2024-05-06', name = lab.spy() --`]), late: [literalOf('nonsense')] },
  { ...textSlot(`{x} = 'new'`, ['name', 'secret', 'nonsense'], [`name = lab.spy(), email`]), kind: 'name' },
  { ...textSlot(`id = {x}`, ['77'], [`length(lab.spy())`]), kind: 'number' },
];

const usersNow = `SELECT string_agg(u::text, ',' ORDER BY id) FROM (SELECT id, name, email, born, secret FROM lab.users) u`;

function generateOne(draw: Draw, id: string): Case {
  const parts: (Slot | string)[] = [];
  const kind = draw.from(['select', 'select', 'select', 'update', 'delete', 'insert'] as const);
  const where = (): void => {
    parts.push(' WHERE ', draw.from(conditions));
    while (draw.chance(0.4)) parts.push(draw.from([' AND ', ' AND ', ' OR ']), draw.from(conditions));
  };
  if (kind === 'select') {
    parts.push(draw.from(['SELECT u.id, u.name FROM ', 'SELECT * FROM ', `SELECT 'it''s ' || u.name || ' 100%' FROM `, 'SELECT count(*) OVER (), u.name FROM ']), draw.from(tables));
    where();
    parts.push(draw.from(orders), draw.from(limits));
  } else if (kind === 'update') {
    parts.push('UPDATE ', draw.from(tables.filter((one) => one !== 'users u' || draw.chance(0.5))), ' SET ', draw.from(assignments));
    where();
  } else if (kind === 'delete') {
    parts.push('DELETE FROM ', draw.from(tables));
    where();
  } else {
    parts.push(`INSERT INTO lab.log (msg, at) SELECT u.name, u.id FROM `, draw.from(tables));
    where();
  }
  return caseOf(draw, id, parts, kind === 'select');
}

function caseOf(draw: Draw, id: string, parts: readonly (Slot | string)[], isQuery: boolean): Case {
  const slots = parts.filter((part) => typeof part !== 'string');
  const names = slots.map((_, index) => `p${index}`);
  let next = 0;
  const sql = parts.map((part) => (typeof part === 'string' ? part : part.clause.replace('{x}', () => `{p${next++}}`))).join('');
  const wraps = new Map(slots.map((slot, index) => [names[index]!, slot.wrap?.replace(/\bx\b/, names[index]!) ?? names[index]!]));
  const writing: Writing = draw.from(writings.filter((one) => isQuery || !one.query).filter((one) => one.id !== 'a renamed value' && !one.body));
  const quoting = writing.quoting ?? (draw.chance(0.15) ? draw.from(['single', 'escape'] as const) : undefined);
  const escaping = draw.chance(0.12) || slots.some(({ wrap }) => wrap?.startsWith('replace'));
  const verdicts = slots.map(({ verdict }) => verdict);
  const escapes = (args: string): boolean => escaping && args.includes('\\\\');
  const honest = combined(slots, ({ honest: values }) => values, draw);
  const nulls = [slots.map(() => 'NULL').join(', ')];
  const known = {
    null: writing.nulls ? [] : verdicts.some((one) => one === 'unsafe' || one === 'typed') && slots.every(({ kind }) => kind !== 'direction') ? nulls : [],
    late: combined(slots, ({ late = [] }) => late, draw, false),
    backslash: honest.filter(escapes),
  };
  return {
    id: `${id}, ${writing.id}`,
    params: slots.map((slot, index) => `${names[index]} ${slot.type}`).join(', '),
    body: writing.write(readSql(sql, (name) => wraps.get(name)!, !isQuery)),
    honest: [...honest.filter((args) => !escapes(args)), ...(writing.nulls ? nulls : [])],
    known,
    unsure: true,
    attacks: combined(slots, ({ attacks }) => attacks, draw, false),
    check: isQuery ? '' : `(${usersNow}) || (SELECT string_agg(msg, ',' ORDER BY msg) FROM lab.log)`,
    ...(escaping ? { settings: `SET LOCAL standard_conforming_strings = off; SET LOCAL search_path = pg_catalog, lab` } : {}),
    ...(quoting ? { quoting } : {}),
    ...(draw.chance(0.3) ? { alone: true } : {}),
    ...(verdicts.includes('hopeless') ? { expect: 'none' } : verdicts.includes('typed') ? { expect: 'maybe' } : verdicts.every((one) => one === 'safe') ? { expect: 'silent' } : {}),
  };
}

/** One slot after another takes each of its values, while the others hold their first one. */
function combined(slots: readonly Slot[], valuesOf: (slot: Slot) => readonly string[], draw: Draw, withFirst = true): string[] {
  const first = slots.map(({ honest }) => honest[0]!);
  const others = slots.flatMap((slot, at) => valuesOf(slot).map((value) => first.map((one, index) => (index === at ? value : one)).join(', ')));
  return [...new Set([...(withFirst ? [first.join(', ')] : []), ...draw.some(others, 40)])];
}

/** Pseudo-random numbers that are the same for the same seed (mulberry32). */
class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(of: number): boolean {
    return this.next() < of;
  }

  from<T>(all: readonly T[]): T {
    return all[Math.floor(this.next() * all.length)]!;
  }

  /** At most `count` of them, in their order. */
  some<T>(all: readonly T[], count: number): T[] {
    return all.filter(() => this.next() < count / Math.max(1, all.length));
  }
}
