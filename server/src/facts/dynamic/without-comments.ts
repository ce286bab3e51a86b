/** The comments in a piece of code become blanks; what looks like one in a literal stays. */
export function withoutComments(written: string): string {
  return /--|\/\*/.test(written) ? written.replace(/('(?:[^']|'')*')|--[^\n]*\n?|\/\*.*?\*\//gs, (_, literal?: string) => literal ?? ' ') : written;
}
