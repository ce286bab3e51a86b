import { isKeyword, type HbaRecord, type HbaToken } from '../../syntax/hba.ts';
import { shown } from '../../syntax/hba-words.ts';
import type { HbaFacts } from '../access.ts';
import { isNobody, networkText } from './address.ts';
import { liesIn } from './matching.ts';

/** An earlier record that decides for some of the clients of a later one. */
export interface Overlap {
  readonly record: HbaRecord;
  /** For which of them, as in `decides first for 10.1.0.0/16`; empty when that takes more than a few words. */
  readonly part: string;
}

/** The earlier records, included files counted, that decide for some clients of `record`. */
export function overlapsBefore(facts: HbaFacts, record: HbaRecord): Overlap[] {
  return facts.order.before(record).map((other) => {
    const parts = [typePart(other, record), addressPart(other, record), namesPart('database', facts.databasesOf(other), facts.databasesOf(record)), namesPart('role', facts.usersOf(other), facts.usersOf(record))];
    return { record: other, part: parts.includes(undefined) ? '' : parts.filter((part) => part !== '').join(', ') };
  });
}

/** Each `…Part` says which part of the later record the earlier one takes: all of it is `''`, one that takes more than a few words undefined. */
function typePart({ type: { text: earlier } }: HbaRecord, { type: { text: later } }: HbaRecord): string | undefined {
  if (earlier === later || (earlier === 'host' && later !== 'local')) return '';
  if (later === 'host' && earlier === 'hostssl') return 'TLS connections';
  if (later === 'host' && earlier === 'hostnossl') return 'connections without TLS';
  return undefined;
}

function addressPart({ address: earlier }: HbaRecord, { address: later }: HbaRecord): string | undefined {
  if (!earlier || !later) return earlier === later ? '' : undefined;
  if (isNobody(earlier) || isNobody(later)) return undefined;
  if (earlier.kind === 'all') return '';
  if (earlier.kind !== 'ip') return earlier.kind === later.kind && earlier.tokens[0].text === later.tokens[0].text ? '' : undefined;
  if (later.kind === 'all') return networkText(earlier);
  if (later.kind !== 'ip' || earlier.mask.length !== later.mask.length) return undefined;
  if (liesIn(later.network, earlier.network, earlier.mask) && contains(later.mask, earlier.mask)) return '';
  return liesIn(earlier.network, later.network, later.mask) && contains(earlier.mask, later.mask) ? networkText(earlier) : undefined;
}

/** Every bit of `b` is set in `a`. */
function contains(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => (byte & b[i]!) === b[i]);
}

function namesPart(what: 'database' | 'role', earlier: readonly HbaToken[], later: readonly HbaToken[]): string | undefined {
  const isAll = (token: HbaToken) => isKeyword(token, 'all');
  const special = (token: HbaToken) => what === 'database' && isKeyword(token, 'replication');
  const has = (tokens: readonly HbaToken[], { text, quoted }: HbaToken) => tokens.some((token) => token.text === text && token.quoted === quoted);
  if (later.every((token) => has(earlier, token) || (earlier.some(isAll) && !special(token)))) return '';
  const taken = earlier.filter((token) => has(later, token) || (later.some(isAll) && isName(token)));
  if (taken.length === 0) return undefined;
  return taken.length > 1 ? `${taken.length} ${what}s` : special(taken[0]!) ? 'replication' : `${what} ${shown(taken[0]!.text)}`;
}

const keywords = ['all', 'sameuser', 'samerole', 'samegroup', 'replication'];

function isName(token: HbaToken): boolean {
  return token.file === undefined && !/^[+/]/.test(token.text) && !keywords.some((keyword) => isKeyword(token, keyword));
}
