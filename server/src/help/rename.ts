import type { Document } from '../document.ts';
import type { Edit, Span } from '../text.ts';
import { mentions, type MapMention } from './maps.ts';

/** Why something cannot be renamed, in one plain sentence. */
export class Refusal {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** The name of the map at a place, alone, or why there is nothing to rename. */
export function renameable(document: Document, offset: number): MapMention & { readonly span: Span } | Refusal {
  const here = mentions(document).filter(({ path }) => path === document.path)
    .find(({ span, line }) => touches(span ?? line, offset));
  if (here === undefined) return new Refusal('Only names of maps can be renamed: the first column of pg_ident.conf and what stands behind map= in pg_hba.conf');
  if (here.span === undefined) return new Refusal('This name has quotes inside it; write it plainly first');
  return { ...here, span: here.span };
}

/** The edits, by file, that give a map another name wherever it is mentioned. */
export function renameMap(document: Document, offset: number, wanted: string): ReadonlyMap<string, readonly Edit[]> | Refusal {
  const here = renameable(document, offset);
  if (here instanceof Refusal) return here;
  const wrong = wrongName(wanted);
  if (wrong !== undefined) return new Refusal(wrong);
  const all = mentions(document);
  if (wanted !== here.name && all.some(({ name }) => name === wanted)) return new Refusal(`There is a map '${wanted}' already; its users and those of '${here.name}' would be mixed up`);
  const edits = new Map<string, Edit[]>();
  for (const { path, name, span } of all) {
    if (name !== here.name) continue;
    if (span === undefined) return new Refusal(`'${name}' is written with quotes inside it in another place; write it plainly there first`);
    edits.set(path, [...(edits.get(path) ?? []), { span, text: wanted }]);
  }
  return edits;
}

/** A name that needs quotes in one of the files would be two different words. */
function wrongName(name: string): string | undefined {
  if (name === '') return 'A map needs a name';
  if (/[\s,"#=\u0000-\u001f]/.test(name)) return 'A name of a map cannot have blanks, commas, quotes, # or = in it';
  if (/^[@/+]/.test(name)) return `A name of a map cannot start with ${name[0]}`;
  return /^include(_if_exists|_dir)?$/.test(name) ? `'${name}' is a directive, not a name` : undefined;
}

function touches({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}
