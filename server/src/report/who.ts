import type { Document } from '../document.ts';
import type { LoadedRecord } from '../facts/hba/loaded.ts';
import type { Decision, HbaClient } from '../facts/hba/matching.ts';
import { methodText } from '../facts/hba/record-text.ts';
import { baseName } from '../paths.ts';
import { formatIp } from '../syntax/address.ts';
import type { HbaLine } from '../syntax/hba.ts';
import { shown } from '../syntax/hba-words.ts';
import type { Span } from '../text.ts';
import { relativePath } from '../paths.ts';
import { placesIn } from './reported.ts';
import { printable } from './text.ts';

/** The answer to "which record does this client meet?", as every shell shows it. */
export interface WhoAnswer<Place = WhoLine> {
  /** `unmatched`: no record matches, which turns the client away too. `refused`: the server does not load the file. */
  readonly decision: 'admitted' | 'rejected' | 'unmatched' | 'undecided' | 'refused';
  /** One sentence without a full stop. */
  readonly message: string;
  readonly deciding?: Place;
  /** When undecided: the record that decides if none of the doubtful ones does. */
  readonly otherwise?: Place;
  /** The lines before it, in the order in which the server reads them. */
  readonly earlier: readonly (Place & { readonly why: string; readonly doubtful: boolean })[];
  /** What the server refuses the file for. */
  readonly problems: readonly (Place & { readonly why: string })[];
  readonly notes: readonly string[];
}

export interface WhoLine {
  readonly path: string;
  readonly span: Span;
  /** From 1. */
  readonly line: number;
  /** `pg_hba.conf:7` */
  readonly label: string;
  /** The line without its options, which may be secret. */
  readonly text: string;
}

export function whoAnswer(document: Document, client: HbaClient, decision: Decision): WhoAnswer {
  const places = placesIn(document);
  const textOf = (path: string) => (path === document.path ? document.text : document.files.read(path) ?? '');
  const lineOf = (path: string, line: HbaLine): WhoLine => {
    const number = places(path).at(line.line.start).line;
    return { path, span: line.span, line: number, label: `${baseName(path)}:${number}`, text: lineText(textOf(path), line) };
  };
  const earlier = decision.earlier.map(({ path, line, why, doubtful }) => ({ ...lineOf(path, line), why, doubtful }));
  const problems = decision.problems.map(({ path, line, why }) => ({ ...lineOf(path, line), why }));
  const decides = decision.decides && lineOf(decision.decides.path, decision.decides.record);
  const rest = { earlier, problems, notes: decision.notes };
  switch (decision.kind) {
    case 'record': return { decision: admits(decision.decides!) ? 'admitted' : 'rejected', message: recordMessage(client, decision.decides!, decides!), deciding: decides!, ...rest };
    case 'none': return { decision: 'unmatched', message: `No record matches, so the server turns ${clientText(client)} away`, ...rest };
    case 'undecided': return { decision: 'undecided', message: doubtMessage(earlier, decides), ...(decides && { otherwise: decides }), ...rest };
    case 'refused': return { decision: 'refused', message: `The server refuses this file as a whole, and what it loaded before stays in force${problems[0] ? `: ${problems[0].label}, ${problems[0].why}` : ''}`, ...rest };
  }
}

function admits({ record }: LoadedRecord): boolean {
  return record.method.text !== 'reject';
}

function recordMessage(client: HbaClient, decides: LoadedRecord, { label }: WhoLine): string {
  if (!admits(decides)) return `${label} decides: the server turns ${clientText(client)} away`;
  return `${label} decides: ${clientText(client)} may log in ${methodText(decides.record)}`;
}

function doubtMessage(earlier: WhoAnswer['earlier'], decides: WhoLine | undefined): string {
  const doubtful = earlier.filter((line) => line.doubtful);
  const first = doubtful[0]!;
  const others = doubtful.length > 1 ? `, and of ${doubtful.length - 1} more` : '';
  return `That depends on ${first.label}${others}: ${first.why}; ${decides ? `otherwise ${decides.label} decides` : 'otherwise no record matches'}`;
}

/** `"alice" at database "app" from 10.1.2.3 over TLS` */
function clientText({ role, database, transport }: HbaClient): string {
  const what = database === undefined ? 'for replication' : `at database ${shown(database)}`;
  if (transport === 'socket') return `role ${shown(role)} ${what} on the socket`;
  const how = { none: 'without encryption', tls: 'over TLS', gss: 'with GSSAPI encryption' }[transport.encryption];
  return `role ${shown(role)} ${what} from ${formatIp(transport.address)} ${how}`;
}

function lineText(text: string, line: HbaLine): string {
  const option = line.fields.slice(3).flat().find((token) => token.text.includes('='));
  const end = option ? option.span.start : line.span.end;
  const words = text.slice(line.span.start, end).replace(/\\\r?\n/g, ' ').replace(/\s+/g, ' ').trim();
  return printable(option ? `${words} …` : words);
}

/** The answer for people. */
export function whoText(root: string, { message, deciding, otherwise, earlier, problems, notes }: WhoAnswer): string {
  const place = ({ path, line }: WhoLine) => `${printable(relativePath(root, path))}:${line}`;
  const parts = [`${printable(message)}\n`];
  const decides = deciding ?? otherwise;
  if (decides) parts.push(`  ${place(decides)}  ${decides.text}\n`);
  if (problems.length > 0) parts.push('\nRefused\n', ...problems.map((line) => `  ${place(line)}  ${line.text}\n      ${printable(line.why)}\n`));
  if (earlier.length > 0) parts.push('\nLines before it\n', ...earlier.map((line) => `  ${place(line)}  ${line.text}\n      ${line.doubtful ? 'may decide: ' : ''}${printable(line.why)}\n`));
  if (notes.length > 0) parts.push('\n', ...notes.map((note) => `Note: ${note}\n`));
  return parts.join('');
}

/** The answer for programs. Its shape is promised: fields may be added, none changes. */
export function whoJson(root: string, { decision, message, deciding, otherwise, earlier, problems, notes }: WhoAnswer): string {
  const line = ({ path, line, text }: WhoLine) => ({ path: relativePath(root, path), line, text });
  const content = {
    schema: 'pgrampart-who/1', decision, message,
    deciding: deciding ? line(deciding) : null,
    otherwise: otherwise ? line(otherwise) : null,
    earlier: earlier.map((one) => ({ ...line(one), why: one.why, doubtful: one.doubtful })),
    problems: problems.map((one) => ({ ...line(one), why: one.why })),
    notes,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}
