import * as vscode from 'vscode';

/** What is used of the API of the built-in Git extension, version 1. */
export interface GitApi {
  readonly state: 'uninitialized' | 'initialized';
  readonly onDidChangeState: vscode.Event<string>;
  readonly repositories: readonly Repository[];
  getRepository(uri: vscode.Uri): Repository | null;
}

export interface Repository {
  readonly rootUri: vscode.Uri;
  readonly state: {
    readonly HEAD?: { readonly name?: string };
    readonly onDidChange: vscode.Event<void>;
    readonly workingTreeChanges: readonly Change[];
    /** Absent before VS Code 1.90 and empty where untracked files are mixed with the changes. */
    readonly untrackedChanges?: readonly Change[];
  };
  getCommit(ref: string): Promise<{ readonly hash: string; readonly message: string }>;
  getMergeBase(one: string, other: string): Promise<string | undefined>;
  getBranches(query: { readonly remote: boolean; readonly count?: number; readonly sort?: 'alphabetically' | 'committerdate' }): Promise<readonly { readonly name?: string }[]>;
  log(options: { readonly maxEntries: number }): Promise<readonly { readonly hash: string; readonly message: string }[]>;
  /** From a commit to the working tree, without untracked files. */
  diffWith(ref: string): Promise<readonly Change[]>;
  show(ref: string, path: string): Promise<string>;
}

export interface Change {
  /** Where the file was before. */
  readonly originalUri: vscode.Uri;
  /** Where it is now. */
  readonly uri: vscode.Uri;
  readonly status: number;
}

/** `Status.UNTRACKED` of the API. */
export const untracked = 7;

/** Undefined when Git is switched off or not there. */
export async function gitApi(): Promise<GitApi | undefined> {
  const extension = vscode.extensions.getExtension<{ enabled: boolean; getAPI(version: 1): GitApi }>('vscode.git');
  const git = extension?.isActive ? extension.exports : await extension?.activate();
  const api = git?.enabled ? git.getAPI(1) : undefined;
  // Before that it knows of no repository.
  if (api?.state === 'uninitialized') await new Promise((resolve) => { api.onDidChangeState(resolve); setTimeout(resolve, 5000); });
  return api;
}
