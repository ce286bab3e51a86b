import type { Exposure } from '../facts/hba/exposure.ts';
import type { Revision } from '../git-head.ts';
import { severities, type Severity } from '../rules/rule.ts';
import { Lines, type Span } from '../text.ts';
import type { ReportedFile } from './reported.ts';

/** How many things were found. */
export interface Counts {
  readonly bySeverity: ReadonlyMap<Severity, number>;
  /** Files with findings. */
  readonly files: number;
  /** Findings that a comment silences. */
  readonly suppressed: number;
  /** Findings that the baseline accepts. */
  readonly accepted: number;
}

/** What a scan found, in numbers. */
export interface Summary {
  /** The folder that relative paths start from; absolute, with `/`. */
  readonly root: string;
  /** Number of files that were looked at. */
  readonly files: number;
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly counts: Counts;
}

/** All that a scan found, as every format needs it. Paths are as they are shown: relative to `root` where they lie in it. */
export interface Report extends Summary {
  /** Version of pgrampart. */
  readonly version: string;
  /** Findings that a comment silences. */
  readonly suppressed: readonly ReportedFile[];
  /** Findings that the baseline accepts. */
  readonly accepted: readonly ReportedFile[];
  /** Only files with findings, in the order of their paths. */
  readonly reported: readonly ReportedFile[];
  /** Something inside failed, so findings may be missing. */
  readonly crashed: boolean;
  /** The day of the scan, `YYYY-MM-DD`. */
  readonly today: string;
  /** Of which state of which repository the files are; absent where that is not known. */
  readonly revision?: Revision | undefined;
  /** Who gets in, for each pg_hba.conf by which somebody does. */
  readonly exposed: readonly ExposedFile[];
}

export interface ExposedFile {
  readonly path: string;
  readonly version: number;
  readonly entries: readonly Exposure[];
}

/** Line and column from 1, offset from 0, all in UTF-16. A byte order mark counts for the offset and not for the column. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** Tells where spans of one text are. */
export class Places {
  readonly #lines: Lines;
  readonly #mark: number;

  constructor(text: string) {
    this.#lines = new Lines(text);
    this.#mark = text.startsWith('\ufeff') ? 1 : 0;
  }

  at(offset: number): Place {
    const { line, column } = this.#lines.position(offset);
    const shown = line === 0 ? Math.max(column - this.#mark, 0) : column;
    return { line: line + 1, column: shown + 1, offset };
  }

  of(span: Span): { start: Place; end: Place } {
    return { start: this.at(span.start), end: this.at(span.end) };
  }
}

/** How many findings there are of each severity, gravest first; only those that occur. */
export function countBySeverity({ counts: { bySeverity } }: Summary): [Severity, number][] {
  return severities.flatMap((severity): [Severity, number][] => {
    const count = bySeverity.get(severity);
    return count === undefined ? [] : [[severity, count]];
  });
}
