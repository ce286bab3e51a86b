import { noFiles, type Document } from '../../server/src/document.ts';
import { lint } from '../../server/src/lint.ts';
import { parseHba } from '../../server/src/syntax/hba.ts';

export interface OrderFigure {
  readonly name: string;
  readonly characters: number;
  /** Milliseconds, the best of a few runs: reading the text alone, reading it with every rule, and both again after a keystroke in the middle. */
  readonly parse: number;
  readonly lint: number;
  readonly keystroke: number;
  /** Milliseconds of the very first look with every rule. */
  readonly first: number;
}

const runs = 5;

/** Looks at long pg_hba.conf files that were never seen before: everyday ones, and ones that make every record meet many others. */
export function* measureOrder(): Iterable<OrderFigure> {
  for (const [name, count, record] of samples) {
    const text = Array.from({ length: count }, (_, n) => `${record(n)}\n`).join('');
    const lints = Array.from({ length: runs }, () => fresh(() => lint(documentOf(text))));
    const parses = Array.from({ length: runs }, () => fresh(() => parseHba(text, 18)));
    const keystrokes = Array.from({ length: runs * 2 }, (_, i) => measured(() => lint(documentOf(typedInto(text, i % 2)))));
    yield { name, characters: text.length, parse: Math.min(...parses), lint: Math.min(...lints), keystroke: Math.min(...keystrokes.slice(1)), first: lints[0]! };
  }
}

/** One more character, or none, in the word behind the middle. */
function typedInto(text: string, characters: number): string {
  const at = text.indexOf(' ', text.indexOf('\n', text.length / 2)) + 1;
  return `${text.slice(0, at)}${'x'.repeat(characters)}${text.slice(at)}`;
}

function fresh(work: () => void): number {
  forget();
  return measured(work);
}

function measured(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

const samples: readonly (readonly [name: string, count: number, record: (n: number) => string])[] = [
  ['5,000 everyday records', 5_000, (n) => `hostssl db_${n} app_${n} 10.${(n >> 8) & 255}.${n & 255}.0/24 ${n % 10 === 0 ? 'md5' : 'scram-sha-256'}`],
  ['50,000 everyday records', 50_000, (n) => `hostssl db_${n} app_${n} 10.${(n >> 8) & 255}.${n & 255}.0/24 ${n % 10 === 0 ? 'md5' : 'scram-sha-256'}`],
  ['50,000 single addresses', 50_000, (n) => `host all all ${address(n * 7)}/32 scram-sha-256`],
  ['50,000 databases', 50_000, (n) => `host db_${n} all all scram-sha-256`],
  ['50,000 nested networks', 50_000, (n) => `host all app_${n % 50} ${address(n)}/${32 - (n % 25)} ${n % 3 === 0 ? 'md5' : 'scram-sha-256'}`],
  ['5,000 lists of 20 databases', 5_000, (n) => `host ${Array.from({ length: 20 }, (_, i) => `db_${n * 20 + i}`).join()} all 10.0.0.0/8 scram-sha-256`],
  ['5,000 masks with holes', 5_000, (n) => `host all all ${address(n)} 255.${n & 255}.${(n * 13) & 255}.${(n >> 4) & 255} scram-sha-256`],
  ['50,000 rejects and allows', 50_000, (n) => (n < 25_000 ? `host all app_${n} 0.0.0.0/0 reject` : `host db_${n} all all scram-sha-256`)],
];

function address(n: number): string {
  return `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
}

/** The last few texts are remembered; others push them out. */
function forget(): void {
  for (const type of ['local', 'hostgssenc', 'include', 'hostnossl']) parseHba(`${type} x\n`.repeat(2_000), 18);
}

function documentOf(text: string): Document {
  return { path: 'pg_hba.conf', text, language: 'hba', version: 18, files: noFiles };
}
