import type { PlpgsqlBody, RoutineBody } from '../../syntax/sql/plpgsql.ts';
import type { Span } from '../../text.ts';
import { longestBody } from '../sql/body-tokens.ts';
import { Cursor } from '../sql/cursor.ts';

const nothing: PlpgsqlBody = { tokens: [], declarations: [], assignments: [], executes: [], statements: [] };

/** Walks over the statements of a body of PL/pgSQL. */
export class BlockCursor {
  readonly code: PlpgsqlBody;
  readonly cursor: Cursor;
  readonly #body: RoutineBody;
  readonly #statements: ReadonlyMap<number, Span>;
  readonly #assignments: ReadonlyMap<number, PlpgsqlBody['assignments'][number]>;
  readonly #executes: ReadonlyMap<number, PlpgsqlBody['executes'][number]>;

  constructor(body: RoutineBody) {
    this.#body = body;
    this.code = body.text.length <= longestBody ? body.plpgsql ?? nothing : nothing;
    this.cursor = new Cursor(body.text, this.code.tokens);
    this.#statements = new Map(this.code.statements.map((span) => [span.start, span]));
    this.#assignments = new Map(this.code.assignments.map((one) => [one.span.start, one]));
    this.#executes = new Map(this.code.executes.map((one) => [one.span.start, one]));
  }

  assignmentAt({ start }: Span): PlpgsqlBody['assignments'][number] | undefined {
    return this.#assignments.get(start);
  }

  executeAt({ start }: Span): PlpgsqlBody['executes'][number] | undefined {
    return this.#executes.get(start);
  }

  /** Steps over the statement or the header of one that is here; over one token where none is. */
  take(): Span | undefined {
    const span = this.#statements.get(this.cursor.token()!.start);
    if (span) this.#goTo(span.end);
    else this.cursor.index++;
    return span;
  }

  #goTo(end: number): void {
    while (!this.cursor.done && this.cursor.token()!.start < end) this.cursor.index++;
  }

  textOf({ start, end }: Span): string {
    return this.#body.text.slice(start, end);
  }

  isLast(): boolean {
    for (let ahead = 0; this.cursor.token(ahead); ahead++) {
      if (this.cursor.word(ahead) === 'WHEN') return false;
      if (this.cursor.word(ahead) === 'END') return true;
    }
    return true;
  }

  /** `END`, `END IF`, `END LOOP label` … */
  end(): void {
    while (!this.cursor.done && this.cursor.here() !== ';') this.cursor.index++;
    this.cursor.index++;
  }

  /** Steps over IF … THEN, WHEN … THEN or ELSE; undefined when no branch begins here. `''` for ELSE. */
  branchHeader(): string | undefined {
    if (this.cursor.take('ELSE')) return '';
    if (!/^(IF|ELSIF|ELSEIF|WHEN)$/.test(this.cursor.word())) return undefined;
    const header = this.take();
    this.cursor.take('THEN');
    return header ? this.textOf(header).replace(/^\w+/, '') : ' ';
  }
}
