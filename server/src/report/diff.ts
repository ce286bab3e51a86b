import pico from 'picocolors';
import type { ComparedFinding, Effect, SecurityChange, SecurityDiff } from '../diff/compare.ts';
import { effects } from '../diff/change.ts';
import { relativePath } from '../paths.ts';
import { code, words } from './markdown.ts';
import { printable } from './text.ts';

export interface DiffReport {
  /** Absolute; paths are shown as seen from here. */
  readonly root: string;
  /** What was compared, as in `main` and `the working tree`. */
  readonly from: string;
  readonly to: string;
  readonly diff: SecurityDiff;
}

export const diffFormats = { markdown: diffMarkdown, json: diffJson, pretty: (report: DiffReport) => diffText(report, false) } as const;
export type DiffFormat = keyof typeof diffFormats;

const headings: Readonly<Record<Effect, string>> = { opens: 'Opens', closes: 'Closes', changes: 'Changes' };

/** A comment on GitHub holds 65,536 characters, and one on GitLab more. */
const mostCharacters = 60_000;

/** For a pull request: what does not fit into a comment is counted. */
function diffMarkdown({ root, from, to, diff }: DiffReport): string {
  const title = `## PostgreSQL security: ${words(from)} → ${words(to)}`;
  if (isEmpty(diff)) return `${title}\n\nNo change to security.\n`;
  const place = (one: Placed) => code(placeText(root, one));
  const parts = grouped(diff).map(([effect, changes]) => section(`### ${headings[effect]}`, changes.map((change) => `- ${words(change.text)} (${place(change)})`)));
  const finding = ({ path, line, finding: { severity, message, rule } }: ComparedFinding, side: { gone?: true }) =>
    `- **${severity}** ${words(message)} (\`${rule}\`, ${place({ path, line, ...side })})`;
  if (diff.added.length > 0) parts.push(section('### New problems', diff.added.map((one) => finding(one, {}))));
  if (diff.fixed.length > 0) parts.push(section('### Fixed problems', diff.fixed.map((one) => finding(one, { gone: true }))));
  return cut(`${[title, ...parts].join('\n\n')}\n`);
}

function cut(text: string): string {
  if (text.length <= mostCharacters) return text;
  const end = text.lastIndexOf('\n', mostCharacters) + 1;
  const left = text.slice(end).match(/^- /gm)?.length ?? 0;
  return `${text.slice(0, end)}\n${left} more are not shown here; \`pgrampart diff\` tells all of them.\n`;
}

/** For programs. Its shape is promised: fields may be added, none changes. */
function diffJson({ root, from, to, diff }: DiffReport): string {
  const change = ({ effect, text, path, line, gone }: SecurityChange) => ({ effect, text, path: relativePath(root, path), line: line ?? null, side: gone ? 'before' : 'after' });
  const finding = ({ path, line, finding: { rule, severity, message } }: ComparedFinding) => ({ rule, severity, message, path: relativePath(root, path), line });
  const content = { schema: 'pgrampart-diff/1', from, to, changes: diff.changes.map(change), added: diff.added.map(finding), fixed: diff.fixed.map(finding) };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** For people in front of a terminal. */
export function diffText({ root, from, to, diff }: DiffReport, color: boolean): string {
  const colors = pico.createColors(color);
  const paint: Readonly<Record<Effect, (text: string) => string>> = { opens: colors.red, closes: colors.green, changes: colors.yellow };
  const title = `${printable(from)} → ${printable(to)}`;
  if (isEmpty(diff)) return `${title}: No change to security\n`;
  const place = (one: Placed) => colors.dim(printable(placeText(root, one)));
  const parts = grouped(diff).map(([effect, changes]) => `${paint[effect](headings[effect])}\n${changes.map((change) => `  ${printable(change.text)}  ${place(change)}\n`).join('')}`);
  const finding = ({ finding: { severity, message, rule }, ...one }: ComparedFinding) => `  ${severity}  ${printable(message)}  ${colors.dim(rule)}  ${place(one)}\n`;
  if (diff.added.length > 0) parts.push(`New problems\n${diff.added.map(finding).join('')}`);
  if (diff.fixed.length > 0) parts.push(`Fixed problems\n${diff.fixed.map(finding).join('')}`);
  return [`${title}\n`, ...parts].join('\n');
}

function isEmpty({ changes, added, fixed }: SecurityDiff): boolean {
  return changes.length + added.length + fixed.length === 0;
}

function grouped({ changes }: SecurityDiff): [Effect, SecurityChange[]][] {
  return effects.map((effect): [Effect, SecurityChange[]] => [effect, changes.filter((change) => change.effect === effect)]).filter(([, own]) => own.length > 0);
}

function section(title: string, lines: readonly string[]): string {
  return `${title}\n\n${lines.join('\n')}`;
}

type Placed = Pick<SecurityChange, 'path' | 'line' | 'gone'>;

/** `db/pg_hba.conf:12`, `db/pg_hba.conf:12 before` */
function placeText(root: string, { path, line, gone }: Placed): string {
  return `${relativePath(root, path)}${line === undefined ? '' : `:${line}`}${gone ? ' before' : ''}`;
}
