import type { Document } from '../document.ts';
import { isRollbackScript, isSetAside } from '../layouts/way-back.ts';
import { baseName, folderOf, isInside, resolvePath } from '../paths.ts';

/** The file is for trying things out: the project says so or, where it says nothing, the path does. */
export function isTrial(document: Document): boolean {
  const { environment, language } = document;
  if (environment !== undefined) return environment === 'development';
  return isTrialPath(document) || (language === 'sql' && isTestScript(document));
}

/** One of the scripts with which initdb makes a new cluster, in PostgreSQL's own sources: what is public in it is meant to be, in every cluster. */
export function isInitdbScript({ text }: Document): boolean {
  return /\bsrc\/backend\/(?:catalog|snowball)\/\w+\.sql\b/.test(text.slice(0, 1500));
}

/** SQL that tries something out, by its name or by what such scripts say: pg_regress, pgTAP, statements that are expected to fail. */
function isTestScript({ path, text, files }: Document): boolean {
  const name = baseName(path);
  if (files.list(resolvePath(folderOf(path), '../expected')).includes(name.replace(/\.sql$/, '.out'))) return true;
  return (/^tests?[-_.]|[-_.](tests?|spec|dev|development|local)\.\w+$/i.test(name) && !/^[VRU]?\d/.test(name)) || testMarks.test(text.slice(0, 50_000));
}

const testMarks = new RegExp([
  String.raw`^\\set (VERBOSITY|SHOW_CONTEXT)\b`, String.raw`\b(contrib_regression|regress_\w+)\b`,
  String.raw`--[^\n]*\b(should|must|expected to) (fail|error|succeed)\b|--[ \t]*(fails?|succeeds?)[ \t]*$`,
  String.raw`\b(no_plan *\( *\)|plan *\( *\d+ *\) *;)`,
].join('|'), 'm');

/** A script that takes another one back, by the names that migration tools give it: nobody is left with what it makes. */
export function isWayBack(place: Place): boolean {
  const path = placeOf(place);
  return isRollbackScript(path) || /(^|\/)((revert|rollbacks?)\/.*|(down|undo)\/[^/]+)$|(^|[/._-])(down|rollback)\.(\w+\.)?(p?sql|pgsql)$|(^|\/)U\d[\w.]*__[^/]*$/i.test(path);
}

/** It was put aside, and no list of a tool or of the user names it all the same. */
export function isDiscarded(document: Document): boolean {
  return isSetAside(placeOf(document)) && !/^(configured|sqitch|liquibase|drizzle|flyway)$/.test(document.set?.layout ?? '');
}

/** Where a file lies: its path, and the folder above which names say nothing of it. */
type Place = Pick<Document, 'path' | 'top'>;

/** True for a place that says its files are for trying things out: a container image, a test, a fixture. Whole folder names count, not parts of words. */
export function isTrialPath(place: Place): boolean {
  return /(^|\/)(\.?devcontainer|compose|containers?|\.?ci|([^/]*[-_])?tests?|tests?[-_][^/]*(?=\/)|__(tests?|fixtures?)__|testing|testdata|regress|fixtures?|corpus|e2e|[^/]*docker[^/]*)(\/|$)/i.test(placeOf(place));
}

/** True for a place whose files show how something is done, or try it out: a secret in there opens nothing. */
export function isSamplePath(place: Place): boolean {
  return isTrialPath(place) || /(^|\/)(docs?|documentation|examples?|samples?|demos?|tutorials?|quick-?starts?|chapter[ _-]?\d+|(code[ _-])?snippets|recipes|regress|expected)(\/|$)/i.test(placeOf(place));
}

/** Names on the path say something of the file, unless they are those of the folder that the project is in. */
export function isTelling(path: string): boolean {
  return isSamplePath({ path }) || isWayBack({ path }) || isSetAside(path);
}

/** The part of a path that tells something. */
export function placeOf({ path, top }: Place): string {
  return top !== undefined && isInside(top, path) ? path.slice(top.length) : path;
}
