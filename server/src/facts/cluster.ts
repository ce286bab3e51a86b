import type { Document } from '../document.ts';
import { baseName, folderOf, resolvePath } from '../paths.ts';
import type { HbaFacts } from './access.ts';
import { hbaFacts } from './access.ts';
import type { IdentFacts } from './hba/maps.ts';
import { identFacts } from './hba/maps.ts';
import type { ConfFacts, Settings } from './conf/settings.ts';
import { confFacts } from './conf/settings.ts';

/**
 * The files of one server, as far as they are in the workspace. What is not known is absent and never reported. Each is
 * read when it is first asked for; a document's own entry is absent, because its facts are at hand.
 */
export interface Cluster {
  readonly conf: ConfFacts | undefined;
  readonly hba: HbaFacts | undefined;
  readonly ident: IdentFacts | undefined;
}

export function clusterOf(document: Document): Cluster {
  return new Neighbours(document);
}

class Neighbours implements Cluster {
  readonly #document: Document;
  readonly #known = new Map<'conf' | 'hba' | 'ident', ConfFacts | HbaFacts | IdentFacts | undefined>();

  constructor(document: Document) {
    this.#document = document;
  }

  get conf(): ConfFacts | undefined {
    return this.#once('conf', () => (this.#document.language === 'conf' ? undefined : this.#findConf(this.#document.language === 'ident' ? 'ident_file' : 'hba_file')));
  }

  get hba(): HbaFacts | undefined {
    return this.#once('hba', () => (this.#document.language === 'hba' ? undefined : this.#open('hba_file', 'pg_hba.conf', (found) => hbaFacts({ ...found, language: 'hba' }))));
  }

  get ident(): IdentFacts | undefined {
    return this.#once('ident', () => (this.#document.language === 'ident' ? undefined : this.#open('ident_file', 'pg_ident.conf', (found) => identFacts({ ...found, language: 'ident' }))));
  }

  #once<T extends ConfFacts | HbaFacts | IdentFacts>(name: 'conf' | 'hba' | 'ident', find: () => T | undefined): T | undefined {
    if (!this.#known.has(name)) this.#known.set(name, find());
    return this.#known.get(name) as T | undefined;
  }

  /** postgresql.conf lies in the same folder, in a data directory as in Debian's /etc, or in the one above: `hba_file = 'auth/pg_hba.conf'`. */
  #findConf(parameter: 'hba_file' | 'ident_file'): ConfFacts | undefined {
    const folder = folderOf(this.#document.path);
    const paths = [resolvePath(folder, 'postgresql.conf'), ...(folder === '' ? [] : [resolvePath(folderOf(folder), 'postgresql.conf')])];
    for (const path of paths) {
      const text = this.#document.files.read(path);
      if (text === undefined) continue;
      const facts = confFacts({ ...this.#document, path, text, language: 'conf' });
      if (names(facts.settings, parameter, path, this.#document.path)) return facts;
    }
    return undefined;
  }

  /** The file that postgresql.conf names; without a word about it, or without postgresql.conf, the one beside it. */
  #open<T>(parameter: 'hba_file' | 'ident_file', usual: string, read: (document: Document) => T): T | undefined {
    const { document } = this.#document.language === 'conf' ? { document: this.#document } : (this.conf ?? { document: this.#document });
    const settings = this.#document.language === 'conf' ? confFacts(this.#document).settings : this.conf?.settings;
    const written = settings?.get(parameter)?.setting;
    const folder = folderOf(document.path);
    const paths = written === undefined ? [resolvePath(folder, usual)]
      : written.template ? [] : [resolvePath(folder, written.value.text), resolvePath(folder, baseName(written.value.text))];
    for (const path of paths) {
      const text = document.files.read(path);
      if (text !== undefined) return read({ ...document, path, text });
    }
    return undefined;
  }
}

/** The path that a file in a repository names is the one on the server, so only its end can be compared. */
function names(settings: Settings, parameter: 'hba_file' | 'ident_file', confPath: string, path: string): boolean {
  const written = settings.get(parameter)?.setting;
  const besideIt = folderOf(confPath) === folderOf(path);
  if (written === undefined) return besideIt && baseName(path) === (parameter === 'hba_file' ? 'pg_hba.conf' : 'pg_ident.conf');
  if (written.template) return besideIt;
  if (besideIt && baseName(written.value.text) === baseName(path)) return true;
  return resolvePath(folderOf(confPath), written.value.text) === path;
}
