import { checkstyleReport } from './checkstyle.ts';
import { csvReport } from './csv.ts';
import { githubReport } from './github.ts';
import { gitlabCodeQualityReport, gitlabSastReport } from './gitlab.ts';
import { htmlReport } from './html.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { markdownReport } from './markdown.ts';
import type { Report } from './report.ts';
import { sarifReport } from './sarif.ts';

/**
 * The formats that are the same wherever they are written; what a terminal shows is `textReport`. They come in pieces, because the whole
 * may be longer than a text can be.
 */
export const fileFormats = {
  json: jsonReport,
  sarif: sarifReport,
  html: htmlReport,
  markdown: markdownReport,
  csv: csvReport,
  junit: junitReport,
  github: githubReport,
  'gitlab-sast': gitlabSastReport,
  'gitlab-codequality': gitlabCodeQualityReport,
  checkstyle: checkstyleReport,
} as const satisfies Readonly<Record<string, (report: Report) => Iterable<string>>>;

/** Those that say how findings are fixed; to work that out takes time and memory that the others can do without. */
export const formatsWithFixes: ReadonlySet<string> = new Set<FileFormat>(['json', 'sarif', 'html', 'csv', 'gitlab-sast']);

export type FileFormat = keyof typeof fileFormats;
export const fileFormatNames = Object.keys(fileFormats) as FileFormat[];

/** All of a report as one text, for who cannot take it in pieces. */
export function whole(pieces: Iterable<string>): string {
  try {
    return [...pieces].join('');
  } catch (error) {
    if (error instanceof RangeError && /string length/i.test(error.message)) throw new Error('The report would be larger than 500 MB: choose a shorter format such as CSV, or write it with the command line.');
    throw error;
  }
}
