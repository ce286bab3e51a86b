import type { Document } from '../document.ts';
import { readHba, readIdent } from '../facts/reading.ts';
import type { HbaLine } from '../syntax/hba.ts';
import { connectionTypes } from '../syntax/hba.ts';
import type { Edit, Span } from '../text.ts';
import { columnOf } from './hba-columns.ts';

/**
 * Edits that align the columns of a pg_hba.conf or pg_ident.conf: nothing but blanks between words changes. Templates, broken
 * lines, and lines that go on in the next one stay as they are. The columns are those of the whole file, whatever `within` says.
 */
export function formatEdits(document: Document, within?: Span): Edit[] {
  const rows = rowsOf(document);
  const starts = columnStarts(rows);
  const comments = commentColumns(document.text, rows, starts);
  return rows.filter(({ line }) => within === undefined || (line.start <= within.end && within.start <= line.end))
    .flatMap((row) => editsOf(document.text, row, starts, comments.get(row)));
}

/** A line that takes part: its cells in order, each with its column. */
interface Row {
  readonly line: Span;
  readonly cells: readonly Cell[];
  /** The comment behind the cells. */
  readonly comment: Span | undefined;
}

interface Cell extends Span {
  readonly column: number;
}

const gap = 2;
/** A longer cell pushes what follows on its own line and no other one. */
const widest = 44;

function rowsOf(document: Document): Row[] {
  const { text, language } = document;
  if (language !== 'hba' && language !== 'ident') return [];
  const { lines, comments } = language === 'hba' ? readHba(document).file : readIdent(document).file;
  const cellsOf = language === 'hba' ? recordCells : entryCells;
  let next = 0;
  const rows = lines.flatMap((line): Row[] => {
    while (next < comments.length && comments[next]!.start < line.span.end) next++;
    const comment = comments[next] !== undefined && comments[next]!.end <= line.line.end ? comments[next] : undefined;
    const row = { line: line.line, cells: cellsOf(line), comment };
    return canAlign(text, line) && gapsAreBlank(text, row) ? [row] : [];
  });
  return [...rows, ...comments.flatMap((comment) => headingRow(text, comment, language) ?? [])].sort((a, b) => a.line.start - b.line.start);
}

function canAlign(text: string, { line, template, include, error, fields }: HbaLine): boolean {
  if (template || include !== undefined || (error !== undefined && !connectionTypes.some((type) => type === fields[0]![0]!.text))) return false;
  return !/[\r\n\0]/.test(text.slice(line.start, line.end));
}

/** Type, databases, users, address with its mask, method, options; a record of `local` skips the address. */
function recordCells({ fields }: HbaLine): Cell[] {
  return fields.map((tokens, index) => ({
    start: tokens[0]!.span.start, end: tokens.at(-1)!.span.end, column: columns[columnOf(fields.slice(0, index))],
  }));
}

const columns = { type: 0, include: 0, database: 1, user: 2, address: 3, mask: 4, method: 5, option: 6 } as const;

function entryCells({ fields }: HbaLine): Cell[] {
  return fields.map((tokens, index) => ({ start: tokens[0]!.span.start, end: tokens.at(-1)!.span.end, column: Math.min(index, 3) }));
}

/** A stray comma between two fields means nothing to the server, but it is no blank. */
function gapsAreBlank(text: string, { line, cells, comment }: Row): boolean {
  const edges = [line.start, ...cells.flatMap(({ start, end }) => [start, end]), comment?.start ?? line.end];
  return edges.every((edge, i) => i % 2 === 1 || /^[ \t]*$/.test(text.slice(edge, edges[i + 1])));
}

const headings = { hba: /^#[ \t]*TYPE[ \t]+DATABASE[ \t]+USER[ \t]+ADDRESS[ \t]+METHOD([ \t]+OPTIONS)?$/i, ident: /^#[ \t]*MAPNAME[ \t]+SYSTEM-USERNAME[ \t]+(PG|DATABASE)-USERNAME$/i };

/** `# TYPE DATABASE USER …`: the names of the columns stand above them, so they move along. */
function headingRow(text: string, { start, end }: Span, language: 'hba' | 'ident'): Row | undefined {
  const written = text.slice(start, end).trimEnd();
  if (!headings[language].test(written)) return undefined;
  const words = [...written.slice(1).matchAll(/\S+/g)].map((match) => ({ start: start + 1 + match.index, end: start + 1 + match.index + match[0].length }));
  const numbers = language === 'hba' ? [0, 1, 2, 3, 5, 6] : [0, 1, 2];
  const line = { start: text.lastIndexOf('\n', start - 1) + 1, end: start + written.length };
  const row = { line, comment: undefined, cells: words.map((word, i) => ({ ...word, start: i === 0 ? start : word.start, column: numbers[i]! })) };
  return gapsAreBlank(text, row) ? row : undefined;
}

/** Where each column begins. */
function columnStarts(rows: readonly Row[]): number[] {
  const widths = new Array<number>(7).fill(0);
  for (const { start, end, column } of rows.flatMap(({ cells }) => cells)) {
    if (end - start <= widest) widths[column] = Math.max(widths[column]!, end - start);
  }
  const starts: number[] = [];
  let at = 0;
  for (const width of widths) {
    starts.push(at);
    if (width > 0) at += width + gap;
  }
  return starts;
}

/** Comments behind records that stand one below the other share a column. */
function commentColumns(text: string, rows: readonly Row[], starts: readonly number[]): ReadonlyMap<Row, number> {
  const found = new Map<Row, number>();
  let block: Row[] = [];
  const close = () => {
    const commented = block.filter(({ comment }) => comment !== undefined);
    const column = Math.max(0, ...commented.map((row) => lengthOf(row, starts))) + gap;
    for (const row of commented) found.set(row, column);
    block = [];
  };
  for (const row of rows) {
    const last = block.at(-1);
    if (last !== undefined && !/^\r*\n$/.test(text.slice(last.line.end, row.line.start))) close();
    block.push(row);
  }
  close();
  return found;
}

function lengthOf({ cells }: Row, starts: readonly number[]): number {
  const { at, cell } = placed(cells, starts).at(-1)!;
  return at + cell.end - cell.start;
}

/** Where the cells of a row go. Options follow one another with one blank. */
function placed(cells: readonly Cell[], starts: readonly number[]): { cell: Cell; at: number }[] {
  let end = -gap;
  let before = -1;
  return cells.map((cell) => {
    const at = cell.column === before ? end + 1 : Math.max(starts[cell.column]!, end + gap);
    end = at + cell.end - cell.start;
    before = cell.column;
    return { cell, at };
  });
}

function editsOf(text: string, { line, cells, comment }: Row, starts: readonly number[], commentAt: number | undefined): Edit[] {
  const edits: Edit[] = [];
  const set = (start: number, end: number, blanks: number) => {
    const wanted = ' '.repeat(blanks);
    if (text.slice(start, end) !== wanted) edits.push({ span: { start, end }, text: wanted });
  };
  let from = line.start;
  let column = 0;
  for (const { cell, at } of placed(cells, starts)) {
    set(from, cell.start, at - column);
    from = cell.end;
    column = at + cell.end - cell.start;
  }
  if (comment === undefined) set(from, line.end, 0);
  else set(from, comment.start, (commentAt ?? column + gap) - column);
  return edits;
}
