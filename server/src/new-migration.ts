import type { FileSet, SetFile } from './document.ts';
import { baseName, folderOf, resolvePath } from './paths.ts';

/** What has to be written so that statements run after all that the set holds. */
export interface NewMigration {
  /** To be created, the migration itself first. */
  readonly created: readonly { readonly path: string; readonly text: string }[];
  /** To be written into a file that is there, at its end where nothing else is said: the tool keeps its newest work or its list in it. */
  readonly appended?: { readonly path: string; readonly text: string; readonly at?: number };
}

/**
 * A migration named as the tool of this set names them. `words` say what it is for: `fix security definer search path`.
 * Undefined where a file does not have to be left as it is, and where the tool's own list is not understood.
 */
export function newMigration(set: FileSet, path: string, words: string, statements: readonly string[], now: Date): NewMigration | undefined {
  const last = lastMigration(set);
  if (last === undefined || !isVersioned(set, path)) return undefined;
  const newline = last.text.includes('\r\n') ? '\r\n' : '\n';
  const write = (lines: readonly string[]) => lines.flatMap((text) => text.split(/\r?\n/)).join(newline) + newline;
  switch (set.layout) {
    case 'graphile-migrate': {
      const current = set.files.find((file) => baseName(file.path) === 'current.sql');
      return current && { created: [], appended: { path: current.path, text: (/\S\s*$/.test(current.text) ? newline : '') + write(statements) } };
    }
    case 'liquibase': {
      const changeset = /^--\s*changeset\s+([^:\s]+):/im.exec(set.files.find((file) => file.path === path)!.text);
      if (changeset === null) return undefined;
      return { created: [], appended: { path, text: newline + write([`--changeset ${changeset[1]}:${slug(words, '-')}-${stamp(now, 14)}`, ...statements]) } };
    }
    case 'prisma': case 'up-folders': {
      const home = folderOf(folderOf(last.path));
      const name = baseName(folderOf(last.path));
      const folder = /^0+_/.test(name) ? firstName(set.layout, words, now) : nextName(name, '', words, now);
      if (folder === undefined) return undefined;
      const created = { path: resolvePath(home, `${folder}/${baseName(last.path)}`), text: write(statements) };
      return { created: [created, ...set.layout === 'prisma' ? [] : [{ path: resolvePath(home, `${folder}/down.sql`), text: write([wayBack]) }]] };
    }
    case 'drizzle': return drizzleEntry(set, last, words, statements, now, write);
    case 'sqitch': return sqitchChange(set, last, words, statements, now, write);
    default: {
      const own = baseName(last.path);
      const name = nextName(own, /(?:[._-]up)?\.\w+$/i.exec(own)?.[0] ?? '', words, now);
      if (name === undefined) return undefined;
      const created = { path: resolvePath(folderOf(last.path), name), text: write(framed(last.text, statements)) };
      const back = name.replace(/([._-])up(\.sql)$/i, '$1down$2');
      return { created: [created, ...back === name ? [] : [{ path: resolvePath(folderOf(last.path), back), text: write([wayBack]) }]] };
    }
  }
}

/** Deploy, revert and verify, and a line at the end of the plan, by the same planner as the last one. */
function sqitchChange({ list }: FileSet, last: SetFile, words: string, statements: readonly string[], now: Date, write: (lines: readonly string[]) => string): NewMigration | undefined {
  const planned = [...list?.text.matchAll(/^([^\s%#@][^\s]*)[^\n]*?\d{4}-\d\d-\d\dT[\d:]+Z\s+([^\n#]*<[^>\n]*>)/gm) ?? []];
  const [, home] = /^(.*?)(?:^|(?<=\/))deploy\//.exec(last.path) ?? [];
  const newest = planned.at(-1);
  if (!list || !newest || home === undefined) return undefined;
  const joint = planned.some(([, name]) => /-/.test(name!)) && !planned.some(([, name]) => /_/.test(name!)) ? '-' : '_';
  const taken = new Set(planned.map(([, name]) => name));
  const plain = slug(words, joint);
  let name = plain;
  for (let i = 2; taken.has(name); i++) name = `${plain}${joint}${i}`;
  const project = /^--\s*Deploy\s+([^\s:]+):/i.exec(last.text)?.[1];
  const called = project === undefined ? name : `${project}:${name}`;
  const time = now.toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    created: [
      { path: `${home}deploy/${name}.sql`, text: write([`-- Deploy ${called} to pg`, '', ...framed(last.text, statements)]) },
      { path: `${home}revert/${name}.sql`, text: write([`-- Revert ${called} from pg`, '', wayBack]) },
      { path: `${home}verify/${name}.sql`, text: write([`-- Verify ${called} on pg`, '', 'BEGIN;', 'ROLLBACK;']) },
    ],
    appended: { path: list.path, text: `${/\n$/.test(list.text) ? '' : '\n'}${write([`${name} ${time} ${newest[2]!.trim()} # ${words.replace(/^./, (first) => first.toUpperCase())}`])}` },
  };
}

/**
 * The file, and an entry of the journal that is like its last one. Drizzle applies what is later than the newest that a database has, so
 * its time must be later than all of them. The snapshot of its schema stays the one before: nothing here changes what Drizzle describes.
 */
function drizzleEntry({ list }: FileSet, last: SetFile, words: string, statements: readonly string[], now: Date, write: (lines: readonly string[]) => string): NewMigration | undefined {
  const [, gap, entry] = /([^\S]*)(\{[^{}]*\})\s*\]\s*\}\s*$/.exec(list?.text ?? '') ?? [];
  const numbers = (key: string): number[] => [...(list?.text ?? '').matchAll(new RegExp(`"${key}"\\s*:\\s*(\\d+)`, 'g'))].map(([, digits]) => Number(digits));
  const name = entry === undefined ? undefined : nextName(/"tag"\s*:\s*"([^"]+)"/.exec(entry)?.[1] ?? '', '', words, now);
  if (!list || entry === undefined || name === undefined || numbers('when').length === 0) return undefined;
  const values = { idx: Math.max(-1, ...numbers('idx')) + 1, when: Math.max(now.getTime(), ...numbers('when').map((when) => when + 1)), tag: `"${name}"` };
  const added = Object.entries(values).reduce((text, [key, value]) => text.replace(new RegExp(`("${key}"\\s*:\\s*)(?:"[^"]*"|\\d+)`), `$1${value}`), entry);
  const lines = /"breakpoints"\s*:\s*true/.test(entry) ? statements.map((statement, i) => (i + 1 < statements.length ? `${statement}--> statement-breakpoint` : statement)) : statements;
  return {
    created: [{ path: resolvePath(folderOf(last.path), `${name}.sql`), text: write(lines) }],
    appended: { path: list.path, text: `,${gap}${added}`, at: list.text.lastIndexOf(entry) + entry.length },
  };
}

const wayBack = '-- Nothing is undone: that would bring a security problem back.';

/** The file was applied once and is never applied again, so a change in it reaches no database that exists. */
export function isVersioned({ layout, files }: FileSet, path: string): boolean {
  const name = baseName(path);
  if (!files.some((file) => file.path === path)) return false;
  switch (layout) {
    case 'flyway': return /^[VB]\d/i.test(name);
    case 'supabase': return /(?:^|\/)migrations\/[^/]+$/.test(path);
    case 'graphile-migrate': return baseName(folderOf(path)) === 'committed';
    case 'sqitch': return /(?:^|\/)deploy\//.test(path);
    case 'prisma': case 'up-folders': case 'pairs': case 'numbered': case 'liquibase': case 'drizzle': return true;
    default: return false;
  }
}

function lastMigration(set: FileSet): SetFile | undefined {
  return set.files.findLast(({ path }) => isVersioned(set, path) && !/^B/.test(baseName(path))) ?? set.files.findLast(({ path }) => isVersioned(set, path));
}

/** `V9__b.sql` gives `V10__fix_x.sql`, `0009-b.up.sql` gives `0010-fix-x.up.sql`; undefined when there is no number to count on. */
function nextName(last: string, suffix: string, words: string, now: Date): string | undefined {
  const stem = last.slice(0, last.length - suffix.length);
  const [, letter, number, gap, rest] = numberShape.exec(stem) ?? [];
  if (number === undefined) return undefined;
  const next = (/^b$/i.test(letter!) ? 'V' : letter!) + nextNumber(number, now);
  const joint = /-/.test(gap! + rest!) && !/_/.test(gap! + rest!) ? '-' : '_';
  return next + (rest === '' ? '' : gap! + slug(words, joint)) + suffix;
}

/** The letter of Flyway, a version or a date or a number, what parts it from the description, and the description. */
const numberShape = /^([A-Za-z]?)((?<=^[VBvb])\d+(?:[._]\d+)*(?=__)|\d{4}[-_]\d{2}[-_]\d{2}(?:[-_T]\d{6})?|\d+(?:\.\d+)*)([_\-. ]*)(.*)$/;

/** The name behind a first migration that carries a zero instead of a time. */
function firstName(layout: 'prisma' | 'up-folders', words: string, now: Date): string {
  const time = stamp(now, 14);
  return `${layout === 'prisma' ? time : fill('0000-00-00-000000', time)}_${slug(words, '_')}`;
}

function slug(words: string, joint: string): string {
  return words.toLowerCase().replace(/[^a-z0-9]+/g, joint);
}

/** A time where the last one is a time, else one more; always more than the last. */
function nextNumber(last: string, now: Date): string {
  const digits = last.replace(/\D/g, '');
  const time = timeLike(digits, now);
  if (time !== undefined && time > digits) return fill(last, time);
  const tail = time === undefined ? /\d+$/.exec(last)![0] : digits;
  const more = String(BigInt(tail) + 1n).padStart(tail.length, '0');
  return time === undefined ? last.slice(0, last.length - tail.length) + more : fill(last, more);
}

/** Now, in as many digits and of the same kind; undefined when the digits tell no time of this century or the last. */
function timeLike(digits: string, now: Date): string | undefined {
  if (/^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{4}|\d{6}|\d{9})?$/.test(digits)) return stamp(now, digits.length);
  if (/^1\d{9}$/.test(digits)) return String(Math.floor(now.getTime() / 1000));
  if (/^1\d{12}$/.test(digits)) return String(now.getTime());
  return undefined;
}

function stamp(now: Date, length: number): string {
  return now.toISOString().replace(/\D/g, '').slice(0, length);
}

/** The digits in the shape of another number: `2024-01-02-030405`. */
function fill(shape: string, digits: string): string {
  let at = 0;
  return shape.replace(/\d/g, () => digits[at++]!);
}

/** Marks that a tool wants around the way there and the way back, as the last migration has them. */
const marks: readonly { readonly up: RegExp; readonly down: string; readonly block?: readonly [string, string] }[] = [
  { up: /^--\s*migrate:up\b.*$/im, down: '-- migrate:down' },
  { up: /^--\s*\+goose\s+up\s*$/im, down: '-- +goose Down', block: ['-- +goose StatementBegin', '-- +goose StatementEnd'] },
  { up: /^--\s*\+migrate\s+up\b.*$/im, down: '-- +migrate Down', block: ['-- +migrate StatementBegin', '-- +migrate StatementEnd'] },
  { up: /^--\s*\+micrate\s+up\s*$/im, down: '-- +micrate Down', block: ['-- +micrate StatementBegin', '-- +micrate StatementEnd'] },
  { up: /^--\s*rambler\s+up\s*$/im, down: '-- rambler down' },
  { up: /^--\s*up\s+migration\b.*$/im, down: '-- Down Migration' },
  { up: /^(?:#|--)[\s-]*!Ups\s*$/m, down: '-- !Downs' },
];

function framed(last: string, statements: readonly string[]): readonly string[] {
  for (const { up, down, block } of marks) {
    const found = up.exec(last)?.[0].trim();
    if (found === undefined) continue;
    const lines = statements.flatMap((statement) => (block && /;[\s\S]*;/.test(statement) ? [block[0], statement, block[1]] : [statement]));
    return [found, ...lines, '', found.startsWith('#') ? down.replace('--', '# ---') : down, wayBack];
  }
  const transaction = /^\s*begin(?:\s+(?:transaction|work))?\s*;/im.test(last) && /^\s*(?:commit|end)\s*;/im.test(last);
  return transaction ? ['BEGIN;', ...statements, 'COMMIT;'] : statements;
}
