import type { Document } from '../document.ts';

/** The file is for trying things out: the project says so or, where it says nothing, the path does. */
export function isTrial({ path, environment }: Document): boolean {
  return environment === undefined ? isTrialPath(path) : environment === 'development';
}

/** True for a path that says its files are for trying things out: a container image, a test, a fixture. Whole folder names count, not parts of words. */
export function isTrialPath(path: string): boolean {
  return /(^|\/)(\.?devcontainer|compose|containers?|([^/]*[-_])?tests?|__(tests?|fixtures?)__|testing|testdata|regress|fixtures?|e2e|[^/]*docker[^/]*)(\/|$)/i.test(path);
}

/** True for a path whose files show how something is done, or try it out: a secret in there opens nothing. */
export function isSamplePath(path: string): boolean {
  return isTrialPath(path) || /(^|\/)(docs?|documentation|examples?|samples?|demos?|tutorials?|regress|expected)(\/|$)/i.test(path);
}
