import type { Expression } from '../../syntax/sql/expression.ts';
import type { Context, Judgement, Passed } from './judgement.ts';
import { isTame, together } from './judgement.ts';
import { withoutComments } from './without-comments.ts';

type Judge = (expression: Expression, context: Context) => Judgement;

/** What a routine of the workspace makes of what it is given here. */
export function judgePassed(args: readonly Expression[], own: Passed, context: Context, judge: Judge): Judgement {
  const passed = args.flatMap((argument, index): Judgement[] => {
    const place = placeOf(argument, index, own, context.scope.text);
    if (!own.passes.includes(place)) return [];
    const judged = judge(argument, context);
    const given = judged.quoted && !own.keeps.includes(place) ? { ...judged, quoted: false } : judged;
    return [own.builds.includes(place) && !isTame(given) ? { ...given, built: true } : given];
  });
  return together(own.besides === undefined ? passed : [...passed, own.besides]);
}

/** Which of the parameters an argument is for: `f(b => x)` says it. */
function placeOf({ span }: Expression, index: number, { names, rest }: Passed, text: string): number {
  const before = withoutComments(text.slice(Math.max(0, span.start - longestName), span.start));
  const name = /(?:([a-z_][\w$]*)|"([^"]+)")\s*(?:=>|:=)\s*$/i.exec(before);
  const named = name === null ? -1 : names.indexOf(name[2] ?? name[1]!.toLowerCase());
  return named >= 0 ? named : rest !== undefined && index > rest ? rest : index;
}

/** In characters, with a comment beside it. */
const longestName = 200;
