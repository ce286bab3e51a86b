import { supportedVersions } from '../document.ts';
import { presets as presetNames, severities, type Options } from '../rules/rule.ts';
import { knownRules, type RuleInfo } from './catalog.ts';
import { environments } from './project-text.ts';

/** The JSON schema of a project file, for editors. */
export function projectSchema(): Record<string, unknown> {
  const texts = (description: string) => ({ type: 'array', items: { type: 'string' }, description });
  const ruleProperties = Object.fromEntries(knownRules.map((rule) => [rule.id, { ...ruleSchema(rule), description: `${rule.title} (${rule.severity}${rule.presets ? `, only in ${rule.presets.join(', ')}` : ''})` }]));
  const rules = { type: 'object', description: 'Severities by rule id or family/*; a list adds options: ["high", { … }].', properties: ruleProperties, patternProperties: { '^[a-z]+/\\*$': levelSchema }, additionalProperties: false };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'pgrampart project file',
    type: 'object',
    allowComments: true,
    allowTrailingCommas: true,
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      extends: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }], description: 'What this file builds upon: "pgrampart:strict" and the like, or paths of other project files. Later ones win.', examples: presetNames.map((name) => `pgrampart:${name}`) },
      presets: { type: 'array', items: { enum: presetNames }, description: 'Sets of rules that are on.' },
      postgresVersion: { enum: ['auto', ...supportedVersions, ...supportedVersions.map(String)], description: 'PostgreSQL major version that the files are for.' },
      environment: { enum: environments, description: '"development" lowers what is usual on machines for trying things out; "production" takes every file seriously, whatever its folder is called.' },
      trustedNetworks: texts('Networks such as 10.20.0.0/16 in which every machine is known. pg_hba.conf may open them as a whole; what lets clients in without a password, or a superuser, is told more mildly there.'),
      superusers: texts('Names of the roles that are superuser.'),
      trustedFunctions: texts('Functions whose result is safe inside of dynamic SQL, such as app.quote_list.'),
      sinks: texts('Functions that run their argument as SQL, such as app.run.'),
      exposedSchemas: texts('Schemas that an API hands out, such as public behind PostgREST.'),
      applicationRoles: texts('Roles that applications log in as.'),
      migrations: {
        type: 'array', description: 'The SQL files of a database in the order in which they are applied, as patterns from the folder of this file; only where their names do not tell the order.',
        items: { anyOf: [{ type: 'string' }, { type: 'object', properties: { files: { anyOf: [{ type: 'string' }, texts('Patterns, in the order in which their files are applied.')], description: 'Patterns, in the order in which their files are applied.' }, database: { type: 'string', description: 'Tells the databases apart where there are several.' } }, required: ['files'], additionalProperties: false }] },
      },
      include: texts('Only these files are looked at; patterns as in .gitignore, from the folder of this file.'),
      exclude: texts('These files are left out; patterns as in .gitignore, from the folder of this file.'),
      rules,
      overrides: { type: 'array', description: 'Other severities for some files.', items: { type: 'object', properties: { files: texts('Patterns as in .gitignore, from the folder of this file.'), rules }, required: ['files'], additionalProperties: false } },
      suppressions: { type: 'object', properties: { requireReason: { type: 'boolean', description: 'A suppression comment has to say why.' } }, additionalProperties: false },
      baseline: { type: 'string', description: 'File with accepted problems, beside this one.' },
      failOn: { enum: [...severities, 'none'], description: 'The severity from which the command line fails.' },
    },
  };
}

/** The same for an editor in which the language server tells what is wrong, in better words: it helps to write and refuses nothing. */
export function helpingSchema(): Record<string, unknown> {
  return helping(projectSchema()) as Record<string, unknown>;
}

const jsonTypes = ['object', 'array', 'string', 'number', 'boolean', 'null'];

function helping(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(helping);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { required: _required, additionalProperties: _additional, minItems: _min, maxItems: _max, type, enum: words, default: preset, ...rest } = schema as Record<string, unknown>;
  const parts = Object.entries(rest).map(([name, part]) => [name, name === 'properties' || name === 'patternProperties' ? mapValues(part as object, helping) : helping(part)] as const);
  return {
    ...Object.fromEntries(parts), ...(preset !== undefined && { default: preset }),
    // What it should be stands first: that is what the editor writes.
    ...(typeof type === 'string' && { type: [type, ...jsonTypes.filter((other) => other !== type)] }),
    ...(words !== undefined && { anyOf: [{ enum: words }, {}] }),
  };
}

function mapValues(object: object, map: (value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)]));
}

export const levelSchema = { type: 'string', enum: ['off', ...severities] } as const;

/** What may stand behind the id of a rule: a severity, or a severity with options. */
export function ruleSchema({ options }: Pick<RuleInfo, 'options'>): Record<string, unknown> {
  if (!options) return { ...levelSchema };
  return { anyOf: [levelSchema, { type: 'array', items: [levelSchema, optionsSchema(options)], minItems: 1, maxItems: 2 }] };
}

function optionsSchema(options: Options): Record<string, unknown> {
  const typeOf = (value: unknown) => (Array.isArray(value) ? { type: 'array', items: { type: 'string' } } : { type: typeof value });
  const properties = Object.fromEntries(Object.entries(options).map(([name, option]) => [name, { ...typeOf(option.default), default: option.default, description: option.description }]));
  return { type: 'object', properties, additionalProperties: false };
}
