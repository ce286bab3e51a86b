import { DiagnosticSeverity, DiagnosticTag, type Diagnostic, type DiagnosticRelatedInformation } from 'vscode-languageserver';
import type { LintFinding } from '../lint.ts';
import { severities, type Related, type Severity } from '../rules/rule.ts';
import type { Client } from './client.ts';
import { placesIn } from './edits.ts';
import type { Look } from './looks.ts';

export const source = 'pgrampart';

/** More than this in one file helps nobody, and editors drop markers silently when there are very many. */
export const mostProblems = 200;

/** The findings of a look as the editor shows them; `uriOf` names other files. */
export function diagnosticsOf(look: Look, client: Client, uriOf: (path: string) => string): Diagnostic[] {
  const { findings } = look;
  if (findings.length <= mostProblems) return findings.map((finding) => diagnosticOf(look, finding, client, uriOf));
  const worst = [...findings].sort((a, b) => rank(a) - rank(b)).slice(0, mostProblems - 1);
  const shown = findings.filter((finding) => worst.includes(finding));
  const hidden = findings.filter((finding) => !worst.includes(finding));
  return [...shown.map((finding) => diagnosticOf(look, finding, client, uriOf)), {
    range: look.places.range(hidden[0]!.at),
    severity: DiagnosticSeverity.Information,
    source,
    message: `${hidden.length} more problems in this file are not shown`,
  }];
}

export function diagnosticOf(look: Look, finding: LintFinding, client: Client, uriOf: (path: string) => string): Diagnostic {
  const tags = client.tags ? finding.tags.map((tag) => tagOf[tag]) : [];
  const related = client.relatedInformation ? finding.related.flatMap((other) => relatedOf(look, other, uriOf)) : [];
  const href = documentationOf(finding.rule, client);
  return {
    range: look.places.range(finding.at),
    severity: severityOf[finding.severity],
    source,
    code: finding.rule,
    message: finding.message,
    ...(href !== undefined && client.documentationLinks ? { codeDescription: { href } } : {}),
    ...(tags.length > 0 ? { tags } : {}),
    ...(related.length > 0 ? { relatedInformation: related } : {}),
    ...(client.diagnosticData ? { data: { v: 1, rule: finding.rule, severity: finding.severity } } : {}),
  };
}

/** Address of a rule's documentation in this editor, if it has told us one. */
export function documentationOf(rule: string, client: Client): string | undefined {
  return client.documentationUri?.replaceAll('{rule}', rule);
}

const severityOf: Record<Severity, DiagnosticSeverity> = {
  critical: DiagnosticSeverity.Error,
  high: DiagnosticSeverity.Error,
  medium: DiagnosticSeverity.Warning,
  low: DiagnosticSeverity.Information,
  info: DiagnosticSeverity.Information,
};

const tagOf = { unnecessary: DiagnosticTag.Unnecessary, deprecated: DiagnosticTag.Deprecated } as const;

function rank(finding: LintFinding): number {
  return severities.indexOf(finding.severity);
}

function relatedOf(look: Look, related: Related, uriOf: (path: string) => string): DiagnosticRelatedInformation[] {
  const { message, at, path } = related;
  if (path === undefined || path === look.document.path) return [{ message, location: { uri: look.uri, range: look.places.range(at) } }];
  const places = placesIn(look, path);
  return places === undefined ? [] : [{ message, location: { uri: uriOf(path), range: places.range(at) } }];
}
