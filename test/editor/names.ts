// Agreed between the suite, which runs inside VS Code, and the processes that start it.

/** Marks the lines of the suite among those of the workbench. */
export const suiteMark = '@@pgrampart@@';

/** Environment variable with the file that gets the counts. */
export const resultsVariable = 'PGRAMPART_EDITOR_RESULTS';

/** Environment variable with a part of the title of the tests that are wanted; all by default. */
export const grepVariable = 'PGRAMPART_EDITOR_GREP';

/** What that file holds. */
export interface Results {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly string[];
  /** False while the suite runs, and for ever when its host dies. */
  readonly ended: boolean;
}
