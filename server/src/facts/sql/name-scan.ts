import type { Span } from '../../text.ts';
import { builtins } from '../../catalog/builtins.ts';
import type { Cursor, Name } from './cursor.ts';
import type { ObjectKind } from '../schema.ts';

/**
 * Finds the unqualified names in SQL and PL/pgSQL by the words around them. It rather takes a word too much
 * for a name than one too few: a name too much costs a question, a name too few breaks the routine.
 */
export class NameScan {
  #found: { readonly kind: ObjectKind; readonly name: string; readonly at: number }[] = [];
  /** Names of common table expressions and temporary tables, and where they are visible. */
  #local: { readonly name: string; readonly visible: Span }[] = [];
  #names = new Map<string, { kind: ObjectKind; name: string }>();
  /** What is called by its schema and name. */
  readonly calls: { readonly schema: string; readonly name: string }[] = [];

  add(kind: ObjectKind, name: string): void {
    const key = `${kind} ${name}`;
    if (!this.#names.has(key)) this.#names.set(key, { kind, name });
  }

  names(): { readonly kind: ObjectKind; readonly name: string }[] {
    return [...this.#names.values()];
  }

  /** False when the text holds something that cannot be judged. */
  read(cursor: Cursor): boolean {
    this.#found = [];
    this.#local = [];
    const complete = this.#walk(cursor);
    for (const { kind, name, at } of this.#found) {
      const local = kind === 'relation' && this.#local.some((other) => other.name === name && other.visible.start <= at && at < other.visible.end);
      if (!local) this.add(kind, name);
    }
    return complete;
  }

  #walk(cursor: Cursor): boolean {
    let complete = true;
    const frames: Frame[] = [newFrame('')];
    while (!cursor.done) {
      const frame = frames[frames.length - 1]!;
      const text = cursor.here();
      const kind = cursor.token()!.kind;
      if (kind === 'template' || kind === 'bad' || (kind === 'operator' && !knownOperator(text))) complete = false;
      if (text === '(') frames.push(newFrame(cursor.word(-1)));
      else if (text === ')' && frames.length > 1) frames.pop();
      else if (text === ';') frames.splice(0, frames.length, newFrame(''));
      if (text === ',' && frame.from) {
        cursor.index++;
        this.#relation(cursor);
      } else if (text === '::') {
        cursor.index++;
        if (!this.#type(cursor) && !this.#registered(cursor)) complete = false;
      } else if (kind === 'word' && cursor.here(-1) !== '.') {
        if (!this.#word(cursor, frame)) complete = false;
      } else {
        this.#call(cursor);
      }
    }
    return complete;
  }

  /** Judges the word here and steps over it. False when what follows cannot be judged. */
  #word(cursor: Cursor, frame: Frame): boolean {
    const word = cursor.word();
    if (clauseEnds.has(word)) frame.from = false;
    if (word === 'SELECT') frame.select = true;
    if (word === 'EXECUTE') frame.execute = true;
    if (word === 'CREATE') return this.#create(cursor);
    if (word === 'AS') return this.#as(cursor, frame);
    if (!this.#introducesRelation(cursor, frame, word)) {
      this.#call(cursor);
      return true;
    }
    cursor.index++;
    this.#relation(cursor);
    return true;
  }

  #introducesRelation(cursor: Cursor, frame: Frame, word: string): boolean {
    const before = cursor.word(-1);
    switch (word) {
      case 'FROM':
        if (before === 'DISTINCT' || /^(FETCH|NEXT|PRIOR|FIRST|LAST|FORWARD|BACKWARD|ALL|MOVE)$/.test(before)) return false;
        if (!frame.select && fromInCall.has(frame.opener)) return false;
        frame.from = true;
        return true;
      case 'USING':
        if (frame.execute || /^(=|:=|\()$/.test(cursor.here(2)) || cursor.here(1) === '(') return false;
        frame.from = true;
        return true;
      case 'INTO': return before === 'INSERT' || before === 'MERGE';
      case 'UPDATE': return before !== 'FOR' && before !== 'DO' && before !== 'KEY' && before !== 'ON';
      case 'JOIN': case 'TABLE': case 'TRUNCATE': case 'COPY': case 'LOCK': case 'VIEW': case 'SEQUENCE': case 'CONCURRENTLY': return true;
      default: return false;
    }
  }

  #relation(cursor: Cursor): void {
    for (let word = cursor.word(); beforeRelation.has(word); word = cursor.word()) cursor.index++;
    if (cursor.word() === 'ROWS' && cursor.word(1) === 'FROM') {
      cursor.index += 2;
      return;
    }
    if (!/^(word|identifier)$/.test(cursor.token()?.kind ?? '') || notNames.has(cursor.word())) return;
    const before = cursor.word(-1);
    const begin = cursor.index;
    const name = cursor.name();
    if (!name || name.parts.length > 1) return;
    // `FROM f(x)` calls a function, `INSERT INTO t (a)` names columns.
    if (cursor.here() === '(' && before !== 'INTO') {
      cursor.index = begin;
      this.#call(cursor);
      return;
    }
    this.#found.push({ kind: 'relation', name: name.parts[0]!.name, at: name.start });
  }

  /** Steps over a name or a token; a name before `(` is a call. */
  #call(cursor: Cursor): void {
    const { kind } = cursor.token()!;
    if (kind !== 'word' && kind !== 'identifier') {
      cursor.index++;
      return;
    }
    // `f(1) AS t` may be written `f(1) t(i)`.
    const alias = cursor.here(-1) === ')';
    const name = cursor.name();
    if (!name) cursor.index++;
    if (!name || alias || cursor.here() !== '(') return;
    if (name.parts.length > 1) {
      if (name.parts.length === 2) this.calls.push({ schema: name.parts[0]!.name, name: name.parts[1]!.name });
      return;
    }
    const called = name.parts[0]!.name;
    if (kind === 'word' && notCalls.has(called)) return;
    this.#found.push({ kind: 'routine', name: called, at: name.start });
    if (takesName.has(called) && cursor.token(1)?.kind === 'string') this.#namedByText(cursor.here(1), called === 'to_regproc' ? 'routine' : 'relation');
  }

  /** A type after `::` or in CAST; false for the reg… types, whose operand is a name. */
  #type(cursor: Cursor): boolean {
    const name: Name | undefined = cursor.name();
    if (!name) return true;
    const last = name.parts[name.parts.length - 1]!;
    if (name.parts.length === 1) this.#found.push({ kind: 'type', name: last.name, at: name.start });
    return !/^reg(class|proc|procedure|oper|operator|type|config|dictionary|collation)$/.test(last.name);
  }

  /** `'accounts'::regclass`: the name is looked up when the routine runs. The cursor is behind the type. */
  #registered(cursor: Cursor): boolean {
    let operand = -1;
    while (cursor.here(operand) !== '::') operand--;
    if (cursor.token(operand - 1)?.kind !== 'string') return false;
    this.#namedByText(cursor.here(operand - 1), /proc|oper/i.test(cursor.here(-1)) ? 'routine' : 'relation');
    return true;
  }

  #namedByText(literal: string, kind: ObjectKind): void {
    const text = literal.replace(/^[^']*'|'$/g, '').replace(/\(.*/, '').trim();
    if (text === '' || text.includes('.')) return;
    this.#found.push({ kind, name: text.startsWith('"') ? text.slice(1, -1) : text.toLowerCase(), at: Number.MAX_SAFE_INTEGER });
  }

  #create(cursor: Cursor): boolean {
    cursor.index++;
    if (!cursor.take('TEMP') && !cursor.take('TEMPORARY')) return false;
    if (!cursor.take('TABLE') && !cursor.take('VIEW')) return false;
    cursor.take('IF', 'NOT', 'EXISTS');
    const name = cursor.name();
    if (name) this.#local.push({ name: name.parts[0]!.name, visible: { start: 0, end: cursor.text.length } });
    return true;
  }

  /** `name AS (SELECT …)` names a common table expression, `CAST(x AS type)` a type. */
  #as(cursor: Cursor, frame: Frame): boolean {
    const before = cursor.index - 1;
    cursor.index++;
    if (frame.opener === 'CAST') return this.#type(cursor);
    const body = cursor.index;
    if (!cursor.take('NOT', 'MATERIALIZED')) cursor.take('MATERIALIZED');
    if (cursor.here() === '(' && queryStarts.has(cursor.word(1))) this.#commonTable(cursor, before);
    else if (cursor.index === body && /^(word|identifier)$/.test(cursor.token()?.kind ?? '') && !notNames.has(cursor.word())) cursor.index++;
    return true;
  }

  #commonTable(cursor: Cursor, before: number): void {
    let index = before;
    if (cursor.of(cursor.tokens[index] ?? { start: 0, end: 0 }) === ')') {
      while (index > 0 && cursor.of(cursor.tokens[index]!) !== '(') index--;
      index--;
    }
    const name = cursor.tokens[index];
    if (!name) return;
    // `q(i) AS (…)` looked like a call.
    this.#found = this.#found.filter(({ at }) => at !== name.start);
    const recursive = /^recursive$/i.test(cursor.of(cursor.tokens[index - 1] ?? { start: 0, end: 0 }));
    const begin = cursor.index;
    cursor.skip();
    const start = recursive ? name.start : cursor.token(-1)!.end;
    let end = cursor.index;
    while (end < cursor.tokens.length && cursor.of(cursor.tokens[end]!) !== ';') end++;
    cursor.index = begin;
    const text = cursor.of(name);
    this.#local.push({
      name: text.startsWith('"') ? text.slice(1, -1) : text.toLowerCase(),
      visible: { start, end: cursor.tokens[end]?.start ?? cursor.text.length },
    });
  }
}

/** What is open at one depth of parentheses. */
interface Frame {
  /** The word before the parenthesis. */
  readonly opener: string;
  /** A comma here separates relations. */
  from: boolean;
  select: boolean;
  execute: boolean;
}

function newFrame(opener: string): Frame {
  return { opener, from: false, select: false, execute: false };
}

function knownOperator(text: string): boolean {
  return builtins.operator.has(text) || ['::', ':=', '=>', '..', '!=', '<<', '>>', ':'].includes(text);
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

const fromInCall = words('EXTRACT SUBSTRING TRIM OVERLAY POSITION');
const beforeRelation = words('ONLY LATERAL IF EXISTS TABLE NOT');
const queryStarts = words('SELECT INSERT UPDATE DELETE MERGE WITH VALUES TABLE');
const clauseEnds = words('WHERE GROUP ORDER HAVING LIMIT OFFSET UNION EXCEPT INTERSECT SET RETURNING INTO LOOP FOR WINDOW FETCH SELECT VALUES THEN');
const notNames = words('SELECT SET VALUES WITH WHERE OF NOWAIT SKIP LOOP THEN IN ROW STDIN STDOUT');
const takesName = words('nextval currval setval to_regclass to_regproc to_regtype pg_get_serial_sequence');
/** Words before `(` that call nothing a search_path decides about. */
const notCalls = words(
  'all and any array as between by case cast coalesce conflict cross cube default distinct do else elsif except execute exists filter for '
  + 'foreign from full greatest group grouping having if in inner intersect into join json json_array json_arrayagg json_exists '
  + 'json_object json_objectagg json_query json_scalar json_serialize json_table json_value key lateral least limit materialized next not '
  + 'null nullif offset on only operator or order over perform primary query references return returning rollup row select set sets some table then '
  + 'treat trim union unique until using values when where while with within xmlattributes xmlconcat xmlelement xmlexists xmlforest '
  + 'xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable '
  + 'bigint bit boolean char character dec decimal float int integer interval national nchar numeric real smallint time timestamp varchar',
);
