import type { Document } from '../../server/src/document.ts';
import type { LintFinding } from '../../server/src/lint.ts';
import { fileFormats, whole, type FileFormat } from '../../server/src/report/formats.ts';
import type { Report } from '../../server/src/report/report.ts';
import { reportedFile } from '../../server/src/report/reported.ts';
import type { Severity } from '../../server/src/rules/rule.ts';
import { filesOf } from '../files.ts';

/** The span of `word` in `text`. */
export function at(text: string, word: string): { start: number; end: number } {
  const start = text.indexOf(word);
  if (start < 0) throw new Error(`no ${word}`);
  return { start, end: start + word.length };
}

export function documentOf(path: string, text: string, files: Readonly<Record<string, string>> = {}): Document {
  return { path, text, language: 'sql', version: 18, files: filesOf(files) };
}

export function finding(text: string, word: string, more: Partial<LintFinding> = {}): LintFinding {
  return { rule: 'meta/bad-suppression', severity: 'high', message: 'Something happens to the reader', at: at(text, word), fixes: [], related: [], tags: [], ...more };
}

export function reportOf(document: Document, findings: readonly LintFinding[], more: Partial<Report> = {}): Report {
  const lists = { suppressed: [], accepted: [], reported: findings.length > 0 ? [reportedFile(document, findings)] : [], ...more };
  return { root: '/project', version: '1.2.3', files: 1, skipped: [], crashed: false, today: '2026-01-01', exposed: [], counts: countsOf(lists), ...lists };
}

export function written(format: FileFormat, report: Report): string {
  return whole(fileFormats[format](report));
}

function countsOf({ reported, suppressed, accepted }: Pick<Report, 'reported' | 'suppressed' | 'accepted'>): Report['counts'] {
  const bySeverity = new Map<Severity, number>();
  for (const { severity } of reported.flatMap((file) => file.findings)) bySeverity.set(severity, (bySeverity.get(severity) ?? 0) + 1);
  const number = (files: Report['reported']) => files.reduce((sum, file) => sum + file.findings.length, 0);
  return { bySeverity, files: reported.length, suppressed: number(suppressed), accepted: number(accepted) };
}
