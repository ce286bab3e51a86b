/**
 * The entries of a list as the server splits it (SplitIdentifierString, SplitGUCList): commas between them, blanks around
 * them, double quotes for what holds either. Undefined when it is no such list.
 */
export function readList(text: string, unquoted: (word: string) => string = (word) => word): string[] | undefined {
  const entries: string[] = [];
  const entry = /[ \t\n\v\f\r]*(?:"((?:[^"]|"")*)"|([^", \t\n\v\f\r][^, \t\n\v\f\r]*))[ \t\n\v\f\r]*(,|$)/y;
  if (/^[ \t\n\v\f\r]*$/.test(text)) return entries;
  for (;;) {
    const match = entry.exec(text);
    if (match === null) return undefined;
    entries.push(match[1]?.replaceAll('""', '"') ?? unquoted(match[2]!));
    if (match[3] === '') return entries;
  }
}
