import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { loadPostgres } from './syntax/sql/postgres.ts';

/** Loads PostgreSQL's parser from `libpg-query.wasm` beside the running bundle, or from node_modules when running from sources. */
export function loadPostgresFromDisk(): Promise<void> {
  return loadPostgres(readFileSync(findWasm()));
}

const name = 'libpg-query.wasm';

function findWasm(): string {
  const folder = ownFolder();
  const beside = path.join(folder, name);
  if (existsSync(beside)) return beside;
  for (let at = folder; ; at = path.dirname(at)) {
    const installed = path.join(at, 'node_modules', 'libpg-query', 'wasm', name);
    if (existsSync(installed)) return installed;
    if (path.dirname(at) === at) throw new Error(`${name} is missing: expected it at ${beside}`);
  }
}

/** A CommonJS bundle has `__dirname` and an empty `import.meta`, a module has it the other way round. */
function ownFolder(): string {
  return typeof __dirname === 'string' ? __dirname : import.meta.dirname;
}
