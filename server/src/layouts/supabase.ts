import { resolvePath } from '../paths.ts';
import type { Claim, Found } from './found.ts';
import { below, globPattern } from './globs.ts';

/** Migrations between the roles and the seeds; declarative schemas describe the same database once more. */
export function* supabase(files: Found): Iterable<Claim> {
  const homes = new Set(files.free.flatMap((path) => /^(?:.*\/)?supabase(?=\/(?:migrations|schemas)\/)/.exec(path) ?? []));
  for (const home of homes) {
    const inside = files.free.filter((path) => path.startsWith(`${home}/`));
    const at = (pattern: RegExp) => inside.filter((path) => pattern.test(below(home, path)));
    const config = files.read(`${home}/config.toml`) ?? '';
    const seeds = listed(config, 'sql_paths', home, inside) ?? at(/^seed\.sql$/);
    yield { layout: 'supabase', applied: [...at(/^roles\.sql$/), ...at(/^migrations\/\d+_[^/]*\.sql$/), ...seeds], alone: at(/^(?:tests|snippets)\//) };
    yield { layout: 'declarative', applied: listed(config, 'schema_paths', home, inside) ?? at(/^schemas\//) };
  }
}

/** The files that a list of patterns in a TOML file names, in its order; undefined when the list is not there or empty. */
function listed(config: string, key: string, folder: string, paths: readonly string[]): string[] | undefined {
  const list = new RegExp(`^[ \\t]*${key}[ \\t]*=[ \\t]*\\[([^\\]]*)\\]`, 'm').exec(config)?.[1];
  const globs = [...(list ?? '').replace(/#.*/g, '').matchAll(/"([^"]*)"|'([^']*)'/g)].map(([, a, b]) => resolvePath('', (a ?? b)!));
  if (globs.length === 0) return undefined;
  return [...new Set(globs.flatMap((glob) => paths.filter((path) => globPattern(glob).test(below(folder, path)))))];
}
