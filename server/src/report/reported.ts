import type { Document } from '../document.ts';
import { writtenOf, type LintFinding } from '../lint.ts';
import { fingerprints } from '../policy/fingerprints.ts';
import type { Fix, Language } from '../rules/rule.ts';
import type { Edit, Span } from '../text.ts';
import { excerpts, type Excerpt } from './excerpt.ts';
import { Places, type Place } from './report.ts';

/** A file and what was found in it, as far as reports need it: they can do without its text. */
export interface ReportedFile {
  readonly path: string;
  readonly language: Language;
  readonly findings: readonly ReportedFinding[];
}

export interface ReportedFinding extends Pick<LintFinding, 'rule' | 'severity' | 'message' | 'reason'> {
  readonly start: Place;
  readonly end: Place;
  readonly excerpt: Excerpt;
  readonly related: readonly { readonly path: string; readonly start: Place; readonly end: Place; readonly message: string }[];
  readonly fixes: readonly ReportedFix[];
  /** Tells the same finding in two runs, whatever happened to the lines around it. */
  readonly fingerprint: string;
}

export interface ReportedFix extends Pick<Fix, 'title' | 'safety'> {
  readonly edits: readonly ({ readonly start: Place; readonly end: Place } & Pick<Edit, 'text' | 'placeholders'>)[];
}

/** Fixes and fingerprints are worked out when they are asked for, which takes time. */
export function reportedFile(document: Document, found: readonly LintFinding[], withFixes = true): ReportedFile {
  const { path, language } = document;
  const places = placesIn(document);
  const here = (span: Span) => places(undefined).of(span);
  const excerptOf = excerpts(document);
  let prints: string[] | undefined;
  const findings = found.map((finding, i): ReportedFinding => ({
    rule: finding.rule, severity: finding.severity, message: finding.message, ...(finding.reason !== undefined && { reason: finding.reason }),
    ...here(finding.at),
    excerpt: excerptOf(finding.at, finding.rule),
    related: finding.related.map((place) => ({ path: place.path ?? path, ...places(place.path).of(place.at), message: place.message })),
    get fixes() {
      return !withFixes ? [] : finding.fixes.map(({ title, safety, edits }) => ({
        title, safety,
        edits: edits.map(({ span, text, placeholders }) => ({ ...here(span), text, ...(placeholders && { placeholders }) })),
      }));
    },
    get fingerprint() {
      return (prints ??= fingerprints(document.text, writtenOf(document), found))[i]!;
    },
  }));
  return { path, language, findings };
}

/** The same in the least memory, for what is kept of hundreds of thousands of files: as bytes beside the heap that are read anew each time that it is looked at. */
export function packed({ path, language, findings }: ReportedFile): ReportedFile {
  const bytes = new TextEncoder().encode(JSON.stringify(findings));
  return { path, language, get findings() { return JSON.parse(new TextDecoder().decode(bytes)) as ReportedFinding[]; } };
}

/** Where the related places of a document are: in it, or in one of the files beside it. Unknown texts have only a beginning. */
export function placesIn(document: Document): (path: string | undefined) => Places {
  const known = new Map<string, Places>();
  return (path = document.path) => {
    let places = known.get(path);
    if (places === undefined) known.set(path, places = new Places(path === document.path ? document.text : textOf(document, path)));
    return places;
  };
}

/** The text of a file beside a document; empty when nobody has read it. */
function textOf({ set, files }: Document, path: string): string {
  return set?.files.find((file) => file.path === path)?.text ?? files.read(path) ?? '';
}

/** Fixes that need nothing written by a person. */
export function completeFixes({ fixes }: ReportedFinding): readonly ReportedFix[] {
  return fixes.filter(({ edits }) => edits.every(({ placeholders }) => placeholders === undefined));
}
