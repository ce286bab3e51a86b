import type { Console } from './console.ts';
import type { ScanCommand } from './options.ts';
import type { UsedProjects } from './projects-used.ts';
import { policyFor, type Policy } from '../policy/project.ts';
import { databasesOf } from '../projects.ts';
import type { ScanOptions } from '../scan.ts';

/** How files are looked at: as the command line says, and where it is silent as their projects say. */
export function lookOptions(command: Pick<ScanCommand, 'version' | 'migrations'> & Partial<ScanCommand>, projects: UsedProjects, { today, resolve }: Console): ScanOptions {
  const { version, migrations } = command;
  const said = saidBy(command);
  return {
    version, today,
    policyOf: async (path) => policyFor(await projects.of(path), path, said),
    configured: async (root, below) => [...(migrations.length > 0 ? [{ files: migrations.map(resolve) }] : []), ...await databasesOf(projects, root, below)],
  };
}

/** What the command line says counts above what a project says. */
function saidBy({ levels = new Map(), presets, version }: Partial<Pick<ScanCommand, 'levels' | 'presets' | 'version'>>): Policy {
  return { wanted: true, levels, options: new Map(), ...(presets && { presets }), ...(version !== undefined && version !== 'auto' && { version }) };
}
