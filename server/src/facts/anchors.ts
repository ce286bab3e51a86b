import { branchesOf } from '../syntax/regex.ts';

/**
 * A regular expression that matches whole names only, made from one that is content with a part of a name. Undefined when it
 * takes whole names already, when it says itself that anything may stand before or behind (`.*`), and when that cannot be told.
 */
export function anchored(pattern: string): string | undefined {
  const options = embeddedOptions.exec(pattern)?.[0] ?? '';
  const rest = pattern.slice(options.length);
  // `***` and some options switch to another dialect or to free spacing.
  if (rest === '' || rest.startsWith('***') || /[bceqx]/.test(options)) return undefined;
  const branches = branchesOf(rest);
  if (branches.every((branch) => hasStart(branch) && hasEnd(branch))) return undefined;
  if (branches.length > 1) return `${options}^(?:${rest})$`;
  return `${options}${hasStart(rest) ? '' : '^'}${rest}${hasEnd(rest) ? '' : '$'}`;
}

/** The same regular expression with `.*` where it did not say that anything may stand there. */
export function spelledOut(pattern: string): string | undefined {
  if (anchored(pattern) === undefined || branchesOf(pattern).length > 1 || embeddedOptions.test(pattern)) return undefined;
  return `${hasStart(pattern) ? '' : '.*'}${pattern}${hasEnd(pattern) ? '' : '.*'}`;
}

/** Every name matches, whatever it is. */
export function matchesEverything(pattern: string): boolean {
  return /^(\^|\\A)?\(?(\^)?\.[*+]\$?\)?(\$|\\Z)?$/.test(pattern);
}

const embeddedOptions = /^\(\?[a-z]+\)/;

function hasStart(branch: string): boolean {
  return /^(\^|\\A|\(*(\?:)?\.[*+])/.test(branch) || (!branch.includes('|') && /^(\((\?:)?)+(\^|\\A)/.test(branch));
}

function hasEnd(branch: string): boolean {
  return /(^|[^\\])(\\\\)*(\$|\\Z|\.[*+]\)*)$/.test(branch) || (!branch.includes('|') && /(^|[^\\])(\\\\)*(\$|\\Z)\)+$/.test(branch));
}
