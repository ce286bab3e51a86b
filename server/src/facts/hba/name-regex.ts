/**
 * Whether a regular expression of pg_hba.conf matches a name; undefined when that is not beyond doubt. Understood is what
 * means the same in PostgreSQL and in JavaScript: plain characters, `^ $ .`, brackets of plain characters and ranges,
 * groups, alternatives, and `* + ?` behind a single character.
 */
export function matchesName(pattern: string, name: string): boolean | undefined {
  if (name.length > longest || !printable.test(name)) return undefined;
  return compiled(pattern)?.test(name);
}

/** The expression matches every name, whatever that is. */
export function matchesEverything(pattern: string): boolean {
  return /^(\^?\.[*+]\$?|\^)$/.test(pattern);
}

/** The only name that an expression such as `^app$` matches. */
export function onlyName(pattern: string): string | undefined {
  return /^\^([\w-]+)\$$/.exec(pattern)?.[1];
}

const longest = 63;
const printable = /^[ -~]+$/;
const piece = /[\w\-!"#%&',/:;<=>@`~ ]|\\[^\w\s]|\.|\[\^?(?:[\w!#%&,/:;=@ .]|[a-z]-[a-z]|[A-Z]-[A-Z]|\d-\d)+-?\]/;
/** Quantifiers make a match slow where many of them compete. */
const mostQuantifiers = 2;
const mostKnown = 1000;
const known = new Map<string, RegExp | undefined>();

function compiled(pattern: string): RegExp | undefined {
  if (known.has(pattern)) return known.get(pattern);
  if (known.size >= mostKnown) known.clear();
  let regex: RegExp | undefined;
  try {
    if (isSimple(pattern)) regex = new RegExp(pattern);
  } catch {
    // A range such as `z-a`: the server refuses it as well.
  }
  known.set(pattern, regex);
  return regex;
}

function isSimple(pattern: string): boolean {
  const words = new RegExp(`(${piece.source})[*+?]?|\\((?:\\?:)?|[)|^$]`, 'y');
  let depth = 0;
  let quantifiers = 0;
  let before = '';
  while (words.lastIndex < pattern.length) {
    const word = words.exec(pattern);
    if (!word) return false;
    const [text, single] = word;
    if (single && text.length > single.length && ++quantifiers > mostQuantifiers) return false;
    if (text.startsWith('(') && single === undefined) depth++;
    if (text === ')' && (--depth < 0 || before === '(')) return false;
    if ((text === '|' || text === ')') && (before === '|' || before === '(' || before === '')) return false;
    before = single === undefined && text.startsWith('(') ? '(' : text;
  }
  return depth === 0 && before !== '|';
}
