import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { supportedVersions } from '../document.ts';
import { networksOf } from '../facts/hba/networks.ts';
import { readConfiguredSets, type ConfiguredSet } from '../migrations.ts';
import { severities, type Preset, type Severity } from '../rules/rule.ts';
import type { Span } from '../text.ts';
import { nearest } from './catalog.ts';
import { readPresets, readRuleSettings } from './levels.ts';

export const environments = ['production', 'development'] as const;
export type Environment = (typeof environments)[number];

/** One pgrampart.jsonc as it is written. */
export interface ProjectText {
  readonly path: string;
  /** Paths of the files that it builds upon, as written and where. */
  readonly bases: readonly { readonly name: string; readonly at: Span }[];
  readonly content: ProjectContent;
  readonly problems: readonly ProjectProblem[];
  /** It is no JSON, so more may be meant than was read. */
  readonly broken: boolean;
}

/** Something that is not understood. It is left out, the rest counts. */
export interface ProjectProblem {
  readonly at: Span;
  readonly message: string;
  /** It is no JSON there, which an editor may tell by itself. */
  readonly isSyntax?: true;
}

export interface ProjectContent {
  readonly presets?: readonly Preset[];
  readonly version?: number;
  readonly environment?: Environment;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly failOn?: Severity | 'none';
  readonly baseline?: string;
  readonly requireReason?: boolean;
  /** The SQL files of each database, where their names do not tell the order. */
  readonly migrations?: readonly ConfiguredSet[];
  /** Values for the option of that name in every rule that has one. */
  readonly shared: Readonly<Record<string, readonly string[]>>;
  readonly rules: readonly (readonly [string, unknown])[];
  readonly overrides: readonly { readonly files: readonly string[]; readonly rules: readonly (readonly [string, unknown])[] }[];
}

/** Options that a project gives once for all rules, by name. */
export const sharedOptions = ['trustedNetworks', 'superusers', 'trustedFunctions', 'sinks', 'exposedSchemas', 'applicationRoles'] as const;

/** Reads the text of a project file. Never throws. */
export function readProject(path: string, text: string): ProjectText {
  return new Reader(path, text).read();
}

class Reader {
  readonly #path: string;
  readonly #text: string;
  readonly #problems: ProjectProblem[] = [];

  constructor(path: string, text: string) {
    this.#path = path;
    this.#text = text;
  }

  read(): ProjectText {
    const errors: ParseError[] = [];
    const root = parseTree(this.#text, errors, { allowTrailingComma: true });
    for (const { error, offset, length } of errors) this.#problems.push({ at: { start: offset, end: offset + length }, message: `${words(printParseErrorCode(error))} here`, isSyntax: true });
    if (root !== undefined && root.type !== 'object') this.#report(spanOf(root), 'A project file is an object: { … }');
    const object = root?.type === 'object' ? root : undefined;
    this.#unknownNames(object, fields);
    const bases = this.#strings(object, 'extends', true);
    const isPreset = ({ name }: { name: string }) => name.startsWith('pgrampart:');
    const presets = [...bases.filter(isPreset).map(({ name, at }) => ({ name: name.slice('pgrampart:'.length), at })), ...this.#strings(object, 'presets')];
    this.#networks(object);
    const content: ProjectContent = {
      ...this.#some('presets', presets.length > 0 ? this.#presets(presets) : undefined),
      ...this.#some('version', this.#version(object)),
      ...this.#some('environment', this.#oneOf(object, 'environment', environments)),
      ...this.#some('include', this.#list(object, 'include')),
      ...this.#some('exclude', this.#list(object, 'exclude')),
      ...this.#some('failOn', this.#oneOf(object, 'failOn', [...severities, 'none'] as const)),
      ...this.#some('baseline', this.#string(object, 'baseline')),
      ...this.#some('requireReason', this.#requireReason(object)),
      ...this.#some('migrations', this.#migrations(object)),
      shared: Object.fromEntries(sharedOptions.flatMap((name) => {
        const values = this.#list(object, name);
        return values ? [[name, values]] : [];
      })),
      rules: this.#rules(object),
      overrides: this.#overrides(object),
    };
    return { path: this.#path, bases: bases.filter((base) => !isPreset(base)), content, problems: this.#problems, broken: errors.length > 0 };
  }

  #some<K extends string, T>(name: K, value: T | undefined): { [P in K]?: T } {
    return value === undefined ? {} : { [name]: value } as { [P in K]?: T };
  }

  #presets(given: readonly { readonly name: string; readonly at: Span }[]): readonly Preset[] {
    return given.flatMap(({ name, at }) => {
      const { presets, problems } = readPresets([name]);
      for (const problem of problems) this.#report(at, sentence(problem));
      return presets;
    });
  }

  #version(object: Node | undefined): number | undefined {
    const node = child(object, 'postgresVersion');
    if (!node) return undefined;
    const version = supportedVersions.find((known) => String(known) === String(node.value));
    if (version === undefined && node.value !== 'auto') this.#report(spanOf(node), `Versions that are known: ${supportedVersions.join(', ')} and "auto"`);
    return version;
  }

  #requireReason(object: Node | undefined): boolean | undefined {
    const node = child(object, 'suppressions');
    if (!node) return undefined;
    if (node.type !== 'object') this.#report(spanOf(node), '"suppressions" is an object: { "requireReason": true }');
    this.#unknownNames(node, ['requireReason']);
    const value = child(node, 'requireReason');
    if (value && value.type !== 'boolean') this.#report(spanOf(value), 'This is true or false');
    return value?.type === 'boolean' ? value.value as boolean : undefined;
  }

  #networks(object: Node | undefined): void {
    for (const node of child(object, 'trustedNetworks')?.children ?? []) {
      if (node.type !== 'string') continue;
      const [network] = networksOf([String(node.value)]);
      if (network === undefined) this.#report(spanOf(node), 'This is no network, such as "10.20.0.0/16" or "10.20.0.7/32"');
      else if (network.bits === 0) this.#report(spanOf(node), 'These are all addresses that there are');
    }
  }

  #migrations(object: Node | undefined): readonly ConfiguredSet[] | undefined {
    const node = child(object, 'migrations');
    if (!node) return undefined;
    const entries = node.type === 'array' ? node.children ?? [] : [node];
    for (const entry of entries) this.#unknownNames(entry, ['files', 'database']);
    const { sets, wrong } = readConfiguredSets(entries.map((entry) => getNodeValue(entry) as unknown));
    for (const index of wrong) this.#report(spanOf(entries[index]!), 'This is a pattern of files, or { "files": […], "database": "…" }');
    return sets;
  }

  #overrides(object: Node | undefined): ProjectContent['overrides'] {
    const node = child(object, 'overrides');
    if (!node) return [];
    if (node.type !== 'array') {
      this.#report(spanOf(node), 'This is a list: [{ "files": […], "rules": { … } }]');
      return [];
    }
    return (node.children ?? []).map((one) => {
      this.#unknownNames(one, ['files', 'rules']);
      if (!child(one, 'files')) this.#report(spanOf(one), 'This override has no "files", so it changes nothing');
      return { files: this.#list(one, 'files') ?? [], rules: this.#rules(one) };
    });
  }

  /** Patterns come before ids, so that the more particular one wins. */
  #rules(object: Node | undefined): (readonly [string, unknown])[] {
    const node = child(object, 'rules');
    if (!node) return [];
    if (node.type !== 'object') {
      this.#report(spanOf(node), 'This is an object: { "hba/trust-any": "off" }');
      return [];
    }
    const entries = (node.children ?? []).flatMap(({ children: [key, value] = [] }) => {
      if (!key || !value) return [];
      const entry = [String(key.value), getNodeValue(value) as unknown] as const;
      for (const problem of readRuleSettings([entry]).problems) this.#report(problem.startsWith('unknown rule') ? spanOf(key) : spanOf(value), sentence(problem));
      return [entry];
    });
    return entries.sort(([a], [b]) => rank(a) - rank(b));
  }

  #list(object: Node | undefined, name: string): readonly string[] | undefined {
    return child(object, name) && this.#strings(object, name).map((one) => one.name);
  }

  #strings(object: Node | undefined, name: string, single = false): { name: string; at: Span }[] {
    const node = child(object, name);
    if (!node) return [];
    const nodes = node.type === 'array' ? node.children ?? [] : single ? [node] : [];
    const wrong = nodes.find((one) => one.type !== 'string') ?? (node.type !== 'array' && !single ? node : undefined);
    if (wrong) this.#report(spanOf(wrong), `"${name}" is a list of texts: ["…"]`);
    return nodes.filter((one) => one.type === 'string').map((one) => ({ name: String(one.value), at: spanOf(one) }));
  }

  #string(object: Node | undefined, name: string): string | undefined {
    const node = child(object, name);
    if (node && node.type !== 'string') this.#report(spanOf(node), `"${name}" is a text: "…"`);
    return node?.type === 'string' ? String(node.value) : undefined;
  }

  #oneOf<T extends string>(object: Node | undefined, name: string, valid: readonly T[]): T | undefined {
    const node = child(object, name);
    if (!node) return undefined;
    const found = valid.find((word) => word === node.value);
    if (found === undefined) this.#report(spanOf(node), `"${name}" is one of ${valid.join(', ')}${suggestion(String(node.value), valid)}`);
    return found;
  }

  #unknownNames(object: Node | undefined, valid: readonly string[]): void {
    for (const { children: [key] = [] } of object?.type === 'object' ? object.children ?? [] : []) {
      const name = String(key?.value);
      if (key && !valid.includes(name)) this.#report(spanOf(key), `There is no "${name}" here, so it changes nothing${suggestion(name, valid)}`);
    }
  }

  #report(at: Span, message: string): void {
    this.#problems.push({ at, message });
  }
}

const fields = ['$schema', 'extends', 'presets', 'postgresVersion', 'environment', ...sharedOptions, 'include', 'exclude', 'migrations', 'rules', 'overrides', 'suppressions', 'baseline', 'failOn'];

/** `hba/*` before `hba/trust-any`. */
function rank(id: string): number {
  return id.endsWith('*') ? id.length : Number.MAX_SAFE_INTEGER;
}

function child(object: Node | undefined, name: string): Node | undefined {
  return object?.type === 'object' ? findNodeAtLocation(object, [name]) : undefined;
}

function spanOf({ offset, length }: Node): Span {
  return { start: offset, end: offset + length };
}

function sentence(problem: string): string {
  return problem.charAt(0).toUpperCase() + problem.slice(1).replace(/\.$/, '');
}

function suggestion(word: string, valid: readonly string[]): string {
  const near = nearest(word, valid);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

/** `PropertyNameExpected` -> `Property name expected` */
function words(code: string): string {
  return code.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
