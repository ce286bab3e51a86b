/** True for a path that says its files are for trying things out: a container image, a test, a fixture, an example. */
export function isTrialPath(path: string): boolean {
  return /(^|[/._-])(docker|dockerfiles?|compose|containers?|devcontainer|tests?|testing|testdata|fixtures?|examples?|samples?|demos?|e2e|ci)([/._-]|$)/i.test(path);
}
