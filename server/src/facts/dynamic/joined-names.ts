/** The variables and columns of `(a || '.' || b)`, `(quote_ident(a) || '.' || b)`, `format('%I.%I', a, b)`, when these words before `end` are nothing else. */
export function joinedBefore(words: readonly string[], end: number): readonly string[] {
  if (words[end - 1] !== ')') return [];
  let open = end - 1;
  for (let depth = 0; open >= 0 && end - open <= longest; open--) {
    if (words[open] === ')') depth++;
    else if (words[open] === '(' && --depth === 0) break;
  }
  if (words[open] !== '(') return [];
  const inside = words.slice(open + 1, end - 1).join(' ');
  if (words[open - 1] === 'format') return /^'(?: , (?:[a-z_][\w$]*|\$\d+|'))+$/.test(inside) ? inside.split(' , ').slice(1).filter((part) => part !== "'") : [];
  if (/^[a-z_]/.test(words[open - 1] ?? '') && !beforeOperand.has(words[open - 1]!)) return [];
  const parts = inside.split(' || ').map((part) => (part === "'" ? part : operand.exec(part)?.slice(1).find((name) => name !== undefined)));
  return parts.length > 1 && !parts.includes(undefined) ? parts.filter((part): part is string => part !== "'") : [];
}

/** In words. */
const longest = 24;
const operand = /^(?:quote_ident \( ([a-z_][\w$]*|\$\d+) \)|([a-z_][\w$]*|\$\d+))$/;
/** Any other word before parentheses is a function. */
const beforeOperand = new Set(['perform', 'select', 'return', 'and', 'where', 'on', 'if', 'then', 'in']);
