/**
 * What an OpenSSL cipher list lets in that it should not. Which suite is of which kind is told by OpenSSL's own names
 * (https://docs.openssl.org/master/man1/openssl-ciphers/); newer releases and most builds have some of them no more.
 */
export interface CipherList {
  /** Kinds of weak suites that are let in, the worst first. */
  readonly weak: readonly WeakCipher[];
  /** The kind `MEDIUM` is let in: on old releases of OpenSSL that means RC4, on newer ones SEED, IDEA or nothing. */
  readonly medium: boolean;
  /** `@SECLEVEL=`; undefined when the list leaves it to OpenSSL. */
  readonly securityLevel: number | undefined;
}

/** `ADH` and `AECDH` show no certificate, `NULL` encrypts nothing. */
export type WeakCipher = 'NULL' | 'AECDH' | 'ADH' | 'EXPORT' | 'DES' | 'RC4' | 'MD5' | '3DES';

const worstFirst: readonly WeakCipher[] = ['NULL', 'ADH', 'AECDH', 'EXPORT', 'DES', 'RC4', 'MD5', '3DES'];

/** Reads a list as OpenSSL does: what `!` forbids never comes back, `+` in front only changes the order. */
export function readCiphers(list: string): CipherList {
  const chosen = new Set<Kind>();
  const forbidden = new Set<Kind>();
  let securityLevel: number | undefined;
  for (const [, sign, word] of list.matchAll(/([-+!@]?)([A-Za-z0-9_.=-]+(?:\+[A-Za-z0-9_.=-]+)*)/g)) {
    const kinds = kindsOf(word!);
    // Without one suite, or without what two words have in common, the kind is still there.
    const whole = /^\w+$/.test(word!);
    if (sign === '') kinds.filter((kind) => !forbidden.has(kind)).forEach((kind) => chosen.add(kind));
    if ((sign === '-' || sign === '!') && whole) kinds.forEach((kind) => chosen.delete(kind));
    if (sign === '!' && whole) kinds.forEach((kind) => forbidden.add(kind));
    if (sign === '@' && /^SECLEVEL=\d$/.test(word!)) securityLevel = Number(word!.at(-1));
  }
  return { weak: worstFirst.filter((kind) => chosen.has(kind)), medium: chosen.has('MEDIUM'), securityLevel };
}

type Kind = WeakCipher | 'MEDIUM';

/** What a word stands for that is more than one kind, or not called like its kind. Of `ALL` the suites that need not be named. */
const groups: ReadonlyMap<string, readonly Kind[]> = new Map(Object.entries({
  ALL: ['ADH', 'AECDH', 'EXPORT', 'DES', 'RC4', '3DES', 'MEDIUM'],
  COMPLEMENTOFALL: ['NULL'],
  COMPLEMENTOFDEFAULT: ['ADH', 'AECDH'],
  aNULL: ['ADH', 'AECDH'],
  eNULL: ['NULL'],
  EXP: ['EXPORT'],
  EXPORT: ['EXPORT'],
  EXPORT40: ['EXPORT'],
  EXPORT56: ['EXPORT'],
  LOW: ['DES'],
  MEDIUM: ['MEDIUM'],
}));

/** `kRSA+3DES` are the suites that are both, so one weak word makes all of them weak. */
function kindsOf(word: string): readonly Kind[] {
  const parts = word.split('+');
  if (parts.length > 1) return parts.filter((part) => part !== 'ALL').flatMap(kindsOf);
  return groups.get(word) ?? kindsOfName(word);
}

/** The name of one suite, or of a kind that is called as it is called in the names: `EXP-RC4-MD5`, `RC4`. */
function kindsOfName(name: string): Kind[] {
  const parts = new Set(name.split('-'));
  const has = (part: string): boolean => parts.has(part);
  const all: readonly (Kind | false)[] = [
    has('NULL') && 'NULL', has('ADH') && 'ADH', has('AECDH') && 'AECDH', has('EXP') && 'EXPORT', has('RC4') && 'RC4', has('MD5') && 'MD5',
    (has('3DES') || has('CBC3')) && '3DES', has('DES') && !has('CBC3') && 'DES',
  ];
  return all.filter((kind) => kind !== false);
}
