import { describe, expect, test } from 'vitest';
import { suggestConf } from '../../server/src/help/conf-completion.ts';
import { confNoteAt } from '../../server/src/help/conf-hover.ts';
import { foldsOf } from '../../server/src/help/folding.ts';
import { formatEdits } from '../../server/src/help/format.ts';
import { suggestHba } from '../../server/src/help/hba-completion.ts';
import { suggestIdent } from '../../server/src/help/ident-completion.ts';
import { definitionAt, fileNamesOf } from '../../server/src/help/links.ts';
import { outlineOf } from '../../server/src/help/outline.ts';
import { renameable, renameMap } from '../../server/src/help/rename.ts';
import { selectionsAt } from '../../server/src/help/selection.ts';
import { hbaNoteAt, identNoteAt } from '../../server/src/help/word-hover.ts';
import { supportedVersions } from '../../server/src/document.ts';
import { rules } from '../../server/src/rules/index.ts';
import { applyEdits, type Span } from '../../server/src/text.ts';
import { documentOf } from '../help/documents.ts';
import { damage, random } from './damage.ts';

const suggest = { conf: suggestConf, hba: suggestHba, ident: suggestIdent };
const note = { conf: confNoteAt, hba: hbaNoteAt, ident: identNoteAt };
const texts = rules.filter(({ language }) => language !== 'sql').flatMap(({ examples }) => examples.flatMap(({ bad, good }) => [bad, good].flatMap((text) => text?.replace(/[«»]/g, '') ?? [])));

describe.each(['conf', 'hba', 'ident'] as const)('help for a damaged %s file', (language) => {
  test('never throws, and every place lies in the text', () => {
    const next = random(7);
    for (let i = 0; i < 1500; i++) {
      const text = damage(texts[next(texts.length)]!, texts[next(texts.length)]!, next);
      const offset = next(text.length + 1);
      const document = documentOf(language, text, { version: supportedVersions[next(supportedVersions.length)]!, files: { 'pg_ident.conf': 'admins x y\n', 'pg_hba.conf': text } });
      const within = ({ start, end }: Span) => expect(0 <= start && start <= end && end <= text.length, JSON.stringify([text, offset, start, end])).toBe(true);
      const { span, items } = suggest[language](document, offset);
      within(span);
      if (items.length > 0) expect(span.start <= offset && offset <= span.end, JSON.stringify([text, offset, span])).toBe(true);
      const shown = note[language](document, offset);
      if (shown) within(shown.span);
      for (const fold of foldsOf(document)) within(fold.span);
      for (const { span: name } of fileNamesOf(document)) within(name);
      for (const entry of outlineOf(document)) within(entry.span);
      for (const selected of selectionsAt(document, offset)) within(selected);
      applyEdits(text, formatEdits(document));
      definitionAt(document, offset);
      renameable(document, offset);
      renameMap(document, offset, 'other');
    }
  });
});
