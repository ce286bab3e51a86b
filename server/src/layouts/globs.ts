/** `**`, `*`, `?` and `{a,b}` as editors write them; a pattern without a slash is a name in any folder. */
export function globPattern(glob: string): RegExp {
  const own = glob.replace(/^\.?\//, '');
  const source = own.replace(/\*\*\/|\*\*|[*?{},]|[\\^$+.()|[\]]/g, (sign) => globSigns[sign] ?? `\\${sign}`);
  return new RegExp(`^${own.includes('/') ? '' : '(?:.*/)?'}${source}$`);
}

const globSigns: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]', '{': '(?:', '}': ')', ',': '|' };

export function below(folder: string, path: string): string {
  if (folder === '') return path;
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : folder === '/' ? path.slice(1) : '';
}
