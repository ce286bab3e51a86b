import { noFiles, type Document } from '../../server/src/document.ts';
import { lint } from '../../server/src/lint.ts';
import { parseHba } from '../../server/src/syntax/hba.ts';

export interface OrderFigure {
  readonly name: string;
  readonly characters: number;
  /** Milliseconds, the best of a few runs: reading the text alone, and reading it with every rule. */
  readonly parse: number;
  readonly lint: number;
}

const runs = 3;

/** Looks at long pg_hba.conf files that were never seen before: everyday ones, and ones that make every record meet many others. */
export function* measureOrder(): Iterable<OrderFigure> {
  for (const [name, count, record] of samples) {
    const text = Array.from({ length: count }, (_, n) => `${record(n)}\n`).join('');
    const times = Array.from({ length: runs }, () => {
      forget();
      const start = performance.now();
      parseHba(text, 18);
      const parsed = performance.now();
      forget();
      const again = performance.now();
      lint(documentOf(text));
      return { parse: parsed - start, lint: performance.now() - again };
    });
    yield { name, characters: text.length, parse: Math.min(...times.map(({ parse }) => parse)), lint: Math.min(...times.map((time) => time.lint)) };
  }
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
