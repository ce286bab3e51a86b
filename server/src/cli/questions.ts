import { exitCodes } from './console.ts';
import type { Job } from './scan.ts';
import { baselineOf } from '../baselines.ts';
import { relativePath } from '../paths.ts';
import { knownRules } from '../policy/catalog.ts';
import { isOn, severityOf } from '../policy/levels.ts';
import type { Policy } from '../policy/project.ts';
import { printable } from '../report/text.ts';
import type { Options } from '../rules/rule.ts';
import { listed } from '../scan.ts';
import { originText } from '../version-origin.ts';
import { Versions } from '../versions.ts';

/** `--list-files`: the files that would be looked at, one a line. */
export async function listFiles({ console, roots, options, change }: Job): Promise<number> {
  for await (const { path } of listed(console.host, roots, options)) {
    if (change === undefined || change.paths.has(path)) console.out(`${printable(relativePath(console.cwd, path))}\n`);
  }
  return exitCodes.clean;
}

/** `--print-config FILE`: what counts for one file, whoever said so. */
export async function printConfig(file: string, { console, command, projects, options }: Job): Promise<number> {
  const path = console.resolve(file);
  const project = await projects.of(path);
  const policy: Policy = (await options.policyOf!(path))!;
  const { version, origin } = policy.version === undefined ? await new Versions(console.host, options.inside ?? [], undefined).of(path) : { version: policy.version, origin: undefined };
  const baseline = command.baseline === undefined ? baselineOf(project) : console.resolve(command.baseline);
  const shown = (one: string) => relativePath(console.cwd, one);
  const content = {
    file: shown(path),
    projectFiles: project?.files.map(shown) ?? [],
    lookedAt: policy.wanted,
    postgresVersion: version, ...(origin !== undefined && { postgresVersionFrom: originText(origin) }),
    presets: policy.presets ?? ['recommended'],
    ...(policy.environment && { environment: policy.environment }),
    requireReason: policy.requireReason ?? false,
    baseline: baseline === undefined ? null : shown(baseline),
    failOn: command.failOn ?? project?.failOn ?? 'medium',
    rules: rulesOf(policy),
  };
  console.out(`${JSON.stringify(content, null, 2)}\n`);
  return exitCodes.clean;
}

/** Every rule as a project file would write it. */
function rulesOf({ presets = ['recommended'], levels, options }: Policy): Record<string, unknown> {
  return Object.fromEntries(knownRules.map((rule) => {
    const level = isOn(rule, presets, levels) ? levels.get(rule.id) ?? severityOf(rule, presets) : 'off';
    const known: Options = rule.options ?? {};
    const values = Object.entries(known).map(([name, option]) => [name, options.get(rule.id)?.[name] ?? option.default]);
    return [rule.id, level === 'off' || values.length === 0 ? level : [level, Object.fromEntries(values)]];
  }));
}
