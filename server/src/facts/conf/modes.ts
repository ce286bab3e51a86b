/** Permissions as `ls` and `chmod` write them: `0640`. */
export function octal(mode: number): string {
  return `0${mode.toString(8).padStart(3, '0')}`;
}

/** What somebody may want for a file or socket: the owner reads, and nobody may do more than the one before. */
export function isUsualMode(mode: number): boolean {
  const [owner, group, others] = [mode >> 6, (mode >> 3) & 7, mode & 7];
  return mode < 0o1000 && owner! >= group! && group! >= others! && [owner, group, others].every((bits) => [0, 4, 5, 6, 7].includes(bits!)) && owner! >= 4;
}
