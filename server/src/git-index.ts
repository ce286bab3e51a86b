import type { Host } from './host.ts';
import { folderOf, isInside, resolvePath } from './paths.ts';

/** Which files git keeps, as its own list says. No program is started: what a repository configures must not run here. */
export class GitIndex {
  readonly #host: Host;
  readonly #lists = new Map<string, Promise<ReadonlySet<string> | undefined>>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** Undefined when the file lies in no repository, or its list cannot be read. */
  async keeps(path: string): Promise<boolean | undefined> {
    for (let folder = folderOf(path); ; folder = folderOf(folder)) {
      let list = this.#lists.get(folder);
      if (list === undefined) this.#lists.set(folder, list = this.#read(folder).catch(() => undefined));
      const names = await list;
      if (names !== undefined) return isInside(folder, path) && names.has(path.slice(folder === '/' ? 1 : folder.length + 1));
      if (folder === '' || folderOf(folder) === folder) return undefined;
    }
  }

  async #read(folder: string): Promise<ReadonlySet<string>> {
    const git = resolvePath(folder, '.git');
    const direct = await this.#host.read(resolvePath(git, 'index')).catch(() => undefined);
    if (direct !== undefined) return namesIn(direct);
    // Worktrees and submodules have a file that says where their folder is.
    const elsewhere = /^gitdir: (.+?)\s*$/.exec(new TextDecoder().decode(await this.#host.read(git)))![1]!;
    return namesIn(await this.#host.read(resolvePath(resolvePath(folder, elsewhere), 'index')));
  }
}

/** The names in an index of version 2, 3 or 4: https://git-scm.com/docs/index-format. Throws when it is none. */
export function namesIn(bytes: Uint8Array): Set<string> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(4);
  if (view.getUint32(0) !== 0x44495243 || version < 2 || version > 4) throw new Error('no index that is understood');
  const names = new Set<string>();
  let before = '';
  let at = 12;
  for (let left = view.getUint32(8); left > 0; left--) {
    const extended = version >= 3 && (view.getUint16(at + 60) & 0x4000) !== 0;
    let start = at + (extended ? 64 : 62);
    let kept = 0;
    if (version === 4) {
      let byte = bytes[start++]!;
      for (kept = byte & 127; byte & 128; kept = ((kept + 1) << 7) | (byte & 127)) byte = bytes[start++]!;
    }
    const end = bytes.indexOf(0, start);
    if (end < 0) throw new Error('it ends too early');
    const own = decoder.decode(bytes.subarray(start, end));
    before = version === 4 ? before.slice(0, before.length - kept) + own : own;
    names.add(before);
    at = version === 4 ? end + 1 : at + ((end - at + 8) & ~7);
  }
  return names;
}

const decoder = new TextDecoder('utf-8');
