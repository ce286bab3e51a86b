/** Whether a pattern says which signs a value holds, whichever those are: `^\d+(\.\d+)?$`; a sign or two of them may be any, `^\d+(.\d+)?$`. `similar`: of SIMILAR TO. */
export function saysWhichSigns(pattern: string, similar: boolean): boolean {
  const plain = pattern.replace(/\\[.*+?^$()[\]{}|/-]/g, '');
  if (similar) return !/[%_]/.test(plain.replace(/\[[^\]]*\]/g, ''));
  if (!/^\^.*\$$/s.test(plain) || /\\[SWD]|\[\^|\(\?|['";]/.test(plain) || plain.replace(/\([^()]*\)/g, '').includes('|')) return false;
  return holdsFewOthers(plain.replace(/\[[^\]]*\]/g, 'a'));
}

/** `[^a-z0-9_]`: whatever it finds holds something else than what is allowed; without the semicolon among that, no second statement gets through. */
export function namesForbiddenSigns(pattern: string): boolean {
  return /^\[\^(?:\\.|[^\]\\])+\][+*]?$/.test(pattern) && !/;|\\[SWD]/.test(pattern);
}

/** `.` stands for any sign: for one each, and nothing lets it come again. */
function holdsFewOthers(plain: string): boolean {
  const open: number[] = [];
  let others = 0;
  for (let at = 0; at < plain.length; at++) {
    const sign = plain[at]!;
    const repeats = /[*+{]/.test(plain[at + 1] ?? '');
    if (sign === '(') open.push(others);
    else if (sign === ')' && others > (open.pop() ?? 0) && repeats) return false;
    else if (sign === '.' && (++others > mostOthers || repeats)) return false;
  }
  return true;
}

/** Too few to end what stands before them and to write anything behind. */
const mostOthers = 3;
