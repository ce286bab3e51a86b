import pico from 'picocolors';
import type { Severity } from '../rules/rule.ts';
import type { Excerpt } from './excerpt.ts';
import { relativePath } from '../paths.ts';
import { countBySeverity, type Report, type Summary } from './report.ts';
import type { ReportedFile, ReportedFinding } from './reported.ts';

export interface TextOptions {
  readonly color?: boolean;
  /** One line per finding, without code, skipped files and summary. */
  readonly brief?: boolean;
  /** Findings that were fixed just now, and in how many files. */
  readonly fixed?: { readonly fixes: number; readonly files: number };
}

/** The report for people. */
export function* textReport(report: Report, options: TextOptions = {}): Generator<string> {
  for (const file of report.reported) yield textOfFile(report.root, file, options);
  yield textEnd(report, options);
}

/** What the report says about one file. */
export function textOfFile(root: string, file: ReportedFile, options: TextOptions = {}): string {
  const colors = pico.createColors(options.color ?? false);
  return options.brief ? briefLines(root, file, colors) : `${fileBlock(root, file, colors)}\n`;
}

/** What stands below the files. */
export function textEnd(report: Summary, options: TextOptions = {}): string {
  if (options.brief) return '';
  const colors = pico.createColors(options.color ?? false);
  const skipped = report.skipped.length > 0 ? `${skippedBlock(report, colors)}\n` : '';
  return `${skipped}${summary(report, options, colors)}\n`;
}

/** `12 problems in 5 files (2 critical, 10 low), 40 files scanned` */
export function summary(report: Summary, { fixed }: TextOptions = {}, colors: Colors = pico.createColors(false)): string {
  const counts = countBySeverity(report);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const parts = [total === 0
    ? colors.green('No problems')
    : `${colors.bold(plural(total, 'problem'))} in ${plural(report.counts.files, 'file')} (${counts.map(([severity, count]) => paint(colors, severity, `${count} ${severity}`)).join(', ')})`];
  if (fixed && fixed.fixes > 0) parts.push(`${fixed.fixes} fixed in ${plural(fixed.files, 'file')}`);
  parts.push(`${plural(report.files, 'file')} scanned`);
  if (report.skipped.length > 0) parts.push(`${report.skipped.length} skipped`);
  if (report.counts.suppressed > 0) parts.push(`${report.counts.suppressed} suppressed`);
  if (report.counts.accepted > 0) parts.push(`${report.counts.accepted} in the baseline`);
  return parts.join(', ');
}

type Colors = ReturnType<typeof pico.createColors>;

function fileBlock(root: string, { path, findings }: ReportedFile, colors: Colors): string {
  const found = findings.map((finding) => {
    const parts = [`  ${headline(`${finding.start.line}:${finding.start.column}`, finding, colors)}`, ...excerptLines(finding.excerpt, finding.severity, colors)];
    for (const { path, start, message } of finding.related) {
      parts.push(`      ${colors.dim(`${printable(relativePath(root, path))}:${start.line}:${start.column}`)}  ${printable(message)}`);
    }
    return `${parts.join('\n')}\n`;
  });
  return `${colors.underline(printable(relativePath(root, path)))}\n${found.join('')}`;
}

function briefLines(root: string, file: ReportedFile, colors: Colors): string {
  const path = printable(relativePath(root, file.path));
  return file.findings.map((finding) => `${headline(`${path}:${finding.start.line}:${finding.start.column}`, finding, colors)}\n`).join('');
}

function headline(place: string, finding: ReportedFinding, colors: Colors): string {
  return `${place}  ${paint(colors, finding.severity, finding.severity)}  ${printable(finding.message)}  ${colors.dim(finding.rule)}`;
}

/** The line where the finding begins, with marks under what is meant. */
function excerptLines({ line, before, marked, after }: Excerpt, severity: Severity, colors: Colors): string[] {
  const marks = '^'.repeat(Math.max(1, width(printable(marked))));
  return [
    `${colors.dim(`${String(line).padStart(6)} |`)} ${printable(before + marked + after)}`,
    `${colors.dim('       |')} ${blank(printable(before))}${paint(colors, severity, marks)}`,
  ];
}

function skippedBlock(report: Summary, colors: Colors): string {
  const lines = report.skipped.map(({ path, reason }) => `  ${printable(relativePath(report.root, path))}  ${colors.dim(reason)}`);
  return `Skipped\n${lines.join('\n')}\n`;
}

function paint(colors: Colors, severity: Severity, text: string): string {
  switch (severity) {
    case 'critical': return colors.bold(colors.red(text));
    case 'high': return colors.red(text);
    case 'medium': return colors.yellow(text);
    case 'low': return colors.cyan(text);
    case 'info': return colors.blue(text);
  }
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Without characters that would steer the terminal or reorder what is read; a file may have been written to do that. */
export function printable(text: string): string {
  return text.replace(/^\ufeff/, '').replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu, (control) => (control === '\t' ? '\t' : '·')).toWellFormed();
}

/** As wide as `text` and empty. Tabs stay, because only the terminal knows how wide they are. */
function blank(text: string): string {
  return Array.from(text, (character) => (character === '\t' ? '\t' : ' '.repeat(width(character)))).join('');
}

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

/** Columns that a terminal gives to `text`. */
function width(text: string): number {
  let columns = 0;
  for (const character of text) columns += /\p{Mn}/u.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return columns;
}
