import type { Document } from '../../server/src/document.ts';
import type { LintFinding } from '../../server/src/lint.ts';
import type { Report } from '../../server/src/report/report.ts';
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
  return { root: '/project', version: '1.2.3', files: 1, skipped: [], suppressed: [], accepted: [], reported: findings.length > 0 ? [{ document, findings }] : [], crashed: false, today: '2026-01-01', exposed: [], ...more };
}
