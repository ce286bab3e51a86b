import { exitCodes, UsageError, writeText, type Console } from './console.ts';
import { folderOf, relativePath, resolvePath } from '../paths.ts';
import { firstProject } from '../policy/first-project.ts';
import { projectFiles } from '../projects.ts';
import { plural } from '../report/text.ts';
import type { Language } from '../rules/rule.ts';
import { listed } from '../scan.ts';
import { Sets } from '../sets.ts';
import { originText } from '../version-origin.ts';
import { Versions } from '../versions.ts';

/** `pgrampart init`: writes a project file that says what was found, for people to go on from. */
export async function runInit(named: string, console: Console): Promise<number> {
  const folder = console.resolve(named);
  const entries = await console.host.list(folder).catch(() => { throw new UsageError(`there is no folder ${named}`); });
  const old = entries.find(({ name }) => (projectFiles as readonly string[]).includes(name));
  if (old) throw new UsageError(`there is a ${relativePath(console.cwd, resolvePath(folder, old.name))} already; nothing was changed`);
  const found = await findOut(folder, console);
  const path = resolvePath(folder, projectFiles[0]);
  await writeText(console, path, firstProject(found));
  const counted = languages.flatMap(([language, noun]) => (found.counts[language] ? [plural(found.counts[language], noun)] : []));
  console.out(`${relativePath(console.cwd, path)} written. ${counted.length > 0 ? `Found: ${counted.join(', ')}` : 'No files of PostgreSQL were found yet'}\nNext: pgrampart scan${named === '.' ? '' : ` ${named}`}\n`);
  return exitCodes.clean;
}

const languages: readonly [Language, string][] = [['conf', 'postgresql.conf file'], ['hba', 'pg_hba.conf file'], ['ident', 'pg_ident.conf file'], ['sql', 'SQL file']];

async function findOut(folder: string, { host }: Console) {
  const counts: Partial<Record<Language, number>> = {};
  const versions = new Versions(host, [folder], undefined);
  const sets = new Sets(host, { roots: () => [folder] });
  const layouts = new Map<string, Set<string>>();
  const choices = new Map<number, string>();
  for await (const { path, language } of listed(host, [folder])) {
    counts[language] = (counts[language] ?? 0) + 1;
    const { version, origin } = await versions.of(path);
    if (!choices.has(version)) choices.set(version, originText(origin));
    if (language !== 'sql') continue;
    const layout = (await sets.of(path))?.layout ?? 'none';
    layouts.set(layout, (layouts.get(layout) ?? new Set()).add(`${relativePath(folder, folderOf(path)) || '.'}`));
  }
  return { counts, versions: choices, layouts };
}
