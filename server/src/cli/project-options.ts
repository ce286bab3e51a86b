import type { Console } from './console.ts';
import type { Host } from '../host.ts';
import { combined, type Policy } from '../policy/project.ts';
import { Projects } from '../projects.ts';
import type { ScanOptions } from '../scan.ts';

/** How files are looked at that only the project says something about. */
export function projectOptions({ version }: { readonly version: number | 'auto' }, { today, resolve }: Console, migrations: readonly string[] = []): (host: Host) => ScanOptions {
  const said: Policy = { wanted: true, levels: new Map(), options: new Map(), ...(version !== 'auto' && { version }) };
  return (host) => {
    const projects = new Projects(host);
    return {
      version, today,
      policyOf: async (path) => {
        const project = await projects.of(path);
        return project ? combined(project.policyOf(path), said) : said;
      },
      ...migrations.length > 0 && { migrations: [{ files: migrations.map(resolve) }] },
    };
  };
}
