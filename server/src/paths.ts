/** The folder part of a path, without a trailing slash; empty for a bare name. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? path.slice(0, slash + 1) : path.slice(0, slash);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `target` as seen from `folder`, with `.` and `..` resolved. An absolute target stays where it is. */
export function resolvePath(folder: string, target: string): string {
  const absolute = target.startsWith('/') || /^[A-Za-z]:\//.test(target);
  const joined = absolute || folder === '' ? target : `${folder}/${target}`;
  const root = joined.startsWith('/') ? '/' : '';
  const parts: string[] = [];
  for (const part of joined.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return root + parts.join('/');
}

/** The path lies below the folder `root`. */
export function isInside(root: string, path: string): boolean {
  return root === '' ? !path.startsWith('/') && !path.startsWith('..') : path.startsWith(root.endsWith('/') ? root : `${root}/`);
}

/** `path` as seen from `root`; paths outside it get `../`, those on another drive stay absolute. */
export function relativePath(root: string, path: string): string {
  if (!path.startsWith('/') && !/^[A-Za-z]:\//.test(path)) return path;
  const from = root.split('/').filter((part) => part !== '');
  const to = path.split('/').filter((part) => part !== '');
  let shared = 0;
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared++;
  if (shared === 0 && /^[A-Za-z]:$/.test(to[0] ?? '')) return path;
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/');
}

/** The deepest folder that all paths lie in. */
export function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split('/'));
  const shared = first.findIndex((part, i) => others.some((other) => other[i] !== part));
  return (shared < 0 ? first : first.slice(0, shared)).join('/') || '/';
}
