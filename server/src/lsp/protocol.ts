import type { Diagnostic, WorkDoneProgressParams } from 'vscode-languageserver';

/** What the server and its clients say to each other beyond the Language Server Protocol. */
export const scanMethod = 'pgrampart/scan';
export const scannedMethod = 'pgrampart/scanned';
export const forgetScanMethod = 'pgrampart/forgetScan';
export const statusMethod = 'pgrampart/status';

/** Request `pgrampart/scan`: look at every file below these folders (URIs); all workspace folders when none is given. */
export interface ScanParams extends WorkDoneProgressParams {
  readonly folders?: readonly string[];
}

export interface ScanResult {
  readonly files: number;
  readonly problems: number;
  readonly filesWithProblems: number;
  readonly critical: number;
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly cancelled: boolean;
  /** The same in one sentence for the user. */
  readonly message: string;
}

/** Request `pgrampart/status`: for which version an open document is looked at. The answer is null when it is not looked at. */
export interface StatusParams {
  readonly uri: string;
}

export interface StatusResult {
  /** PostgreSQL major version. */
  readonly version: number;
  /** How the version is known, as the end of a sentence. */
  readonly origin: string;
  readonly problems: number;
}

/** Notification `pgrampart/scanned`: what is wrong in a file on disk; an empty list takes back what was said before. */
export interface ScannedParams {
  readonly uri: string;
  readonly diagnostics: Diagnostic[];
}

/** What a client may say about itself when the server starts. */
export interface InitializationOptions {
  /** Address of a rule's documentation with `{rule}` in place of its id. Absent: findings carry no link. */
  readonly documentationUri?: string;
  /** A command of the client that shows the documentation of the rule whose id it is given. */
  readonly showRuleCommand?: string;
  /** Settings for clients that cannot be asked for them. */
  readonly settings?: unknown;
}
