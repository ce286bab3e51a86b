import type { Diagnostic, Range, WorkDoneProgressParams } from 'vscode-languageserver';
import type { FileFormat } from '../report/formats.ts';
import type { WhoAnswer } from '../report/who.ts';
import type { VersionOrigin } from '../version-origin.ts';

/** What the server and its clients say to each other beyond the Language Server Protocol. */
export const scanMethod = 'pgrampart/scan';
export const scannedMethod = 'pgrampart/scanned';
export const forgetScanMethod = 'pgrampart/forgetScan';
export const statusMethod = 'pgrampart/status';
export const baselineMethod = 'pgrampart/baseline';
export const reportMethod = 'pgrampart/report';
export const whoMethod = 'pgrampart/who';
export const compareMethod = 'pgrampart/compare';
export const committedMethod = 'pgrampart/committed';

/** Request `pgrampart/scan`: look at every file below these folders (URIs); all workspace folders when none is given. */
export interface ScanParams extends WorkDoneProgressParams {
  readonly folders?: readonly string[];
  /** How the progress tells the number of problems, with `{0}` in its place; `{0} found` by default. */
  readonly found?: string;
}

export interface ScanResult {
  readonly files: number;
  readonly problems: number;
  readonly filesWithProblems: number;
  readonly critical: number;
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly cancelled: boolean;
  /** It came to nothing; the log says why. */
  readonly failed?: boolean;
  /** The same in one sentence for the user. */
  readonly message: string;
}

/** Request `pgrampart/baseline`: how the baseline of a workspace folder (URI) has to be changed; the client writes. Null when it was cancelled. */
export interface BaselineParams {
  readonly folder: string;
  readonly change: 'update' | 'prune';
}

export interface BaselineResult {
  readonly uri: string;
  /** The new text; undefined when the file is no baseline, or there is none to prune. */
  readonly text: string | undefined;
  readonly accepted: number;
  readonly removed: number;
  /** The project file, which has to name the baseline so that it counts; absent when it does. */
  readonly project?: { readonly uri: string; readonly text: string };
}

/** Request `pgrampart/report`: a report about folders or files (URIs), all workspace folders when none is given. Null when it was cancelled. */
export interface ReportParams {
  readonly folders?: readonly string[];
  readonly format: FileFormat;
  /** For HTML inside a page whose policy lets only this style through. */
  readonly nonce?: string;
}

export interface ReportResult {
  readonly text: string;
}

/** Request `pgrampart/compare`: what the difference between an earlier state of a folder and the present one means for security. */
export interface CompareParams {
  /** URI of the folder; open documents count as they are in the editor. */
  readonly folder: string;
  /** What the earlier state is called. */
  readonly name: string;
  /** The files that were different, as they were; null: there was none. All others are as they are now. */
  readonly files: readonly { readonly uri: string; readonly text: string | null }[];
}

export interface CompareResult {
  readonly markdown: string;
}

/** Request `pgrampart/status`: for which version and by which project file an open document is looked at. The answer is null when it is not looked at. */
export interface StatusParams {
  readonly uri: string;
}

export interface StatusResult {
  /** PostgreSQL major version. */
  readonly version: number;
  /** How the version is known. */
  readonly origin: VersionOrigin;
  readonly problems: number;
  /** The project file that counts for the document, and how many mistakes are in it. */
  readonly project?: { readonly uri: string; readonly problems: number };
}

/** Request `pgrampart/committed` to the client: is this file committed on the default branch of its repository? Null when that is not known. */
export interface CommittedParams {
  readonly uri: string;
}

/** Notification `pgrampart/scanned`: what is wrong in a file on disk; an empty list takes back what was said before. */
export interface ScannedParams {
  readonly uri: string;
  readonly diagnostics: Diagnostic[];
}

/** Request `pgrampart/who`: which record of an open pg_hba.conf a client meets. Answered with null when the document is not looked at. */
export interface WhoParams {
  readonly uri: string;
  readonly role: string;
  /** Absent: physical replication. */
  readonly database?: string;
  /** An IP address; absent: the Unix-domain socket. */
  readonly address?: string;
  /** Absent: none. */
  readonly encryption?: 'none' | 'tls' | 'gss';
  /** All groups of the role, direct or not; absent: not known. */
  readonly memberOf?: readonly string[];
  /** The DNS name of the address; absent: not known. */
  readonly clientName?: string;
}

export type WhoResult = WhoAnswer<WhoPlace>;

export interface WhoPlace {
  readonly uri: string;
  readonly range: Range;
  /** `pg_hba.conf:7` */
  readonly label: string;
  /** The line without its options. */
  readonly text: string;
}

/** What a client may say about itself when the server starts. */
export interface InitializationOptions {
  /** Address of a rule's documentation with `{rule}` in place of its id. Absent: findings carry no link. */
  readonly documentationUri?: string;
  /** A command of the client that shows the documentation of the rule whose id it is given. */
  readonly showRuleCommand?: string;
  /** A command of the client that opens the file whose URI it is given. */
  readonly showFileCommand?: string;
  /** A command of the client that saves the file whose URI it is given, so that an edit of the project file counts at once. */
  readonly saveFileCommand?: string;
  /** The client answers `pgrampart/committed`. */
  readonly knowsCommitted?: boolean;
  /** The client tells by itself where a project file is no JSON. */
  readonly checksJson?: boolean;
  /** Settings for clients that cannot be asked for them. */
  readonly settings?: unknown;
}
