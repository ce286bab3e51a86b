import type { Document, Written } from '../document.ts';
import type { Finding } from '../rules/rule.ts';
import { Lines, type Edit, type Span } from '../text.ts';
import { knownIds, nearest } from './catalog.ts';

/** A finding about a suppression comment; `rule` is one of the `meta/…` ids. */
export type MetaFinding = Finding & { readonly rule: string };

interface Directive {
  readonly form: '' | '-file' | '-start' | '-end';
  readonly span: Span;
  readonly comment: Span;
  readonly ids: readonly { readonly text: string; readonly span: Span }[];
  readonly until: string | undefined;
  readonly untilSpan: Span | undefined;
  /** All that it says, up to the end of its line or of the comment. */
  readonly whole: Span;
  /** What is said behind the colon besides a date. */
  readonly reason: string | undefined;
}

/** The suppression comments of one document. */
export class Suppressions {
  readonly #text: string;
  readonly #today: string | undefined;
  readonly #scopes: { directive: Directive; id: string; idSpan: Span; target: Span; end: Directive | undefined; used: boolean }[] = [];
  readonly #problems: MetaFinding[] = [];

  /** `today` as `YYYY-MM-DD`; without it nothing expires. `requireReason`: comments that do not say why silence all the same, and are reported. */
  constructor(text: string, written: Written, today?: string, requireReason = false) {
    this.#text = text;
    this.#today = today;
    if (!text.includes('pgrampart-ignore')) return;
    const units = [...written.units].sort((a, b) => a.start - b.start || b.end - a.end);
    const open: Directive[] = [];
    for (const comment of written.comments) {
      for (const directive of readDirectives(text, comment)) {
        if (!this.#understood(directive)) continue;
        if (directive.form !== '-end' && isExpired(directive, today)) {
          if (directive.form === '-start') open.push(directive);
          else this.#expired(directive);
          continue;
        }
        if (requireReason && directive.reason === undefined && directive.form !== '-end') this.#report('meta/bad-suppression', directive.span, 'This suppression does not say why, and the project asks for a reason', this.#reasonFix(directive));
        if (directive.form === '-start') open.push(directive);
        else if (directive.form === '-end') this.#close(open, directive);
        else this.#cover(directive, directive.form === '-file' ? this.#wholeFile(directive, units) : targetOf(text, directive, units));
      }
    }
    for (const directive of open) {
      if (isExpired(directive, today)) this.#expired(directive);
      else this.#report('meta/bad-suppression', directive.span, 'This suppression is started but never ended, so it silences nothing');
    }
  }

  /** When a comment silences `rule` at `at`, the reason that it gives; the comment then counts as used. */
  covers(rule: string, at: Span): { readonly reason?: string } | undefined {
    let covered: { readonly reason?: string } | undefined;
    for (const scope of this.#scopes) {
      if (!matches(scope.id, rule) || at.start < scope.target.start || at.start > scope.target.end) continue;
      scope.used = true;
      const { reason } = scope.directive;
      covered ??= reason === undefined ? {} : { reason };
    }
    return covered;
  }

  /** What is wrong with the comments. Call it after all findings were asked for. `active` says whether a rule was run at all. */
  problems(active: (rule: string) => boolean): MetaFinding[] {
    const unused = this.#scopes.filter((scope) => !scope.used && [...knownIds].some((id) => matches(scope.id, id) && active(id)));
    const reports = unused.map(({ directive, id, idSpan, end }): MetaFinding => ({
      rule: 'meta/unused-suppression', at: idSpan, tags: ['unnecessary'],
      message: `Nothing here is reported by ${id}, so this suppression can go`,
      fixes: [{ title: 'Remove the unused suppression', safety: 'safe', edits: [directive, ...(end ? [end] : [])].map((one) => this.#removal(one, id)) }],
    }));
    return [...this.#problems, ...reports];
  }

  #understood(directive: Directive): boolean {
    if (directive.ids.length === 0) {
      this.#report('meta/bad-suppression', directive.span, 'This suppression names no rule, so it silences nothing', this.#uselessFix(directive));
      return false;
    }
    for (const { text, span } of directive.ids) {
      if ([...knownIds].some((id) => matches(text, id))) continue;
      const near = nearest(text, knownIds);
      this.#report('meta/unknown-suppression', span, `There is no rule ${text}, so this suppression silences nothing${near ? `; did you mean ${near}?` : ''}`,
        near === undefined ? undefined : [{ title: `Change to ${near}`, safety: 'review', edits: [{ span, text: near }] }]);
    }
    return true;
  }

  #close(open: Directive[], end: Directive): void {
    const ids = end.ids.map((id) => id.text).join();
    const index = open.findLastIndex((start) => start.ids.map((id) => id.text).join() === ids);
    if (index < 0) return this.#report('meta/bad-suppression', end.span, 'This ends a suppression that was never started', this.#uselessFix(end));
    const [start] = open.splice(index, 1);
    if (isExpired(start!, this.#today)) return this.#expired(start!, end);
    this.#cover(start!, { start: start!.span.end, end: end.span.start }, end);
  }

  /** Neither fix is one to make unseen: the comment says why somebody took the risk. */
  #expired(directive: Directive, end?: Directive): void {
    const { until, untilSpan } = directive;
    const later = daysAfter(this.#today!, 90);
    this.#report('meta/expired-suppression', directive.span, `This suppression expired on ${until}, so what it silenced is shown again`, [
      { title: 'Remove the expired suppression', safety: 'review', edits: [directive, ...(end ? [end] : [])].map((one) => this.#removalOf(one)) },
      { title: `Extend the suppression until ${later}`, safety: 'review', edits: [{ span: untilSpan!, text: later }] },
    ]);
  }

  /** What it was meant for is not known any more, so somebody should see it go. */
  #uselessFix(directive: Directive): Finding['fixes'] {
    return [{ title: 'Remove the suppression, which silences nothing', safety: 'review', edits: [this.#removalOf(directive)] }];
  }

  #reasonFix({ ids }: Directive): Finding['fixes'] {
    const end = ids.at(-1)!.span.end;
    const [colon] = /^[ \t]*:/.exec(this.#text.slice(end)) ?? [''];
    const head = colon === '' ? ': ' : ' ';
    const start = end + colon.length;
    return [{ title: 'Say why', safety: 'review', edits: [{ span: { start, end: start }, text: `${head}reason`, placeholders: [{ start: head.length, end: head.length + 'reason'.length }] }] }];
  }

  #wholeFile(directive: Directive, units: readonly Span[]): Span | undefined {
    const first = units[0];
    if (first === undefined || directive.span.start < first.start) return { start: 0, end: this.#text.length };
    this.#report('meta/bad-suppression', directive.span, 'A suppression for the whole file has to stand above its first entry');
    return undefined;
  }

  #cover(directive: Directive, target: Span | undefined, end?: Directive): void {
    for (const { text, span } of directive.ids) {
      if (![...knownIds].some((id) => matches(text, id))) continue;
      if (target !== undefined) this.#scopes.push({ directive, id: text, idSpan: span, target, end, used: false });
      else if (directive.form === '') this.#scopes.push({ directive, id: text, idSpan: span, target: { start: -1, end: -1 }, end, used: false });
    }
  }

  #report(rule: string, at: Span, message: string, fixes?: Finding['fixes']): void {
    this.#problems.push({ rule, at, message, ...(fixes ? { fixes } : {}) });
  }

  /** Takes one id out of the list, or all of the suppression when it is the only one. */
  #removal(directive: Directive, id: string): Edit {
    const { ids } = directive;
    if (ids.length === 1) return this.#removalOf(directive);
    const index = ids.findIndex(({ text }) => text === id);
    const { span } = ids[index]!;
    const next = ids[index + 1]?.span;
    return { span: next ? { start: span.start, end: next.start } : { start: ids[index - 1]!.span.end, end: span.end }, text: '' };
  }

  /** Takes the comment away, and its line too when nothing else stands on it; what else the comment says stays. */
  #removalOf({ comment, whole }: Directive): Edit {
    const isAll = /^(--|#|\/\*)[\s*]*$/.test(this.#text.slice(comment.start, whole.start)) && /^[\s*]*\/?$/.test(this.#text.slice(whole.end, comment.end));
    let { start, end } = isAll ? comment : whole;
    while (start > 0 && /[ \t]/.test(this.#text[start - 1]!)) start--;
    const alone = isAll && (start === 0 || this.#text[start - 1] === '\n');
    if (alone) {
      if (this.#text.startsWith('\r\n', end)) end += 2;
      else if (this.#text[end] === '\n') end += 1;
    }
    return { span: { start, end }, text: '' };
  }
}

/** Inserts a suppression of `rule` for what stands at `at`, or for the whole file. The reason is left to the user. */
export function suppressionEdit(document: Document, written: Written, at: Span, rule: string, scope: 'here' | 'file'): Edit {
  const { text } = document;
  const mark = document.language === 'sql' ? '--' : '#';
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const comment = (indent: string, form: string): Pick<Edit, 'text' | 'placeholders'> => {
    const head = `${indent}${mark} pgrampart-ignore${form} ${rule}: `;
    return { text: `${head}reason${newline}`, placeholders: [{ start: head.length, end: head.length + 'reason'.length }] };
  };
  if (scope === 'file') {
    const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
    return { span: { start, end: start }, ...comment('', '-file') };
  }
  const unit = innermost(written.units, at) ?? at;
  const lines = new Lines(text);
  const line = lines.start(lines.position(unit.start).line);
  const indent = text.slice(line, unit.start);
  if (/^[ \t\ufeff]*$/.test(indent)) {
    const above = directiveAbove(text, written, line);
    if (above) return { span: { start: above, end: above }, text: `, ${rule}` };
    return { span: { start: unit.start - indent.replace('\ufeff', '').length, end: unit.start - indent.replace('\ufeff', '').length }, ...comment(indent.replace('\ufeff', ''), '') };
  }
  const head = `/* pgrampart-ignore ${rule}: `;
  return { span: { start: unit.start, end: unit.start }, text: `${head}reason */ `, placeholders: [{ start: head.length, end: head.length + 'reason'.length }] };
}

/** End of the last id of a suppression that stands alone on the line above `line`, so that it can be extended. */
function directiveAbove(text: string, written: Written, line: number): number | undefined {
  for (const comment of written.comments) {
    if (comment.end > line || !/^\r?\n?$/.test(text.slice(comment.end, line))) continue;
    const [directive] = readDirectives(text, comment);
    if (directive?.form === '' && isAlone(text, comment)) return directive.ids.at(-1)?.span.end;
  }
  return undefined;
}

function innermost(units: readonly Span[], at: Span): Span | undefined {
  let best: Span | undefined;
  for (const unit of units) {
    if (at.start < unit.start || at.start > unit.end) continue;
    if (best === undefined || unit.end - unit.start <= best.end - best.start) best = unit;
  }
  return best;
}

function matches(pattern: string, id: string): boolean {
  return pattern === id || (pattern.endsWith('/*') && id.startsWith(pattern.slice(0, -1)));
}

const directivePattern = /pgrampart-ignore(-file|-start|-end)?(?![\w-])[ \t]*([^\n]*)/g;
const idPattern = /[a-z]+\/(?:[\w-]+|\*)/gy;

function* readDirectives(text: string, comment: Span): Iterable<Directive> {
  const written = text.slice(comment.start, comment.end);
  for (const match of written.matchAll(directivePattern)) {
    const start = comment.start + match.index;
    const restStart = comment.start + match.index + match[0].length - match[2]!.length;
    const ids: { text: string; span: Span }[] = [];
    idPattern.lastIndex = restStart - comment.start;
    for (let id = idPattern.exec(written); id; id = idPattern.exec(written)) {
      ids.push({ text: id[0], span: { start: comment.start + id.index, end: comment.start + id.index + id[0].length } });
      const comma = /[ \t]*,[ \t]*/y;
      comma.lastIndex = id.index + id[0].length;
      if (!comma.test(written)) break;
      idPattern.lastIndex = comma.lastIndex;
    }
    const date = /(?<=\(until )\d{4}-\d{2}-\d{2}(?=\))/.exec(match[2]!);
    const untilSpan = date === null ? undefined : { start: restStart + date.index, end: restStart + date.index + date[0].length };
    const whole = { start, end: start + match[0].replace(/\*\/\s*$/, '').trimEnd().length };
    const end = ids.at(-1)?.span.end ?? start + match[0].trimEnd().length;
    const behind = match[2]!.slice(end - restStart).replace(/\(until [^)]*\)|\*\/\s*$/g, '');
    const reason = /^[ \t]*:(.*\w.*)/.exec(behind)?.[1]!.trim();
    yield { form: (match[1] ?? '') as Directive['form'], span: { start, end }, comment, ids, until: date?.[0], untilSpan, whole, reason };
  }
}

function isExpired({ until }: Directive, today: string | undefined): boolean {
  return until !== undefined && today !== undefined && until < today;
}

function daysAfter(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

function isAlone(text: string, comment: Span): boolean {
  const line = text.lastIndexOf('\n', comment.start - 1) + 1;
  return /^[ \t\ufeff]*$/.test(text.slice(line, comment.start));
}

/** What a comment without `-file` speaks of: behind an entry it is that entry, otherwise the next one. */
function targetOf(text: string, directive: Directive, units: readonly Span[]): Span | undefined {
  const { comment } = directive;
  const next = units.find((unit) => unit.start >= comment.end);
  if (isAlone(text, comment)) return next;
  if (next !== undefined && /^[ \t]*$/.test(text.slice(comment.end, next.start))) return next;
  const line = text.lastIndexOf('\n', comment.start - 1) + 1;
  const before = units.filter((unit) => unit.start < comment.start && unit.end > line);
  return before.reduce<Span | undefined>((best, unit) => (best === undefined || unit.start >= best.start ? unit : best), undefined) ?? next;
}
