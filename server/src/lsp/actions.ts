import type { CodeAction, CodeActionContext, Diagnostic, Range } from 'vscode-languageserver';
import { chooseFixes, fixAll } from '../fix.ts';
import { writtenOf, type LintFinding } from '../lint.ts';
import { suppressionEdit } from '../policy/suppressions.ts';
import type { Fix, Language } from '../rules/rule.ts';
import { overlaps, type Edit } from '../text.ts';
import type { Client } from './client.ts';
import { source } from './diagnostics.ts';
import { differenceOf, workspaceEdit } from './edits.ts';
import { documentationKind, fixAllKind, fixKind, newMigrationKind, suppressKind } from './kinds.ts';
import type { Look } from './looks.ts';
import { turnOffEdit } from './project.ts';
import { Migrations, type Circumstances } from './migrations.ts';

/** Everything that can be done about the findings in `range`. Made from the look alone: what the editor remembers may be old. */
export async function actionsAt(look: Look, range: Range, context: CodeActionContext, circumstances: Circumstances): Promise<CodeAction[]> {
  const span = look.places.span(range);
  const wants = (kind: string) => context.only === undefined || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  const here = look.findings.filter((finding) => overlaps(finding.at, span));
  const { client } = circumstances;
  const project = here.length > 0 && client.createsFiles ? await circumstances.project() : undefined;
  const turnOff = (rule: string): Pick<CodeAction, 'edit' | 'command'> | undefined => {
    const edit = project && turnOffEdit(project, rule, circumstances.others);
    if (edit === undefined || client.saveFileCommand === undefined || project!.unsaved) return edit && { edit };
    return { edit, command: { title: 'Save pgrampart.jsonc', command: client.saveFileCommand, arguments: [circumstances.others.uriOf(project!.path)] } };
  };
  const migrations = await Migrations.of(look, here.length > 0 || (context.only !== undefined && wants(newMigrationKind)), circumstances);
  const actions = merged(here.flatMap((finding) => actionsFor(look, finding, context.diagnostics, client, migrations, turnOff)).filter((action) => wants(action.kind!)));
  if (context.only !== undefined && wants(fixAllKind)) actions.push(...fixEverything(look, client));
  if (context.only !== undefined && wants(newMigrationKind)) actions.push(...migrations.everything());
  return actions;
}

/** Two rules that see the same place may propose the same edit; it is offered once and solves both problems. */
function merged(actions: readonly CodeAction[]): CodeAction[] {
  const kept = new Map<string, CodeAction>();
  for (const action of actions) {
    const key = JSON.stringify([action.kind, action.title, action.edit, action.command]);
    const same = kept.get(key);
    if (same === undefined) kept.set(key, action);
    else kept.set(key, { ...same, diagnostics: [...same.diagnostics!, ...action.diagnostics!], ...(action.isPreferred ? { isPreferred: true } : {}) });
  }
  return [...kept.values()];
}

/** At most seven, so that the menu stays readable. */
function actionsFor(look: Look, finding: LintFinding, known: readonly Diagnostic[], client: Client, migrations: Migrations, turnOff: TurnOff): CodeAction[] {
  const diagnostics = diagnosticFor(look, finding, known);
  const all = [...migrations.fixingAll(finding, diagnostics), ...fixAllOf(look, finding, diagnostics, client)].slice(0, 1);
  const fixes = finding.fixes.flatMap((fix, index) => {
    const later = migrations.fixing(finding, fix, diagnostics);
    const inPlace: CodeAction = { title: migrations.titleInPlace(fix), kind: fixKind, diagnostics, edit: workspaceEdit(look, fix.edits, client) };
    const choices = migrations.preferred ? [...later, inPlace] : [inPlace, ...later];
    const complete = migrations.preferred ? later.length > 0 && !fix.blanks?.length : isComplete(fix);
    return choices.map((action, place): CodeAction => (index === 0 && place === 0 && complete ? { ...action, isPreferred: true } : action));
  }).slice(0, 3 - all.length);
  return [...fixes, ...all, ...ignore(look, finding, diagnostics, client), ...forProject(finding, diagnostics, turnOff), ...documentation(finding, diagnostics, client)];
}

/** Nothing is left for the user to fill in. An alternative is never made at a keystroke just because the first fix needs a word. */
function isComplete(fix: Fix): boolean {
  return fix.edits.every((edit) => !edit.placeholders?.length);
}

/** The editor's own record of the finding, so that it can show which problem an action solves. */
function diagnosticFor(look: Look, finding: LintFinding, known: readonly Diagnostic[]): Diagnostic[] {
  const range = look.places.range(finding.at);
  return known.filter((diagnostic) => diagnostic.source === source && diagnostic.code === finding.rule && sameRange(diagnostic.range, range));
}

function sameRange(a: Range, b: Range): boolean {
  return a.start.line === b.start.line && a.start.character === b.start.character && a.end.line === b.end.line && a.end.character === b.end.character;
}

function fixAllOf(look: Look, { rule }: LintFinding, diagnostics: Diagnostic[], client: Client): CodeAction[] {
  const fixes = chooseFixes(look.findings.filter((finding) => finding.rule === rule), 'safe');
  if (fixes.length < 2) return [];
  const edits = fixes.flatMap((fix) => fix.edits);
  return [{ title: `Fix all '${rule}' problems in this file`, kind: fixKind, diagnostics, edit: workspaceEdit(look, edits, client) }];
}

function fixEverything(look: Look, client: Client): CodeAction[] {
  const { text, applied } = fixAll(look.document, 'safe', look.options);
  if (applied === 0) return [];
  return [{ title: 'Fix all safe problems in this file', kind: fixAllKind, edit: workspaceEdit(look, [differenceOf(look.document.text, text)], client) }];
}

const unitOf: Record<Language, string> = { conf: 'setting', hba: 'record', ident: 'line', sql: 'statement' };

function ignore(look: Look, finding: LintFinding, diagnostics: Diagnostic[], client: Client): CodeAction[] {
  const { rule, at } = finding;
  if (rule.startsWith('meta/')) return [];
  const written = writtenOf(look.document);
  const action = (where: string, edit: Edit): CodeAction =>
    ({ title: `Ignore '${rule}' ${where}`, kind: suppressKind, diagnostics, edit: workspaceEdit(look, [edit], client) });
  return [
    action(`for this ${unitOf[look.document.language]}`, suppressionEdit(look.document, written, at, rule, 'here')),
    action('in this file', suppressionEdit(look.document, written, at, rule, 'file')),
  ];
}

/** What switches a rule off for the whole project, where that is possible. */
type TurnOff = (rule: string) => Pick<CodeAction, 'edit' | 'command'> | undefined;

function forProject({ rule }: LintFinding, diagnostics: Diagnostic[], turnOff: TurnOff): CodeAction[] {
  const off = turnOff(rule);
  return off ? [{ title: `Turn off '${rule}' in pgrampart.jsonc`, kind: suppressKind, diagnostics, ...off }] : [];
}

function documentation({ rule }: LintFinding, diagnostics: Diagnostic[], client: Client): CodeAction[] {
  if (client.showRuleCommand === undefined) return [];
  const title = `Show documentation for '${rule}'`;
  return [{ title, kind: documentationKind, diagnostics, command: { title, command: client.showRuleCommand, arguments: [rule] } }];
}
