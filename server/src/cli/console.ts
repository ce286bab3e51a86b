import { relativePath } from '../paths.ts';
import type { Git } from './git.ts';
import type { Host } from '../host.ts';

/** What the command line needs of its process. */
export interface Console {
  readonly host: Host;
  readonly git: Git;
  /** Absolute, with `/`. */
  readonly cwd: string;
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard output is a terminal. */
  readonly terminal: boolean;
  /** `YYYY-MM-DD` */
  readonly today: string;
  out(text: string): void;
  error(text: string): void;
  stdin(): Promise<Uint8Array>;
  /** Resolves a path of the user; absolute, with `/`. */
  resolve(path: string): string;
  /** Replaces a file as a whole, or not at all. The bytes may come in pieces. */
  write(path: string, bytes: Uint8Array | Iterable<Uint8Array>): Promise<void>;
  loadPostgres(): Promise<void>;
  /** Tells, in words for a user, when hardly any memory is left, until what it returns is called. */
  watchMemory?(tell: (why: string) => void): () => void;
}

/** What the user typed cannot be done; the message says what can. */
export class UsageError extends Error {}

/** What was asked for cannot be done; the message says why, and the command line was right. */
export class FailedError extends Error {}

export const exitCodes = { clean: 0, findings: 1, usage: 2, failed: 3 } as const;

/** https://no-color.org and https://force-color.org: the logs of many build servers show colours without being terminals. */
export function colored({ color }: { readonly color: boolean }, { env, terminal }: Console): boolean {
  if (!color || env.NO_COLOR) return false;
  return env.FORCE_COLOR ? env.FORCE_COLOR !== '0' : terminal && env.TERM !== 'dumb';
}

/** Writes what a command was asked for; the command has failed where that is not possible. */
export async function writeText({ write, cwd }: Console, path: string, text: string): Promise<void> {
  await write(path, new TextEncoder().encode(text)).catch((error: unknown) => {
    throw new FailedError(`${relativePath(cwd, path)} was not written: ${error instanceof Error ? error.message : String(error)}`);
  });
}
