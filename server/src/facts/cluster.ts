import type { Document } from '../document.ts';
import { baseName, folderOf, resolvePath } from '../paths.ts';
import type { Settings } from './settings.ts';
import { confFacts } from './settings.ts';

/** The files of one server, as far as they are in the workspace. What is not known is absent and never reported. */
export interface Cluster {
  /** The postgresql.conf of this cluster. */
  readonly conf?: { readonly path: string; readonly settings: Settings };
}

/** The cluster of a pg_hba.conf: its postgresql.conf lies in the same folder, in a data directory as in Debian's /etc. */
export function clusterOf(document: Document): Cluster {
  for (const path of candidates(document)) {
    const text = document.files.read(path);
    if (text === undefined) continue;
    const { settings } = confFacts({ ...document, path, text, language: 'conf' });
    if (usesThisFile(settings, path, document.path)) return { conf: { path, settings } };
  }
  return {};
}

/** The folder above is asked too: `hba_file = 'auth/pg_hba.conf'`. */
function candidates({ path }: Document): string[] {
  const folder = folderOf(path);
  const same = resolvePath(folder, 'postgresql.conf');
  return folder === '' ? [same] : [same, resolvePath(folderOf(folder), 'postgresql.conf')];
}

/** The path that a file in a repository names is the one on the server, so only its end can be compared. */
function usesThisFile(settings: Settings, confPath: string, hbaPath: string): boolean {
  const written = settings.get('hba_file')?.setting;
  const besideIt = folderOf(confPath) === folderOf(hbaPath);
  if (written === undefined) return besideIt && baseName(hbaPath) === 'pg_hba.conf';
  if (written.template) return besideIt;
  if (besideIt && baseName(written.value.text) === baseName(hbaPath)) return true;
  return resolvePath(folderOf(confPath), written.value.text) === hbaPath;
}
