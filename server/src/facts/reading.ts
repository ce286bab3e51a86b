import type { Document } from '../document.ts';
import { hbaFacts, type HbaFacts } from './access.ts';
import { identFacts, type IdentFacts } from './hba/maps.ts';
import { confFacts, type ConfFacts } from './conf/settings.ts';
import { Notes } from '../notes.ts';

/** The facts of one state of a document, read when first asked for: rules and editing help share them. */
export const readConf = once<ConfFacts>(confFacts);
export const readHba = once<HbaFacts>(hbaFacts);
export const readIdent = once<IdentFacts>(identFacts);

function once<T>(read: (document: Document) => T): (document: Document) => T {
  const known = new Notes<Document, T>();
  return (document) => {
    let facts = known.get(document);
    if (facts === undefined) known.set(document, facts = read(document));
    return facts;
  };
}
