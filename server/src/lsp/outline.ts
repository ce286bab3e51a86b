import {
  FoldingRangeKind, SymbolKind, type DocumentSymbol, type FoldingRange, type Position, type SelectionRange, type SymbolInformation,
} from 'vscode-languageserver';
import { foldsOf } from '../help/folding.ts';
import { outlineOf, type Entry } from '../help/outline.ts';
import { selectionsAt } from '../help/selection.ts';
import type { Client } from './client.ts';
import type { Look } from './looks.ts';

/** Sections, settings and records for the outline and for jumping about. */
export function symbolsOf(look: Look, client: Client): DocumentSymbol[] | SymbolInformation[] {
  const entries = outlineOf(look.document);
  return client.nestedSymbols ? entries.map((entry) => symbolOf(look, entry)) : entries.flatMap((entry) => flat(look, entry, undefined));
}

export function foldingRangesOf({ document, places }: Look): FoldingRange[] {
  return foldsOf(document).map(({ span, kind }) => ({
    startLine: places.position(span.start).line, endLine: places.position(span.end).line,
    ...(kind === 'line' ? {} : { kind: kind === 'comment' ? FoldingRangeKind.Comment : FoldingRangeKind.Region }),
  }));
}

/** One chain of ever larger ranges for every position. */
export function selectionRangesAt({ document, places }: Look, positions: readonly Position[]): SelectionRange[] {
  return positions.map((position): SelectionRange => {
    const { start } = places.span({ start: position, end: position });
    const chain = selectionsAt(document, start).map((span) => places.range(span));
    return chain.reduceRight<SelectionRange | undefined>((parent, range) => (parent === undefined ? { range } : { range, parent }), undefined)
      ?? { range: { start: position, end: position } };
  });
}

function symbolOf(look: Look, entry: Entry): DocumentSymbol {
  return {
    name: nameOf(entry), detail: entry.detail, kind: kinds[entry.kind],
    range: look.places.range(entry.span), selectionRange: look.places.range(entry.nameSpan),
    ...(entry.children.length > 0 ? { children: entry.children.map((child) => symbolOf(look, child)) } : {}),
  };
}

function flat(look: Look, entry: Entry, containerName: string | undefined): SymbolInformation[] {
  const symbol = { name: nameOf(entry), kind: kinds[entry.kind], location: { uri: look.uri, range: look.places.range(entry.span) }, ...(containerName === undefined ? {} : { containerName }) };
  return [symbol, ...entry.children.flatMap((child) => flat(look, child, entry.name))];
}

/** An editor refuses a name of blanks. */
function nameOf({ name }: Entry): string {
  return name.trim() === '' ? '(empty)' : name;
}

const kinds: Readonly<Record<Entry['kind'], SymbolKind>> = {
  section: SymbolKind.Namespace, setting: SymbolKind.Property, include: SymbolKind.File, record: SymbolKind.Key, broken: SymbolKind.Null,
};
