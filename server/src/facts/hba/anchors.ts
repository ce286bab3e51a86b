import { branchesOf } from '../../syntax/regex-branches.ts';
import type { Span } from '../../text.ts';

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

/**
 * The domain behind the last `@` of a regular expression, when it is written out but for dots that match any character.
 * Offsets count from the beginning of `regex`.
 */
export function openDots(regex: string): { readonly domain: Span; readonly dots: readonly number[] } | undefined {
  const match = /@((?:\w|-|\\?\.)+)\)*\$?$/.exec(regex);
  if (!match) return undefined;
  const start = match.index + 1;
  const dots = [...match[1]!.matchAll(/(?<!\\)\./g)].map(({ index }) => start + index);
  return dots.length === 0 ? undefined : { domain: { start, end: start + match[1]!.length }, dots };
}

const embeddedOptions = /^\(\?[a-z]+\)/;

function hasStart(branch: string): boolean {
  return /^(\^|\\A|\(*(\?:)?\.[*+])/.test(branch) || (!branch.includes('|') && /^(\((\?:)?)+(\^|\\A)/.test(branch));
}

function hasEnd(branch: string): boolean {
  return /(^|[^\\])(\\\\)*(\$|\\Z|\.[*+]\)*)$/.test(branch) || (!branch.includes('|') && /(^|[^\\])(\\\\)*(\$|\\Z)\)+$/.test(branch));
}
