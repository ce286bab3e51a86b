import { MarkupKind, type Hover, type Position } from 'vscode-languageserver';
import { hbaHelp, type Help } from '../help/hba-hover.ts';
import type { LintFinding } from '../lint.ts';
import { knownRules } from '../policy/catalog.ts';
import { overlaps } from '../text.ts';
import type { Client } from './client.ts';
import { documentationOf } from './diagnostics.ts';
import type { Look } from './looks.ts';

/** What a place means, and why the findings at it are findings. Their messages are already shown by the editor. */
export function hoverAt(look: Look, position: Position, client: Client): Hover | null {
  const span = look.places.span({ start: position, end: position });
  const here = look.findings.filter((finding) => overlaps(finding.at, span));
  const help = look.document.language === 'hba' ? hbaHelp(look.document, span) : undefined;
  const first = here[0];
  if (first === undefined && help === undefined) return null;
  const rules = [...new Set(here.map((finding) => finding.rule))];
  const kind = client.markdownHover ? MarkupKind.Markdown : MarkupKind.PlainText;
  const separator = client.markdownHover ? '\n\n---\n\n' : '\n\n';
  const parts = [...(help ? [helpText(help, client)] : []), ...rules.map((rule) => explain(rule, client))];
  return { contents: { kind, value: parts.join(separator) }, range: look.places.range(first ? smallest(here, first).at : help!.at) };
}

/** What stands in the file is text, not Markdown. */
function helpText({ paragraphs }: Help, client: Client): string {
  return client.markdownHover ? paragraphs.map((paragraph) => paragraph.replace(/[\\`*_{}[\]<>#|!~]/g, '\\$&')).join('\n\n') : paragraphs.join('\n');
}

function explain(id: string, client: Client): string {
  const rule = knownRules.find((known) => known.id === id);
  if (rule === undefined) return id;
  if (!client.markdownHover) return `${rule.title}\n${withoutMarkdown(rule.why)}\n${id}`;
  const link = documentationOf(id, client);
  const name = link === undefined ? `\`${id}\`` : `[${id}](${link})`;
  const severity = `${rule.severity} severity`;
  return `**${rule.title}**\n\n${rule.why}\n\n${name} · ${severity}${sources(rule.references)}`;
}

function sources(references: readonly string[]): string {
  const first = references[0];
  return first === undefined ? '' : ` · [${new URL(first).hostname.replace(/^www\./, '')}](${first})`;
}

function withoutMarkdown(text: string): string {
  return text.replaceAll('`', '');
}

function smallest(findings: readonly LintFinding[], first: LintFinding): LintFinding {
  return findings.reduce((best, finding) => (finding.at.end - finding.at.start < best.at.end - best.at.start ? finding : best), first);
}
