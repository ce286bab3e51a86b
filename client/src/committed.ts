import * as vscode from 'vscode';
import { gitApi, type Repository } from './git.ts';

/** Where a file has to be so that others may have applied it: the first of these that exists is the default branch. */
const defaultBranches = ['origin/HEAD', 'upstream/HEAD', 'origin/main', 'origin/master', 'main', 'master', 'trunk'];

/** Is the file on the default branch of its repository? Null when Git is switched off or there is no such branch. */
export class Committed implements vscode.Disposable {
  readonly #known = new Map<string, Promise<boolean | null>>();
  readonly #watched = new Map<Repository, vscode.Disposable>();

  of(uri: string): Promise<boolean | null> {
    let known = this.#known.get(uri);
    if (known === undefined) this.#known.set(uri, known = this.#ask(vscode.Uri.parse(uri)).catch(() => null));
    return known;
  }

  dispose(): void {
    for (const watching of this.#watched.values()) watching.dispose();
  }

  async #ask(uri: vscode.Uri): Promise<boolean | null> {
    const repository = (await gitApi())?.getRepository(uri);
    if (!repository) {
      // It may be found a little later.
      setTimeout(() => this.#known.delete(uri.toString()), 2000);
      return null;
    }
    if (!this.#watched.has(repository)) this.#watched.set(repository, repository.state.onDidChange(() => this.#known.clear()));
    for (const branch of defaultBranches) {
      if (await repository.getCommit(branch).then(() => true, () => false)) return await repository.show(branch, uri.fsPath).then(() => true, () => false);
    }
    return null;
  }
}
