import { DiagnosticSeverity, type Diagnostic, type WorkspaceEdit } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { isInside, resolvePath } from '../paths.ts';
import { newProject, turnOff } from '../policy/project-edits.ts';
import { projectFiles, type Projects } from '../projects.ts';
import { Lines } from '../text.ts';
import type { Client } from './client.ts';
import { source } from './diagnostics.ts';
import type { Others } from './edits.ts';
import { filePath, Places } from './places.ts';

/** What is wrong with a project file, shown in the file itself. */
export async function projectDiagnostics(open: TextDocument, projects: Projects, client: Client): Promise<Diagnostic[]> {
  const text = open.getText();
  const places = new Places(new Lines(text), false);
  const problems = await projects.problems(filePath(open.uri) ?? '', text);
  return problems.filter(({ isSyntax }) => !(isSyntax && client.checksJson)).map(({ at, message }) => ({ range: places.range(at), severity: DiagnosticSeverity.Warning, source, message }));
}

/** The project file that counts for a document, or the one that could be made for it. */
export interface ProjectOf {
  readonly path: string;
  /** As the editor sees it; undefined: there is none yet. */
  readonly text: string | undefined;
  /** The editor has changes of the user that are not on disk. */
  readonly unsaved: boolean;
}

/** Undefined for a document outside of all folders, which belongs to no project. */
export async function projectOf(document: string | undefined, folders: readonly string[], projects: Projects, files: ProjectTexts): Promise<ProjectOf | undefined> {
  if (document === undefined) return undefined;
  const project = await projects.of(document);
  if (project) return { path: project.path, text: await files.read(project.path), unsaved: await files.isUnsaved(project.path) };
  const folder = folders.find((one) => isInside(one, document));
  return folder === undefined ? undefined : { path: resolvePath(folder, projectFiles[0]), text: undefined, unsaved: false };
}

export interface ProjectTexts {
  read(path: string): Promise<string | undefined>;
  isUnsaved(path: string): Promise<boolean>;
}

/** Switches a rule off for the project; undefined where its file is too broken to be changed. */
export function turnOffEdit({ path, text }: ProjectOf, rule: string, others: Others): WorkspaceEdit | undefined {
  const uri = others.uriOf(path);
  const start = { line: 0, character: 0 };
  if (text === undefined) {
    return { documentChanges: [{ kind: 'create', uri, options: { ignoreIfExists: true } }, { textDocument: { uri, version: null }, edits: [{ range: { start, end: start }, newText: newProject({ rules: { [rule]: 'off' } }) }] }] };
  }
  const edits = turnOff(text, rule);
  const places = new Places(new Lines(text), text.startsWith('\ufeff'));
  return edits && { documentChanges: [{ textDocument: { uri, version: others.versionOf(path) }, edits: edits.map((edit) => ({ range: places.range(edit.span), newText: edit.text })) }] };
}
