import ignore from 'ignore';
import type { ConfiguredSet } from '../migrations.ts';
import { folderOf, isInside, resolvePath } from '../paths.ts';
import type { Preset, Severity } from '../rules/rule.ts';
import { knownRules } from './catalog.ts';
import { readRuleSettings, type Levels, type RuleOptions } from './levels.ts';
import type { Environment, ProjectContent, ProjectText } from './project-text.ts';

/** What a project says about one of its files. What it does not speak of is left to whoever asks. */
export interface Policy {
  /** False: the file is left out. */
  readonly wanted: boolean;
  readonly presets?: readonly Preset[];
  readonly levels: Levels;
  readonly options: RuleOptions;
  readonly version?: number;
  readonly environment?: Environment;
  readonly requireReason?: boolean;
}

/** A project file together with those that it extends. */
export class Project {
  /** The file that is nearest to those it is for. */
  readonly path: string;
  readonly #parts: readonly ProjectText[];
  readonly #folder: string;

  /** `parts`: the file itself last, what it extends in front of it. `folder`: where patterns count from. */
  constructor(parts: readonly ProjectText[], folder?: string) {
    this.#parts = parts;
    this.path = parts.at(-1)!.path;
    this.#folder = folder ?? folderOf(this.path);
  }

  /** The file itself first, then what it extends. */
  get files(): readonly string[] {
    return this.#parts.map(({ path }) => path).reverse();
  }

  get failOn(): Severity | 'none' | undefined {
    return this.#last(({ failOn }) => failOn);
  }

  /** As written; it stands beside the file that names it. */
  get baseline(): { readonly path: string; readonly name: string } | undefined {
    const part = this.#parts.findLast(({ content }) => content.baseline !== undefined);
    return part && { path: part.path, name: part.content.baseline! };
  }

  /** Their patterns are seen from the top of the disk. */
  get migrations(): readonly ConfiguredSet[] {
    return (this.#last((content) => content.migrations) ?? []).map(({ files }) => ({ files: files.map((glob) => resolvePath(this.#folder, glob.includes('/') ? glob : `**/${glob}`)) }));
  }

  policyOf(path: string): Policy {
    const entries = this.#parts.flatMap(({ content }) => content.rules);
    const particular = this.#parts.flatMap(({ content }) => content.overrides.filter(({ files }) => this.#matches(files, path)).flatMap(({ rules }) => rules));
    const { levels, options } = readRuleSettings([...entries, ...particular]);
    const shared = Object.assign({}, ...this.#parts.map(({ content }) => content.shared)) as Record<string, readonly string[]>;
    const presets = this.#last((content) => content.presets);
    const version = this.#last((content) => content.version);
    const environment = this.#last((content) => content.environment);
    const requireReason = this.#last((content) => content.requireReason);
    return {
      wanted: this.#wants(path), levels, options: withShared(options, shared),
      ...(presets && { presets }), ...(version !== undefined && { version }), ...(environment && { environment }), ...(requireReason !== undefined && { requireReason }),
    };
  }

  #wants(path: string): boolean {
    const include = this.#last((content) => content.include);
    const exclude = this.#last((content) => content.exclude) ?? [];
    return (include === undefined || this.#matches(include, path)) && !this.#matches(exclude, path);
  }

  #last<T>(get: (content: ProjectContent) => T | undefined): T | undefined {
    return this.#parts.map(({ content }) => get(content)).findLast((value) => value !== undefined);
  }

  #matches(patterns: readonly string[], path: string): boolean {
    const folder = this.#folder;
    return isInside(folder, path) && ignore().add(patterns).ignores(path.slice(folder === '/' ? 1 : folder === '' ? 0 : folder.length + 1));
  }
}

/** What counts for a file of a project, `said` above what the project says. */
export function policyFor(project: Project | undefined, path: string, said: Policy): Policy {
  return project === undefined ? said : combined(project.policyOf(path), said);
}

/** Both together; where they speak of the same, `above` counts. */
export function combined(below: Policy, above: Policy): Policy {
  return {
    ...below, ...above,
    wanted: below.wanted && above.wanted,
    levels: new Map([...below.levels, ...above.levels]),
    options: new Map([...below.options, ...above.options]),
  };
}

function withShared(options: RuleOptions, shared: Readonly<Record<string, readonly string[]>>): RuleOptions {
  const result = new Map(options);
  for (const rule of knownRules) {
    const own = Object.keys(rule.options ?? {}).filter((name) => Object.hasOwn(shared, name)).map((name) => [name, shared[name]] as const);
    if (own.length > 0) result.set(rule.id, { ...Object.fromEntries(own), ...options.get(rule.id) });
  }
  return result;
}
