import { findParameter, isCustomName } from '../../catalog/parameters.ts';
import { noFiles, type Document } from '../../document.ts';
import { folderOf, resolvePath } from '../../paths.ts';
import { parseConf } from '../../syntax/conf.ts';
import { quoteString } from '../../syntax/conf-tokens.ts';
import { applyEdits, type Edit, type Span } from '../../text.ts';
import { confFacts, type ConfFacts } from '../conf/settings.ts';
import { replaceIn } from './sql-edits.ts';
import { laterStatement, spellValue, type SqlSetting } from './sql-settings.ts';

/**
 * What statements leave set for the server, for one role or one database, as postgresql.auto.conf would hold it, so that what is known
 * about settings of files is known about them.
 */
export interface SqlAsConf {
  readonly conf: ConfFacts;
  /** The setting whose value a span in `conf` is. */
  settingAt(span: Span): SqlSetting | undefined;
  /** Edits of `conf` as edits of the SQL, and as statements for a file that runs later; undefined when they do more than change values. */
  toSql(edits: readonly Edit[]): { readonly edits: readonly Edit[]; readonly statements?: readonly string[] } | undefined;
}

/** One for each role, database or server that the settings are for; of several in a session only the last one of a name. */
export function asConf(document: Document, settings: readonly SqlSetting[]): readonly SqlAsConf[] {
  const groups = new Map<string, Map<string, SqlSetting>>();
  for (const setting of settings) {
    const key = JSON.stringify([setting.scope, setting.target, setting.database]);
    const group = groups.get(key) ?? new Map<string, SqlSetting>();
    groups.set(key, group);
    if (setting.name === 'all') group.clear();
    group.delete(setting.name);
    if (setting.value !== undefined && canBeSet(setting, document.version)) group.set(setting.name, setting);
  }
  return [...groups.values()].filter((group) => group.size > 0).map((group) => new WrittenAsConf(document, [...group.values()]));
}

/** For a role, a database or a session the server refuses what takes a reload, a restart or a new connection. */
function canBeSet({ scope, name }: SqlSetting, version: number): boolean {
  const parameter = findParameter(name, version);
  if (parameter === undefined) return isCustomName(name);
  return parameter.context !== 'internal' && (scope === 'system' || parameter.context === 'user' || parameter.context === 'superuser');
}

class WrittenAsConf implements SqlAsConf {
  readonly conf: ConfFacts;
  readonly #settings: readonly SqlSetting[];

  constructor(document: Document, settings: readonly SqlSetting[]) {
    const text = settings.map(({ name, value }) => `${name} = ${value!.text === undefined ? '{{ unknown }}' : quoteString(value!.text)}\n`).join('');
    this.conf = confFacts({ ...document, path: resolvePath(folderOf(document.path), 'postgresql.auto.conf'), text, language: 'conf', files: noFiles });
    this.#settings = settings;
  }

  settingAt(span: Span): SqlSetting | undefined {
    const index = this.conf.file.settings.findIndex(({ value }) => value.span.start <= span.start && span.end <= value.span.end);
    return this.#settings[index];
  }

  toSql(edits: readonly Edit[]): { readonly edits: readonly Edit[]; readonly statements?: readonly string[] } | undefined {
    const before = this.conf.file.settings;
    const { settings: after, problems } = parseConf(applyEdits(this.conf.document.text, edits));
    if (problems.length > 0 || after.length !== before.length || after.some(({ name }, i) => name.text !== before[i]!.name.text)) return undefined;

    const changed: Edit[] = [];
    const statements: string[] = [];
    for (const [i, { value }] of after.entries()) {
      if (value.text === before[i]!.value.text) continue;
      const setting = this.#settings[i]!;
      const word = edits.flatMap(({ text, placeholders = [] }) => placeholders.map((place) => text.slice(place.start, place.end)))[0];
      const [edit] = replaceIn(setting.command, setting.value!, spellValue(setting, value.text), word);
      if (edit === undefined) return undefined;
      changed.push(edit);
      const statement = word === undefined ? laterStatement(setting, value.text) : undefined;
      if (statement !== undefined) statements.push(statement);
    }
    if (changed.length === 0) return undefined;
    return statements.length === changed.length ? { edits: changed, statements } : { edits: changed };
  }
}
