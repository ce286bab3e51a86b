import { checklists, controlsOf, type Checklist, type Item } from './checklist/checklist.ts';
import { knownRules, type RuleInfo } from './policy/catalog.ts';
import { helpingSchema, levelSchema, projectSchema, ruleSchema } from './policy/project-schema.ts';
import type { Example } from './rules/rule.ts';

/**
 * Every generated text, by its path in the repository. `manifest` and `contributes` are the parsed package.json and client/contributes.json.
 * `proven`: the PostgreSQL versions on which a test shows a rule's attack and that the fix stops it, by rule id.
 */
export function manual(manifest: Record<string, unknown>, contributes: Record<string, any>, readme: string, proven: ReadonlyMap<string, readonly number[]>): Map<string, string> {
  const texts = new Map<string, string>();
  for (const rule of knownRules) texts.set(`docs/rules/${rule.id}.md`, rulePage(rule, proven.get(rule.id)));
  texts.set('docs/rules/README.md', ruleIndex());
  texts.set('docs/checklist.md', checklistPage());
  texts.set('docs/marketplace.md', marketplacePage(readme));
  texts.set('docs/pgrampart.schema.json', `${JSON.stringify(projectSchema(), null, 2)}\n`);
  texts.set('docs/pgrampart.editor-schema.json', `${JSON.stringify(helpingSchema(), null, 2)}\n`);
  texts.set('package.json', `${JSON.stringify(withContributions(manifest, contributes), null, 2)}\n`);
  return texts;
}

/** The documentation page of one rule, in Markdown. */
export function rulePage(rule: RuleInfo, proven?: readonly number[]): string {
  const parts = [`# ${rule.title}`, `\`${rule.id}\` · severity: **${rule.severity}**${rule.strict ? `, strict: **${rule.strict}**` : ''}${rule.since ? ` · PostgreSQL ${rule.since} and later` : ''}${presetNote(rule)}`, rule.why];
  if (rule.fixing) parts.push('## The fix', rule.fixing);
  if (proven) parts.push(`Proven on PostgreSQL ${proven.join(', ')}: a test shows there what happens without the fix, that it no longer happens with it, and that honest use goes on.`);
  const bad = (rule.examples ?? []).filter((example) => example.bad !== undefined);
  const good = (rule.examples ?? []).filter((example) => example.bad === undefined);
  if (bad.length > 0) parts.push('## Reported', ...bad.flatMap((example) => exampleParts(rule, example)));
  if (good.length > 0) parts.push('## Not reported', ...good.flatMap((example) => exampleParts(rule, example)));
  const options = Object.entries(rule.options ?? {});
  if (options.length > 0) parts.push('## Options', options.map(([name, option]: [string, any]) => `- \`${name}\` (default \`${JSON.stringify(option.default)}\`): ${option.description}`).join('\n'));
  parts.push('## Silence it', `Write the reason next to the code:\n\n${fence(rule, `${rule.language === 'sql' ? '--' : '#'} pgrampart-ignore ${rule.id}: why this is fine here`)}`);
  const references = [...rule.references, ...rule.cwe.map((id) => `https://cwe.mitre.org/data/definitions/${id}.html`)];
  const controls = controlsOf(rule.id);
  if (controls.length > 0) parts.push('## Asked for by', `${controls.join(', ')} ([checklist](../../checklist.md))`);
  if (references.length > 0) parts.push('## References', references.map((reference) => `- <${reference}>`).join('\n'));
  return `${parts.join('\n\n')}\n`;
}

function presetNote({ presets }: RuleInfo): string {
  return presets ? ` · off by default, on in the preset${presets.length > 1 ? 's' : ''} ${presets.map((preset) => `\`${preset}\``).join(', ')}` : '';
}

function exampleParts(rule: RuleInfo, example: Example): string[] {
  const parts: string[] = [];
  if (example.because) parts.push(example.because);
  for (const [name, text] of Object.entries(example.files ?? {})) parts.push(`With \`${name}\`:`, fence({ language: name.endsWith('.conf') ? 'conf' : 'sql' }, text.trimEnd()));
  if (example.bad !== undefined) parts.push(fence(rule, example.bad.replace(/[«»]/g, '')));
  const after = example.fixed ?? (example.bad === undefined ? undefined : example.good);
  if (after !== undefined) parts.push(example.fixed === undefined ? 'Better:' : 'After the fix:', fence(rule, after));
  if (example.bad === undefined && example.good !== undefined) parts.push(fence(rule, example.good));
  return parts;
}

function fence(rule: Pick<RuleInfo, 'language'>, text: string): string {
  const ticks = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map((run) => run[0].length + 1)));
  return `${ticks}${rule.language === 'sql' ? 'sql' : 'conf'}\n${text.replaceAll('\r\n', '\n').trimEnd()}\n${ticks}`;
}

function ruleIndex(): string {
  const rows = knownRules.map((rule) => `| [${rule.id}](${rule.id}.md) | ${rule.severity}${rule.presets ? ` (${rule.presets.join(', ')})` : ''} | ${rule.title.replaceAll('|', '\\|')} |`);
  return `# Rules\n\n| rule | severity | what is wrong |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function checklistPage(): string {
  const count = checklists.reduce((all, { items }) => all + items.length, 0);
  const intro = `What others ask of a PostgreSQL server (${count} items), and what pgrampart says about it. Where no rule looks for an item, or files show
only a part of it, the last column says where to look. Every number is the list's own; the words are ours.`;
  return `${['# Checklist', intro, ...checklists.flatMap(checklistParts)].join('\n\n')}\n`;
}

function checklistParts({ title, source, note, items }: Checklist): string[] {
  return [`## ${title}`, `<${source}>. ${note}`, ['| item | asks for | rules | beyond files |', '|---|---|---|---|', ...items.map(checklistRow)].join('\n')];
}

function checklistRow({ id, what, rules, instead }: Item): string {
  const links = [...new Set(rules)].map((rule) => `[${rule}](rules/${rule}.md)`).join(', ');
  return `| ${id} | ${what} | ${links} | ${(instead ?? '').replaceAll('|', '\\|')} |`;
}

/** The README without pictures and relative links: outside of the repository they would lead nowhere. */
function marketplacePage(readme: string): string {
  return readme.replace(/^!\[[^\]]*\]\([^)]*\)\n\n?/gm, '').replace(/\[([^\]]*)\]\((?!https?:|#)[^)]*\)/g, '$1');
}

function withContributions(manifest: Record<string, unknown>, parts: Record<string, any>): Record<string, unknown> {
  const properties = { ...parts.contributes?.configuration?.properties };
  const rulesSetting = properties['pgrampart.rules'];
  if (rulesSetting) {
    properties['pgrampart.rules'] = {
      ...rulesSetting,
      properties: Object.fromEntries(knownRules.map((rule) => [rule.id, { ...ruleSchema(rule), default: rule.presets ? 'off' : rule.severity, description: rule.title }])),
      patternProperties: { '^[a-z]+/\\*$': levelSchema },
      additionalProperties: false,
    };
  }
  const contributes = { ...parts.contributes, configuration: { ...parts.contributes?.configuration, properties } };
  return { ...manifest, ...parts, contributes };
}
