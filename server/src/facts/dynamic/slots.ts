import type { Expression } from '../../syntax/sql/expression.ts';
import type { Span } from '../../text.ts';
import type { Context, Judgement } from './judgement.ts';
import { judge } from './origin.ts';
import type { Slot } from './statement-text.ts';

type Quoting = Partial<Pick<Slot, 'force' | 'quoting' | 'specifier' | 'escaped' | 'padded'>>;

export function slot(expression: Expression, context: Context, by: Slot['by'], quoting: Quoting = {}): Slot {
  return new ReadSlot(expression, context, by, quoting, undefined);
}

/** The same value with something else said of it. */
export function changedSlot(slot: Slot, changes: Quoting & Pick<Slot, 'given'>): Slot {
  return slot instanceof ReadSlot ? slot.changed(changes) : { ...slot, ...changes };
}

/** Where a value comes from is worked out when it is first asked for: of values that are quoted as they have to be nobody asks. */
class ReadSlot implements Slot {
  readonly kind = 'slot';
  readonly span: Span;
  readonly expression: Expression;
  readonly by: Slot['by'];
  readonly through: Slot['through'];
  readonly force: Slot['force'];
  readonly quoting: Slot['quoting'];
  readonly specifier: Slot['specifier'];
  readonly escaped: boolean;
  readonly padded: boolean;
  readonly given: Judgement | undefined;
  readonly #context: Context;
  #judged: Judgement | undefined;

  constructor(expression: Expression, context: Context, by: Slot['by'], quoting: Quoting, given: Judgement | undefined) {
    this.span = expression.span;
    this.expression = expression;
    this.by = by;
    this.through = context.through;
    this.force = quoting.force;
    this.quoting = quoting.quoting;
    this.specifier = quoting.specifier;
    this.escaped = quoting.escaped ?? false;
    this.padded = quoting.padded ?? false;
    this.given = given;
    this.#context = context;
  }

  get judged(): Judgement {
    return this.#judged ??= withDoubt(judge(this.expression, this.#context), this.#context);
  }

  changed({ given, ...quoting }: Quoting & Pick<Slot, 'given'>): Slot {
    return new ReadSlot(this.expression, this.#context, this.by, { ...this, ...quoting }, given ?? this.given);
  }
}

/** What is asked about a text is asked about its parts. */
function withDoubt(judged: Judgement, { asked }: Context): Judgement {
  return asked && judged.doubt === undefined ? { ...judged, doubt: 'asked' } : judged;
}
