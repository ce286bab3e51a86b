import type { Document } from '../../server/src/document.ts';
import { includedPaths } from '../../server/src/facts/access.ts';
import { folderOf, resolvePath } from '../../server/src/paths.ts';
import type { HbaLine, HbaToken } from '../../server/src/syntax/hba.ts';
import { tokenize } from '../../server/src/syntax/hba-tokens.ts';
import type { Difference, Differences } from './differences.ts';

/** One row of pg_hba_file_rules or pg_ident_file_mappings. */
export interface Row {
  /** Relative to the data directory. */
  readonly file: string;
  readonly line: number;
  /** The other columns, lists as JSON; undefined for a line that the server refuses. */
  readonly columns: readonly (string | null)[] | undefined;
}

export interface OurRow extends Row {
  /** Why we do not say what the server makes of this line. */
  readonly unjudged?: Difference;
}

export interface TheirRow extends Row {
  readonly error: string | null;
}

/** How a format is read: its lines, and the columns of a line that is good. */
export interface Format {
  lines(document: Document): readonly HbaLine[];
  columns(document: Document, line: HbaLine): Row['columns'];
  /** A good line of which we do not say what it means. */
  unjudged?(line: HbaLine): Difference | undefined;
}

/** Includes nest ten deep. */
const deepest = 10;

/** The rows that we expect of a server that reads this document, those of included files among them, in its order. */
export function ourRows(format: Format, document: Document, depth = 0): OurRow[] {
  return format.lines(document).flatMap((line): OurRow[] => {
    const place = { file: document.path, line: document.text.slice(0, line.line.start).split('\n').length };
    if (line.include !== undefined) return includedRows(format, document, line, place, depth);
    const files = line.fields.flat().filter((token) => token.file !== undefined);
    if (files.some((token) => isLost(document, document.path, token, 0))) return [{ ...place, columns: undefined }];
    if (line.template) return [{ ...place, columns: undefined, unjudged: files.length > 0 ? 'a word from a file' : 'a template' }];
    if (line.error !== undefined) return [{ ...place, columns: undefined }];
    return [{ ...place, columns: format.columns(document, line), unjudged: format.unjudged?.(line) }];
  });
}

function includedRows(format: Format, document: Document, line: HbaLine, place: { file: string; line: number }, depth: number): OurRow[] {
  const { kind, target } = line.include!;
  const refused = { ...place, columns: undefined };
  if (kind === 'include_dir' && document.files.list(resolvePath(folderOf(document.path), target.text)).length === 0) return [refused];
  return includedPaths(document, document.path, line).flatMap((path) => {
    const text = depth < deepest ? document.files.read(path) : undefined;
    if (text !== undefined) return ourRows(format, { ...document, path, text }, depth + 1);
    return kind === 'include_if_exists' && depth < deepest ? [] : [refused];
  });
}

/** The file of names is not there, or one that it names is not. */
function isLost(document: Document, from: string, token: HbaToken, depth: number): boolean {
  const path = resolvePath(folderOf(from), token.file!);
  const text = depth < deepest ? document.files.read(path) : undefined;
  if (text === undefined) return true;
  const tokens = tokenize(text, document.version).flatMap((line) => line.fields.flat());
  return tokens.some((inner) => inner.file !== undefined && isLost(document, path, inner, depth + 1));
}

/** What is not the same, one sentence for each row. `known` says which of the known differences a row shows. */
export function compareRows(ours: readonly OurRow[], theirs: readonly TheirRow[], text: string, known: (our: OurRow, their: TheirRow, written: string) => Difference | undefined, differences: Differences): string[] {
  const found: string[] = [];
  const rest = [...theirs];
  for (const [i, our] of ours.entries()) {
    if (our.unjudged !== undefined) {
      differences.meet(our.unjudged);
      while (rest.length > 0 && !isAt(rest[0]!, ours[i + 1])) rest.shift();
      continue;
    }
    const their = rest[0];
    const written = our.file.includes('/') ? '' : text.split('\n')[our.line - 1] ?? '';
    const where = `${our.file}:${our.line} ${JSON.stringify(written.slice(0, 200))}`;
    if (their === undefined || !isAt(their, our)) return [...found, `${where}: the server shows ${JSON.stringify(their)} here`];
    rest.shift();
    if (JSON.stringify(our.columns) === JSON.stringify(their.columns)) continue;
    const difference = known(our, their, written);
    if (difference === undefined) found.push(`${where}: ours ${shown(our)}, the server's ${shown(their)} ${their.error ?? ''}`);
    else differences.meet(difference);
  }
  return rest.length > 0 ? [...found, `the server shows ${rest.length} more rows: ${JSON.stringify(rest[0])}`] : found;
}

function isAt(row: Row, place: Row | undefined): boolean {
  return row.file === place?.file && row.line === place.line;
}

function shown({ columns }: Row): string {
  return columns === undefined ? 'refused' : columns.map((value) => value ?? '-').join(' ');
}
