import type { Span } from '../text.ts';
import type { SqlFile, Statement } from '../syntax/sql/statements.ts';
import type { NamePart } from './cursor.ts';
import type { RoutineText } from './routine-text.ts';
import { Replay } from './replay.ts';

/** What a file leaves behind, as far as its statements say. */
export interface Schema {
  /** In the order in which they are created. Dropped and rolled back ones are left out. */
  readonly routines: readonly Routine[];
  /** The schemas in which the file creates a relation, routine or type of this name; undefined stands for one that is not known. */
  homes(kind: ObjectKind, name: string): ReadonlySet<string | undefined>;
  /** Who may create objects in a schema because of a GRANT in this file. */
  creators(schema: string): readonly Creator[];
  /** The file takes CREATE on the schema from PUBLIC, and does not give it back. */
  closed(schema: string): boolean;
}

export type ObjectKind = 'relation' | 'routine' | 'type';

export interface Creator {
  /** `public` for everybody. */
  readonly role: string;
  /** The GRANT. */
  readonly at: Span;
}

/** A function or procedure, as the file leaves it behind. Spans are offsets in the file. */
export interface Routine {
  /** Lower case unless quoted. */
  readonly name: string;
  /** Undefined when it depends on a search_path that the file does not set. */
  readonly schema: string | undefined;
  readonly procedure: boolean;
  /** Types of the parameters that a caller gives, the same text for the same type. */
  readonly types: readonly string[];
  /** How ALTER and REVOKE name it right behind its CREATE: `app.f(text, VARIADIC integer[])`. */
  readonly target: string;
  /** A later statement gives it another name or schema. */
  readonly moved: boolean;
  /** The name in the statement that creates it. */
  readonly at: Span;
  /** The statement that creates it. */
  readonly created: Statement;
  readonly text: RoutineText;
  readonly owner: string | undefined;
  /** The words SECURITY DEFINER that are in force, and the statement that holds them; undefined: it runs with its caller's rights. */
  readonly definer: Place | undefined;
  readonly path: RoutinePath;
  readonly publicExecute: PublicExecute;
  /** The roles that this file lets execute it by name, as written. */
  readonly grantees: readonly string[];
}

export interface Place {
  readonly at: Span;
  readonly statement: Statement;
}

/** The search_path that a routine brings along. */
export type RoutinePath =
  /** `cleared`: the ALTER that took it away. */
  | { readonly kind: 'none'; readonly cleared?: Place & { readonly all: boolean } }
  | { readonly kind: 'list'; readonly entries: readonly NamePart[]; readonly place: Place }
  /** FROM CURRENT without a SET in the file, or a template. */
  | { readonly kind: 'unknown' };

/** Whether PUBLIC, that is every role, may execute a routine. */
export type PublicExecute =
  /** By the server's default for new routines. */
  | { readonly kind: 'default' }
  /** By that default, unless an older version of the routine had other privileges, which OR REPLACE keeps. */
  | { readonly kind: 'assumed' }
  | { readonly kind: 'granted'; readonly place: Place }
  /** `late`: the REVOKE, when everybody could call the routine between its COMMIT and that REVOKE. */
  | { readonly kind: 'revoked'; readonly late?: Place };

/** What a file leaves behind of which nothing matters. */
export function emptySchema(): Schema {
  return new ReplayedSchema([new Replay()]);
}

/** Runs the statements of one file in thought, in order. */
export function readSchema(file: SqlFile): Schema {
  const replays = [new Replay()];
  const marks = downMarks(file);
  for (const statement of file.statements) {
    if (marks.length > 0 && marks[0]! < statement.span.start) {
      while (marks.length > 0 && marks[0]! < statement.span.start) marks.shift();
      replays.push(new Replay());
    }
    replays[replays.length - 1]!.run(statement);
  }
  return new ReplayedSchema(replays);
}

class ReplayedSchema implements Schema {
  readonly routines: readonly Routine[];
  readonly #replays: readonly Replay[];

  constructor(replays: readonly Replay[]) {
    this.#replays = replays;
    this.routines = replays.flatMap((replay) => replay.routines()).sort((a, b) => a.at.start - b.at.start);
  }

  homes(kind: ObjectKind, name: string): ReadonlySet<string | undefined> {
    return new Set(this.#replays.flatMap((replay) => [...replay.homes(kind, name)]));
  }

  creators(schema: string): readonly Creator[] {
    return this.#replays[0]!.creators(schema);
  }

  closed(schema: string): boolean {
    return this.#replays[0]!.closed(schema);
  }
}

/** Migration tools keep the way back in the same file; it does not run after the way there. */
const downMark = /^--\s*(\+goose|\+migrate|\+micrate|migrate:|rambler)\s*down\b|^--\s*\/\/\s*@undo\b|^(--|#)\s*-*\s*!Downs\b/i;

function downMarks(file: SqlFile): number[] {
  return file.comments.filter((span) => downMark.test(file.text.slice(span.start, span.end))).map((span) => span.start);
}

/** How messages call a routine. */
export function displayName({ text }: Routine): string {
  const name = text.name.parts.map((part) => part.text).join('.');
  return name.length <= 36 ? name : text.procedure ? 'this procedure' : 'this function';
}
