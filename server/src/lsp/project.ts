import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { baseName } from '../paths.ts';
import { projectFiles, type Projects } from '../projects.ts';
import { Lines } from '../text.ts';
import { source } from './diagnostics.ts';
import { filePath, Places } from './places.ts';

/** `name`: a path or an address. */
export function isProjectFile(name: string): boolean {
  return (projectFiles as readonly string[]).includes(baseName(name));
}

/** What is wrong with a project file, shown in the file itself. */
export async function projectDiagnostics(open: TextDocument, projects: Projects): Promise<Diagnostic[]> {
  const text = open.getText();
  const places = new Places(new Lines(text), false);
  const problems = await projects.problems(filePath(open.uri) ?? '', text);
  return problems.map(({ at, message }) => ({ range: places.range(at), severity: DiagnosticSeverity.Warning, source, message }));
}
