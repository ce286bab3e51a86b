import type { Host } from './host.ts';
import { folderOf, resolvePath } from './paths.ts';

/** Which state of which repository the files are of, as far as its own notes say. */
export interface Revision {
  /** The top folder of the working tree. */
  readonly top: string;
  /** Where others find it, without a password. */
  readonly url: string;
  readonly commit: string;
  readonly branch?: string;
}

/** Read from disk: no program is started, because what a repository configures must not run. Undefined where something is not known. */
export async function revisionOf(folder: string, host: Host): Promise<Revision | undefined> {
  const read = (path: string) => host.read(path).then((bytes) => new TextDecoder().decode(bytes), () => undefined);
  for (let top = folder; ; top = folderOf(top)) {
    const git = await gitFolder(top, read);
    if (git !== undefined) return readRevision(top, git, read);
    if (top === '' || folderOf(top) === top) return undefined;
  }
}

type Read = (path: string) => Promise<string | undefined>;

async function gitFolder(top: string, read: Read): Promise<string | undefined> {
  const git = resolvePath(top, '.git');
  if (await read(resolvePath(git, 'HEAD')) !== undefined) return git;
  // Worktrees and submodules have a file that says where their folder is.
  const elsewhere = /^gitdir: (.+?)\s*$/.exec(await read(git) ?? '')?.[1];
  return elsewhere === undefined ? undefined : resolvePath(top, elsewhere);
}

async function readRevision(top: string, git: string, read: Read): Promise<Revision | undefined> {
  const shared = (await read(resolvePath(git, 'commondir')))?.trim();
  const common = shared === undefined ? git : resolvePath(git, shared);
  const url = publicUrl(originIn(await read(resolvePath(common, 'config')) ?? ''));
  const head = (await read(resolvePath(git, 'HEAD')))?.trim() ?? '';
  const ref = /^ref: (.+)$/.exec(head)?.[1];
  const commit = ref === undefined ? head : (await read(resolvePath(common, ref)))?.trim() ?? packed(await read(resolvePath(common, 'packed-refs')) ?? '', ref);
  if (url === undefined || commit === undefined || !/^[0-9a-f]{40,64}$/.test(commit)) return undefined;
  return { top, url, commit, ...(ref?.startsWith('refs/heads/') && { branch: ref.slice('refs/heads/'.length) }) };
}

function originIn(config: string): string | undefined {
  const section = /^\[remote "origin"\]\s*\n((?:[ \t]+.*\n?|\s*\n)*)/m.exec(config)?.[1];
  return section === undefined ? undefined : /^\s*url\s*=\s*(.+?)\s*$/m.exec(section)?.[1];
}

/** A name and password in it are left out; `git@host:owner/name` becomes an address. Paths of this machine tell nobody anything. */
function publicUrl(origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined;
  const [, host, path] = /^(?:[^@/:]+@)?([^/:]+):(?!\/\/)(.+)$/.exec(origin) ?? [];
  const address = host === undefined || /^[A-Za-z]$/.test(host) ? origin : `ssh://${host}/${path!.replace(/^\//, '')}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (!['https:', 'http:', 'ssh:', 'git:'].includes(url.protocol)) return undefined;
  url.username = '';
  url.password = '';
  url.search = '';
  return url.href;
}

/** `<commit> <ref>` a line; after that lines with `^` speak of what tags point to. */
function packed(text: string, ref: string): string | undefined {
  return text.split('\n').find((line) => line.endsWith(` ${ref}`))?.split(' ')[0];
}
