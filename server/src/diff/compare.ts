import type { Document, FileSet } from '../document.ts';
import type { HbaFacts } from '../facts/access.ts';
import { includedPaths } from '../facts/access.ts';
import { readConf, readHba } from '../facts/reading.ts';
import type { Objects } from '../facts/schema.ts';
import { sqlFacts } from '../facts/sql.ts';
import type { LintFinding, Looked } from '../lint.ts';
import { folderOf } from '../paths.ts';
import { severities } from '../rules/rule.ts';
import { Lines } from '../text.ts';
import { effects, Texts, type SecurityChange } from './change.ts';
import { confChanges } from './conf.ts';
import { KnownFindings } from './findings.ts';
import { hbaChanges } from './hba.ts';
import { sqlChanges, type SqlSide } from './sql.ts';

export type { Effect, SecurityChange } from './change.ts';

export interface SecurityDiff {
  /** What opens, what closes, what changes; each in the order of the files. */
  readonly changes: readonly SecurityChange[];
  readonly added: readonly ComparedFinding[];
  readonly fixed: readonly ComparedFinding[];
}

export interface ComparedFinding {
  readonly path: string;
  readonly line: number;
  readonly finding: LintFinding;
}

/** What a change does to security, by the documents that matter before and after it. For SQL the parser must have been loaded. */
export function compare(before: readonly Looked[], after: readonly Looked[]): SecurityDiff {
  const [old, now] = [before, after].map((looked) => looked.map(({ document }) => document)) as [Document[], Document[]];
  const changes = [
    ...inPairs(old, now, 'hba').flatMap(([one, other]) => hbaChanges(one && readHba(one), other && readHba(other))),
    ...inPairs(old, now, 'conf').flatMap(([one, other]) => confChanges(one && readConf(one), other && readConf(other))),
    ...inSets(old, now).flatMap(([one, other]) => sqlChanges(one, other)),
  ];
  const [added, fixed] = [withoutKnown(after, before), withoutKnown(before, after)];
  // What is said once of many places stands at another of them when the first one changes.
  return { changes: inOrder(distinct(changes)), added: gravestFirst(notAmong(fixed, added)), fixed: gravestFirst(notAmong(added, fixed)) };
}

/** The root documents of a language on both sides; what another one includes is read with it. */
function inPairs(before: readonly Document[], after: readonly Document[], language: 'hba' | 'conf'): [Document | undefined, Document | undefined][] {
  const [old, now] = [before, after].map((documents) => {
    const own = documents.filter((document) => document.language === language);
    const parts = new Set(own.flatMap((document) => partsOf(document)));
    return new Map(own.filter(({ path }) => !parts.has(path)).map((document) => [document.path, document]));
  }) as [Map<string, Document>, Map<string, Document>];
  return [...new Set([...old.keys(), ...now.keys()])].map((path) => [old.get(path), now.get(path)]);
}

function partsOf(document: Document): readonly string[] {
  if (document.language === 'conf') return [...readConf(document).settings.paths].filter((path) => path !== document.path);
  return includedBy(readHba(document));
}

function includedBy({ document, file }: HbaFacts): readonly string[] {
  return file.lines.flatMap((line) => (line.include ? includedPaths(document, document.path, line) : []));
}

/** The end states of each set of SQL files that the two sides have in common, or that one of them has alone. */
function inSets(before: readonly Document[], after: readonly Document[]): [SqlSide, SqlSide][] {
  const groups: Group[] = [];
  const add = (side: 'before' | 'after', document: Document) => {
    const paths = new Set(document.set?.files.map(({ path }) => path) ?? [document.path]);
    const group = groups.find((known) => [...paths].some((path) => known.paths.has(path)) || (document.set?.ordered && known.folders.has(folderOf(document.path))));
    if (group === undefined) {
      groups.push({ paths, folders: new Set([folderOf(document.path)]), before: [], after: [], [side]: [document] });
      return;
    }
    for (const path of paths) group.paths.add(path);
    group.folders.add(folderOf(document.path));
    group[side].push(document);
  };
  const sql = (documents: readonly Document[]) => documents.filter(({ language }) => language === 'sql');
  for (const document of sql(after)) add('after', document);
  for (const document of sql(before)) add('before', document);
  return groups.map((group) => [sideOf(group.before), sideOf(group.after)]);
}

interface Group {
  readonly paths: Set<string>;
  readonly folders: Set<string>;
  readonly before: Document[];
  readonly after: Document[];
}

/** More files without an order are only looked at where they changed. */
const mostUnordered = 100;

function sideOf(documents: readonly Document[]): SqlSide {
  const objects: Objects[] = [];
  const done = new Set<FileSet | string>();
  const once = (key: FileSet | string) => !done.has(key) && done.add(key);
  for (const document of documents) {
    const { set } = document;
    if (set?.ordered) {
      if (once(set)) objects.push(sqlFacts(document).schema);
      continue;
    }
    const others = set && set.files.length <= mostUnordered ? set.files : [document];
    for (const { path, text } of others) if (once(path)) objects.push(sqlFacts({ ...document, path, text }).objects);
  }
  return { objects, texts: new Texts(documents) };
}

function distinct(changes: readonly SecurityChange[]): SecurityChange[] {
  return [...new Map(changes.map((change) => [`${change.effect} ${change.text}`, change])).values()];
}

function inOrder(changes: readonly SecurityChange[]): SecurityChange[] {
  return [...changes].sort((a, b) => effects.indexOf(a.effect) - effects.indexOf(b.effect) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) || (a.line ?? 0) - (b.line ?? 0));
}

/** Those that are not said of the same file in the same words among the others. */
function notAmong(others: readonly ComparedFinding[], findings: readonly ComparedFinding[]): ComparedFinding[] {
  const words = ({ path, finding: { rule, message } }: ComparedFinding) => JSON.stringify([path, rule, message]);
  const known = new Map<string, number>();
  for (const other of others) known.set(words(other), (known.get(words(other)) ?? 0) + 1);
  return findings.filter((one) => {
    const left = known.get(words(one)) ?? 0;
    known.set(words(one), left - 1);
    return left <= 0;
  });
}

function gravestFirst(findings: readonly ComparedFinding[]): ComparedFinding[] {
  return [...findings].sort((a, b) => severities.indexOf(a.finding.severity) - severities.indexOf(b.finding.severity));
}

/** The findings of `looked` that `others` does not have. */
function withoutKnown(looked: readonly Looked[], others: readonly Looked[]): ComparedFinding[] {
  const paths = new Set(looked.map(({ document }) => document.path));
  const known = new KnownFindings(others, new Set(others.flatMap(({ document }) => (paths.has(document.path) ? [] : [document.path]))));
  return looked.flatMap((one) => {
    const { path, text } = one.document;
    const lines = new Lines(text);
    return known.newIn(one).map((finding) => ({ path, line: lines.position(finding.at.start).line + 1, finding }));
  });
}
