// What the rules about SQL say, as something to try on a real server: with the file as found the attack works, with our fix it
// is stopped, and honest use gets the same answer both times.
import { access } from './sql-proofs/access.ts';
import { crypto } from './sql-proofs/crypto.ts';
import { definer } from './sql-proofs/definer.ts';
import { extension } from './sql-proofs/extension.ts';
import { grants } from './sql-proofs/grants.ts';
import { injection } from './sql-proofs/injection.ts';
import { rls } from './sql-proofs/rls.ts';
import { roles } from './sql-proofs/roles.ts';
import { settings } from './sql-proofs/settings.ts';

export interface SqlProof {
  readonly rule: string;
  /** PostgreSQL major versions that it is tried on; 15 and 18 where nothing is said. */
  readonly versions?: readonly number[];
  /**
   * Run by the superuser `postgres` in a new database, in front of the file. The cluster has the roles `mallory` and `alice`, both LOGIN
   * and nothing else; whatever else a proof creates in the cluster (roles, settings of ALTER SYSTEM) is removed behind it.
   */
  readonly before?: string;
  /** The file as found, run by `postgres`. */
  readonly file: string;
  /** Run by `postgres` behind the file: rows, and what the attacker has set up. */
  readonly after?: string;
  readonly attack: Session & {
    /** What it gets when the fix is in place: a value, or an error that matches. Without it an attack that merely broke would count as stopped. */
    readonly stopped: Answer | RegExp;
  };
  readonly honest: Session;
  /** With the fix the server refuses the file itself, which is how the attack ends: the name is taken, and somebody has to look. */
  readonly refused?: RegExp;
  /** What a person writes where the fix leaves something to write, in order; the last one counts for all that follow. */
  readonly words?: readonly string[];
  /** Which fix of the first finding, from 0; the first where nothing is said. The first fix of each finding of the rule is applied otherwise. */
  readonly fix?: number;
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface Session {
  readonly as: 'mallory' | 'alice' | 'postgres' | (string & {});
  /** One after the other in one session; an error ends it. */
  readonly run: readonly string[];
  /** The first column of the last row of the last text. */
  readonly gets: Answer;
}

export type Answer = string | number | boolean | null | undefined;

export const sqlProofs: readonly SqlProof[] = [...roles, ...settings, ...access, ...crypto, ...definer, ...grants, ...extension, ...rls, ...injection];

export function versionsOf({ versions = [15, 18] }: SqlProof): readonly number[] {
  return versions;
}
