import { contains } from '../../text.ts';
import type { Unsafe } from './candidates.ts';

/** `q := q || x; q := rtrim(q, ',')`: what is cut out of the text that x has become a part of is the same mistake once more. */
export function withoutRepeats(unsafe: readonly Unsafe[]): readonly Unsafe[] {
  return unsafe.filter((one) => {
    const from = one.slot.expression.kind === 'call' ? one.slot.judged.trail?.at(-1) : undefined;
    return from === undefined || from.header || !unsafe.some((other) => other !== one && other.slot.judged.origin === one.slot.judged.origin && contains(from.at, other.slot.span.start));
  });
}
