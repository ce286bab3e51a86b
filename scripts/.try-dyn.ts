import { readFileSync } from 'node:fs';
import { loadPostgresFromDisk } from '../server/src/node-wasm.ts';
import { findDynamicSql } from '../server/src/facts/flow.ts';
import { splitStatements } from '../server/src/syntax/sql/statements.ts';
await loadPostgresFromDisk();
const stat: Record<string, number> = {};
const seen = new Set<string>();
let sites = 0, clean = 0, fixable = 0, files = 0;
const t0 = Date.now();
for (const path of readFileSync(0, 'utf8').trim().split('\n')) {
  const text = readFileSync(path, 'utf8'); files++;
  try {
    for (const d of findDynamicSql(splitStatements(text), { path, text } as any)) {
      const src = text.slice(d.expression.start, d.expression.end);
      if (seen.has(src)) continue; seen.add(src);
      sites++; if (d.risks.length === 0) { clean++; if (process.argv[2] === 'clean') console.log('CLEAN', src.slice(0, 300).replace(/\s+/g, ' ')); continue; }
      if (d.risks[0].fixes.length) fixable++;
      for (const r of d.risks) { const k = `${r.severity} ${r.problem} ${r.origin}`; stat[k] = (stat[k] ?? 0) + 1; }
      if (process.argv[2] === 'show') { console.log('----', path.split('/').slice(3).join('/')); console.log(src.slice(0, 500)); for (const r of d.risks) console.log('   *', r.severity, r.problem, r.origin, '|', text.slice(r.at.start, r.at.end).slice(0, 60), '|', r.fixes[0] ? r.fixes[0].edits.map((e) => e.text.slice(0, 500)).join(' && ') : '(no fix)'); }
    }
  } catch (e) { console.log('CRASH', path, (e as Error).stack!.split('\n').slice(0, 4).join(' ')); }
}
console.log({ files, sites, clean, fixable, ms: Date.now() - t0 }, stat);
