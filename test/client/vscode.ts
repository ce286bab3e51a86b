// The parts of the editor's interface that small modules of the extension use, for tests without an editor.
import { readFileSync } from 'node:fs';
import { readFile, stat, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { vi } from 'vitest';
import { URI, Utils } from 'vscode-uri';

const german = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../l10n/bundle.l10n.de.json'), 'utf8')) as Record<string, string>;

interface Item {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
}

/** An editor that speaks German and has these folders open; what it shows is what its functions were called with. */
export function editor(folders: readonly string[] = []) {
  return {
    Uri: Object.assign(URI, { joinPath: Utils.joinPath }),
    l10n: { t: (text: string, ...values: unknown[]) => german[text]!.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)])) },
    ProgressLocation: {},
    commands: { executeCommand: vi.fn(async (_command: string, ..._given: unknown[]) => undefined) },
    window: {
      withProgress: (_options: unknown, run: (progress: unknown, token: unknown) => unknown) => run({}, { isCancellationRequested: false }),
      tabGroups: { activeTabGroup: {} }, activeTextEditor: undefined,
      showQuickPick: vi.fn(async (_items: readonly Item[]): Promise<Item | undefined> => undefined),
      showInformationMessage: vi.fn(async (_message: string, ..._buttons: string[]): Promise<string | undefined> => undefined),
      showErrorMessage: vi.fn(async (_message: string) => undefined),
    },
    workspace: {
      asRelativePath: ({ fsPath }: URI) => path.basename(fsPath),
      workspaceFolders: folders.map((folder) => ({ uri: URI.parse(folder) })),
      fs: {
        readFile: ({ fsPath }: URI) => readFile(fsPath), writeFile: ({ fsPath }: URI, bytes: Uint8Array) => writeFile(fsPath, bytes),
        stat: ({ fsPath }: URI) => stat(fsPath), delete: ({ fsPath }: URI) => unlink(fsPath),
      },
    },
  };
}
