import { relativePath } from '../paths.ts';
import { countBySeverity, type ExposedFile, type Report } from './report.ts';
import type { ReportedFile } from './reported.ts';
import { printable, summary } from './text.ts';

/** The report for a pull request or a wiki. */
export function* markdownReport(report: Report): Generator<string> {
  let first = true;
  for (const part of partsOf(report)) {
    yield first ? part : `\n\n${part}`;
    first = false;
  }
  yield '\n';
}

function* partsOf(report: Report): Generator<string> {
  yield* ['# PostgreSQL security', `${summary(report)}.`];
  const counts = countBySeverity(report);
  if (counts.length > 0) yield `| severity | findings |\n|---|---|\n${counts.map(([severity, count]) => `| ${severity} | ${count} |`).join('\n')}`;
  if (report.exposed.length > 0) yield '## Who gets in';
  for (const file of report.exposed) yield exposedPart(report, file);
  for (const file of report.reported) yield filePart(report, file);
  if (report.skipped.length > 0) yield* ['## Skipped', report.skipped.map(({ path, reason }) => `- ${code(relativePath(report.root, path))}: ${words(reason)}`).join('\n')];
}

function exposedPart(report: Report, { path, entries }: ExposedFile): string {
  const rows = entries.map(({ line, text }) => `| ${line} | ${words(text)} |`);
  return `### ${code(relativePath(report.root, path))}\n\n| line | meaning |\n|---|---|\n${rows.join('\n')}`;
}

function filePart(report: Report, { path, findings }: ReportedFile): string {
  const items = findings.map(({ severity, start: { line, column }, message, rule, excerpt: { before, marked, after } }) =>
    `- **${severity}** ${line}:${column} ${words(message)} (\`${rule}\`)  \n  ${code((before + marked + after).trim())}`);
  return `## ${code(relativePath(report.root, path))}\n\n${items.join('\n')}`;
}

/** As text: nothing in it becomes markup. */
export function words(text: string): string {
  return printable(text).replace(/[\\`*_[\]<>|#]/g, '\\$&');
}

/** As code, whatever backticks it holds. */
export function code(text: string): string {
  const shown = printable(text).replaceAll('\n', ' ');
  const ticks = '`'.repeat(Math.max(0, ...[...shown.matchAll(/`+/g)].map((run) => run[0].length)) + 1);
  return ticks.length > 1 ? `${ticks} ${shown} ${ticks}` : `\`${shown}\``;
}
