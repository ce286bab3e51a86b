import type { Console } from './console.ts';
import type { ScanCommand } from './options.ts';
import type { Host } from '../host.ts';
import { policyFor, type Policy } from '../policy/project.ts';
import { Projects } from '../projects.ts';
import type { ScanOptions } from '../scan.ts';

/** How files are looked at that only the project says something about. */
export function projectOptions({ version, migrations }: Pick<ScanCommand, 'version' | 'migrations'>, console: Console): (host: Host) => ScanOptions {
  const said = saidBy({ version });
  return (host) => {
    const projects = new Projects(host);
    return {
      version, today: console.today,
      policyOf: async (path) => policyFor(await projects.of(path), path, said),
      ...migrationsOf(migrations, console),
    };
  };
}

/** What the command line says counts above what a project says. */
export function saidBy({ levels = new Map(), presets, version }: Partial<Pick<ScanCommand, 'levels' | 'presets' | 'version'>>): Policy {
  return { wanted: true, levels, options: new Map(), ...(presets && { presets }), ...(version !== undefined && version !== 'auto' && { version }) };
}

export function migrationsOf(migrations: readonly string[], { resolve }: Console): Pick<ScanOptions, 'migrations'> {
  return migrations.length > 0 ? { migrations: [{ files: migrations.map(resolve) }] } : {};
}
