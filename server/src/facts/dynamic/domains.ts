import type { Token } from '../../syntax/sql/lexer.ts';
import { codeOf } from '../../syntax/sql/lexer.ts';
import type { StatementText } from '../../syntax/sql/statements.ts';
import { withoutQuotes } from '../../syntax/sql/written-type.ts';
import { closing, nameOf, spanOf } from '../sql/tokens.ts';
import { heldByCheck } from './checks.ts';
import type { TypeClass } from './sql-types.ts';
import { classOfType } from './sql-types.ts';

/** What one statement tells about a domain; the name is without its schema. */
export type DomainNews =
  | { readonly kind: 'domain'; readonly name: string; readonly base: string; readonly checks: readonly Check[] }
  | { readonly kind: 'domain change'; readonly name: string; readonly added: readonly Check[]; readonly dropped?: string };

interface Check {
  /** As PostgreSQL calls it when nobody else does. */
  readonly name: string;
  /** What every value holds as it accepts it by itself; undefined when it says nothing of the signs. */
  readonly holds: TypeClass | undefined;
}

/** The files of a set have no order here, so that a check which one of them takes away holds nothing. */
export function classesOfDomains(news: readonly DomainNews[]): Map<string, TypeClass> {
  const classes = new Map<string, TypeClass>();
  for (const domain of news) {
    if (domain.kind !== 'domain') continue;
    const changes = news.flatMap((one) => (one.kind === 'domain change' && one.name === domain.name ? [one] : []));
    const checks = [...domain.checks, ...changes.flatMap(({ added }) => added)];
    const stays = ({ name }: Check): boolean => {
      const drops = changes.filter(({ dropped }) => dropped === name).length;
      const same = checks.filter((one) => one.name === name);
      return drops === 0 || (drops < same.length && same.every(({ holds }) => holds !== undefined));
    };
    const holds = checks.find((check) => check.holds !== undefined && stays(check))?.holds;
    const written = classOfType(domain.base);
    classes.set(domain.name, holds !== undefined && (written === 'text' || written === 'unknown') ? holds : written);
  }
  return classes;
}

export function readDomain(written: StatementText): DomainNews {
  const { tokens, name, end } = nameBehindDomain(written);
  const type = tokens.slice(nameOf(tokens[end], written.text) === 'as' ? end + 1 : end);
  const stop = type.findIndex((token, index) => index > 0 && afterType.test(nameOf(token, written.text)));
  const { start, end: last } = spanOf(stop < 0 ? type : type.slice(0, stop));
  return { kind: 'domain', name, base: withoutQuotes(written.text.slice(start, last)), checks: checksIn(tokens, written.text, name) };
}

/** `ALTER DOMAIN d DROP CONSTRAINT c`, `ALTER DOMAIN d ADD CHECK (…)`; other changes say nothing of the values. */
export function readDomainChange(written: StatementText): DomainNews | undefined {
  const { tokens, name, end } = nameBehindDomain(written);
  const word = (index: number): string => nameOf(tokens[index], written.text);
  if (word(end) === 'drop' && word(end + 1) === 'constraint') return { kind: 'domain change', name, added: [], dropped: word(word(end + 2) === 'if' ? end + 4 : end + 2) };
  // What is stored already is not looked at.
  const kept = word(tokens.length - 1) !== 'valid' && word(tokens.length - 2) !== 'valid';
  return word(end) === 'add' && kept ? { kind: 'domain change', name, added: checksIn(tokens, written.text, name) } : undefined;
}

const afterType = /^(not|null|default|check|collate|constraint)$/;

/** `end`: the index behind the name. */
function nameBehindDomain({ tokens: all, text }: StatementText): { tokens: readonly Token[]; name: string; end: number } {
  const tokens = codeOf(all);
  let last = 2;
  while (nameOf(tokens[last + 1], text) === '.') last += 2;
  return { tokens, name: nameOf(tokens[last], text), end: last + 1 };
}

function checksIn(tokens: readonly Token[], text: string, domain: string): Check[] {
  const words = tokens.map((token) => (token.kind === 'string' ? "'" : nameOf(token, text)));
  const checks: Check[] = [];
  for (let at = words.indexOf('check'); at >= 0; at = words.indexOf('check', at + 1)) {
    const close = closing(tokens, at + 1, text);
    const named = words[at - 2] === 'constraint' ? words[at - 1]! : undefined;
    const unnamed = checks.filter(({ name }) => name.startsWith(`${domain}_check`)).length;
    const held = heldByCheck(tokens.slice(at + 1, close + 1), text);
    checks.push({ name: named ?? `${domain}_check${unnamed || ''}`, holds: held?.subject === 'value' ? held.holds : undefined });
  }
  return checks;
}
