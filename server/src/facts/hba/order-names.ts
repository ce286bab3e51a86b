import { isKeyword, type HbaToken } from '../../syntax/hba.ts';
import { matchesEverything, matchesName, onlyName } from './name-regex.ts';

/** What one word of the database or role column stands for, as a number. Equal numbers stand for the same set. */
export type Term = number;

/** A set of connections: one word for the database, one for the role. */
export interface Pair {
  readonly database: Term;
  readonly user: Term;
}

export const everything: Term = 0;
export const sameuser: Term = 1;
export const samerole: Term = 2;
export const replication: Term = 3;

type Kind = 'keyword' | 'name' | 'member' | 'regex' | 'file';

/**
 * The words of a file and how the sets that they stand for lie to each other. Only what holds whatever roles are members of
 * each other counts: a role is a member of itself. A file that could not be read, and an expression that is not understood,
 * equal themselves; every role is in `all`.
 */
export class Names {
  readonly #version: number;
  readonly #kinds: Kind[] = ['keyword', 'keyword', 'keyword', 'keyword'];
  readonly #texts: string[] = ['all', 'sameuser', 'samerole', 'replication'];
  readonly #terms: Readonly<Record<Exclude<Kind, 'keyword'>, Map<string, Term>>> = { name: new Map(), member: new Map(), regex: new Map(), file: new Map() };
  readonly #regexesOf = new Map<Term, readonly Term[]>();
  #comparisons = mostComparisons;

  constructor(version: number) {
    this.#version = version;
  }

  /** Every database word with every role word; those that `all` makes superfluous are left out. */
  pairs(databases: readonly HbaToken[], users: readonly HbaToken[]): readonly Pair[] {
    if (databases.length === 1 && users.length === 1) return [this.#pair(this.#database(databases[0]!), this.#user(users[0]!))];
    const userTerms = this.#userTerms(users);
    return this.#databaseTerms(databases).flatMap((database) => userTerms.map((user) => this.#pair(database, user)));
  }

  #databaseTerms(tokens: readonly HbaToken[]): readonly Term[] {
    const terms = new Set(tokens.map((token) => this.#database(token)));
    if (!terms.has(everything)) return [...terms];
    return [...terms].filter((term) => term === everything || term === replication || this.#kinds[term] === 'file');
  }

  #userTerms(tokens: readonly HbaToken[]): readonly Term[] {
    const terms = new Set(tokens.map((token) => this.#user(token)));
    return terms.has(everything) ? [everything] : [...terms];
  }

  /** `sameuser` and one role are one database. */
  #pair(database: Term, user: Term): Pair {
    return { database: database === sameuser && this.#kinds[user] === 'name' ? user : database, user };
  }

  /** The databases of all pairs that take in the whole of `pair`, given that their role does. */
  databasesOver({ database, user }: Pair): Term[] {
    switch (this.#kinds[database]) {
      case 'file': return [database];
      case 'regex': return [database, everything];
      case 'name': {
        const over = [database, everything, ...this.#regexes(database)];
        if (user === database) over.push(sameuser, samerole);
        else if (this.#kinds[user] === 'member' && this.#texts[user] === this.#texts[database]) over.push(samerole);
        return over;
      }
      default:
        if (database === replication || database === everything) return [database];
        if (database === samerole) return [samerole, everything];
        return this.#kinds[user] === 'regex' ? [sameuser, samerole, everything, user] : [sameuser, samerole, everything];
    }
  }

  usersOver(user: Term): Term[] {
    if (user === everything) return [user];
    if (this.#kinds[user] !== 'name') return [user, everything];
    const member = this.#terms.member.get(this.#texts[user]!);
    const over = [user, everything, ...this.#regexes(user)];
    if (member !== undefined) over.push(member);
    return over;
  }

  /** The words that can have something in common with a role word; undefined where that may be any word. */
  usersMeeting(user: Term): Term[] | undefined {
    switch (this.#kinds[user]) {
      case 'name': return this.usersOver(user);
      case 'member': return [...this.usersOver(this.#roleOf(user))];
      case 'file': return [user, everything];
      default: return undefined;
    }
  }

  databasesMeeting(database: Term): Term[] | undefined {
    if (database === replication || this.#kinds[database] === 'file') return [database];
    return this.#kinds[database] === 'name' ? [database, everything, sameuser, samerole, ...this.#regexes(database)] : undefined;
  }

  /** What the two certainly have in common. */
  common(a: Pair, b: Pair): Pair | undefined {
    const user = this.#commonUser(a.user, b.user);
    if (user === undefined) return undefined;
    if (a.database === b.database) return this.#pair(a.database, user);
    return this.#commonDatabase(a.database, b.database, user) ?? this.#commonDatabase(b.database, a.database, user);
  }

  /** Beyond what they certainly have in common the two may have something more. */
  isUnclear(a: Pair, b: Pair): boolean {
    if (this.#areApart(a.user, b.user) || this.#areApart(a.database, b.database)) return false;
    const clear = (one: Term, other: Term) => one === other || this.#isPlain(one) && this.#isPlain(other);
    return !clear(a.user, b.user) || !clear(a.database, b.database);
  }

  /** Two names, or replication and databases. */
  #areApart(a: Term, b: Term): boolean {
    if (a === b || this.#kinds[a] === 'file' || this.#kinds[b] === 'file') return false;
    if (a === replication || b === replication) return true;
    return this.#kinds[a] === 'name' && this.#kinds[b] === 'name';
  }

  #isPlain(term: Term): boolean {
    return term === everything || term === sameuser || this.#kinds[term] === 'name';
  }

  #commonDatabase(a: Term, b: Term, user: Term): Pair | undefined {
    const kind = this.#kinds[b];
    if (b === replication || kind === 'file') return undefined;
    if (a === everything) return this.#pair(b, user);
    if (kind === 'name' && this.#kinds[a] === 'regex') return this.#regexes(b).includes(a) ? { database: b, user } : undefined;
    if (a !== sameuser && a !== samerole) return undefined;
    if (b === sameuser) return this.#pair(sameuser, user);
    if (kind === 'name') return (a === samerole ? this.#common(b, user, this.#memberOf(b)) : undefined) ?? this.#common(b, user, b);
    if (kind === 'regex') return this.#common(sameuser, user, b);
    return undefined;
  }

  #common(database: Term, user: Term, other: Term): Pair | undefined {
    const role = this.#commonUser(user, other);
    return role === undefined ? undefined : this.#pair(database, role);
  }

  #commonUser(a: Term, b: Term): Term | undefined {
    if (a === b || b === everything) return a;
    if (a === everything) return b;
    const [one, other] = [this.#roleOf(a), this.#roleOf(b)];
    return this.#isIn(one, b) ? one : this.#isIn(other, a) ? other : undefined;
  }

  /** The role that a list of members is named after; any other word is itself. */
  #roleOf(user: Term): Term {
    return this.#kinds[user] === 'member' ? this.#term('name', this.#texts[user]!) : user;
  }

  /** A role, by its name, in the set of another word. */
  #isIn(name: Term, other: Term): boolean {
    if (this.#kinds[name] !== 'name') return false;
    if (this.#kinds[other] === 'member') return this.#texts[other] === this.#texts[name];
    return this.#kinds[other] === 'regex' && this.#regexes(name).includes(other);
  }

  #memberOf(name: Term): Term {
    return this.#term('member', this.#texts[name]!);
  }

  /** The expressions of the file that match a name beyond doubt. */
  #regexes(name: Term): readonly Term[] {
    if (this.#terms.regex.size === 0) return none;
    let regexes = this.#regexesOf.get(name);
    if (!regexes) {
      const matching: Term[] = [];
      for (const [pattern, term] of this.#terms.regex) {
        if (--this.#comparisons < 0) break;
        if (matchesName(pattern, this.#texts[name]!)) matching.push(term);
      }
      this.#regexesOf.set(name, (regexes = matching));
    }
    return regexes;
  }

  #database(token: HbaToken): Term {
    if (isKeyword(token, 'all')) return everything;
    if (isKeyword(token, 'sameuser')) return sameuser;
    if (isKeyword(token, 'samerole') || isKeyword(token, 'samegroup')) return samerole;
    return isKeyword(token, 'replication') ? replication : this.#nameOrRegex(token);
  }

  #user(token: HbaToken): Term {
    if (isKeyword(token, 'all')) return everything;
    return !token.quoted && token.text.startsWith('+') ? this.#term('member', token.text.slice(1)) : this.#nameOrRegex(token);
  }

  #nameOrRegex(token: HbaToken): Term {
    if (token.file !== undefined) return this.#term('file', token.file);
    if (this.#version < 16 || !token.text.startsWith('/')) return this.#term('name', token.text);
    const pattern = token.text.slice(1);
    if (matchesEverything(pattern)) return everything;
    const only = onlyName(pattern);
    return only === undefined ? this.#term('regex', pattern) : this.#term('name', only);
  }

  #term(kind: Exclude<Kind, 'keyword'>, text: string): Term {
    const terms = this.#terms[kind];
    let term = terms.get(text);
    if (term === undefined) {
      term = this.#kinds.push(kind) - 1;
      this.#texts.push(text);
      terms.set(text, term);
    }
    return term;
  }
}

const none: readonly Term[] = [];

/** Comparisons of a name with an expression, per file; beyond that nothing is known of it. */
const mostComparisons = 10_000;
