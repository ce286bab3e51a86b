import { lex } from '../../syntax/sql/lexer.ts';
import { Cursor } from '../sql/cursor.ts';
import { valueOf, type Value } from './constant-value.ts';
import { readCondition, readFinds, type Condition, type Variables } from './do-conditions.ts';

/** The variables of a block of PL/pgSQL, as far as they are known. */
export class Memory implements Variables {
  #constants = new Map<string, Value>();
  #asked = new Map<string, Condition>();

  get constants(): ReadonlyMap<string, Value> {
    return this.#constants;
  }

  get asked(): ReadonlyMap<string, Condition> {
    return this.#asked;
  }

  copy(): Memory {
    const copy = new Memory();
    copy.become(this);
    return copy;
  }

  become({ constants, asked }: Variables): void {
    this.#constants = new Map(constants);
    this.#asked = new Map(asked);
  }

  set(name: string, value: Value): void {
    this.#asked.delete(name);
    this.#constants.set(name, value);
  }

  forget(name: string): void {
    this.#constants.delete(name);
    this.#asked.delete(name);
  }

  /** Keeps what is the same there. */
  forgetWhatDiffers({ constants, asked }: Variables): void {
    for (const name of [...this.#constants.keys()]) if (constants.get(name) !== this.#constants.get(name)) this.#constants.delete(name);
    for (const name of [...this.#asked.keys()]) if (asked.get(name) !== this.#asked.get(name)) this.#asked.delete(name);
  }

  /** `value`: the text behind DEFAULT or :=; a variable without one begins as NULL. */
  declare(name: string, type: string, value: string | undefined): void {
    if (value !== undefined) this.assign(name, value);
    else if (/^(record|cursor|alias)$|%rowtype$/i.test(type)) this.forget(name);
    else this.set(name, null);
  }

  assign(name: string, written: string): void {
    const value = valueOf(written, this.#constants);
    const condition = value === undefined ? readCondition(written, this) : undefined;
    this.forget(name);
    if (value !== undefined) this.#constants.set(name, value);
    else if (condition && isAnswer(condition)) this.#asked.set(name, condition);
  }

  /** SELECT … INTO and PERFORM: what is selected, and FOUND. */
  select(text: string): void {
    const parts = partsOf(text);
    this.forgetInto(text);
    this.forget('found');
    if (!parts) return;
    const { targets, list, from } = parts;
    const [name, ...others] = targets;
    if (from === '') {
      const value = name === undefined || others.length > 0 ? undefined : valueOf(list, this.#constants);
      const condition = value === undefined && name !== undefined ? readCondition(list, this) : undefined;
      if (value !== undefined) this.set(name!, value);
      else if (condition && isAnswer(condition)) this.#asked.set(name!, condition);
      return;
    }
    const found = readFinds(`SELECT 1 ${from}`, this.#constants);
    if (!found) return;
    const counts = /^count\s*\(/i.test(list);
    if (!counts) this.#asked.set('found', found);
    for (const target of targets) if (targets.length === 1 || !counts) this.#asked.set(target, found);
  }

  /** EXECUTE of a text that is known, perhaps with INTO behind it. */
  executed(text: string, behind: string): void {
    const [, name] = /^\s*into\s+(?:strict\s+)?(\w+)\s*$/i.exec(behind) ?? [];
    if (name !== undefined && /^\s*select\b/i.test(text)) this.select(text.replace(/\bfrom\b/i, `INTO ${name} $&`));
  }

  /** `GET DIAGNOSTICS n = ROW_COUNT`, `FETCH … INTO x`, `INSERT … RETURNING id INTO x`, and what a loop sets that nobody follows. */
  forgetSet(text: string): void {
    this.forgetInto(text);
    if (/^get\s/i.test(text)) for (const [, name] of text.matchAll(/(\w+)\s*:?=/g)) this.forget(name!.toLowerCase());
    const [, names] = /^for(?:each)?\s+(\w+(?:\s*,\s*\w+)*)\s/i.exec(text) ?? [];
    for (const name of names?.toLowerCase().split(/\s*,\s*/) ?? []) this.forget(name);
  }

  /** The variables behind INTO get values that nobody knows. */
  forgetInto(text: string): void {
    const into = /\binto\s+(?:strict\s+)?([\w.]+(?:\s*,\s*[\w.]+)*)/i.exec(text);
    if (into) for (const name of into[1]!.toLowerCase().split(/\s*,\s*/)) this.forget(name);
  }
}

/** Something about it is known. */
function isAnswer(condition: Condition): boolean {
  switch (condition.kind) {
    case 'unknown': return false;
    case 'not': return isAnswer(condition.of);
    case 'all': case 'any': return condition.of.every(isAnswer);
    default: return true;
  }
}

/** `SELECT list INTO targets FROM …`, with INTO in either place. */
function partsOf(text: string): { readonly targets: readonly string[]; readonly list: string; readonly from: string } | undefined {
  const cursor = new Cursor(text, lex(text, 'body'));
  if (!cursor.take('SELECT') && !cursor.take('PERFORM')) return undefined;
  const targets: string[] = [];
  let list = '';
  let from = '';
  let begin = cursor.index;
  const close = (): void => {
    const written = cursor.between(begin, cursor.index).rest();
    if (written === '') return;
    if (/^from\b/i.test(written)) from = written;
    else if (from === '' && list === '') list = written;
    else from += ` ${written}`;
  };
  while (!cursor.done) {
    if (cursor.word() === 'FROM') {
      close();
      if (from !== '') return undefined;
      begin = cursor.index++;
    } else if (cursor.word() === 'INTO') {
      close();
      cursor.index++;
      cursor.take('STRICT');
      targets.push(...cursor.parts().map(({ name }) => name));
      begin = cursor.index;
    } else cursor.skip();
  }
  close();
  return { targets, list, from };
}
