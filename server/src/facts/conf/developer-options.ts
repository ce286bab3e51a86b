import { readBoolean } from '../../catalog/numbers.ts';
import { findParameter, type Parameter } from '../../catalog/parameters.ts';
import type { ConfSetting } from '../../syntax/conf.ts';
import { settingHere, type ConfFacts } from './settings.ts';

export interface DeveloperOption {
  readonly setting: ConfSetting;
  readonly parameter: Parameter & { readonly default: string };
  /** What it does to this server, as a sentence. */
  readonly consequence: string;
  readonly severity: 'high' | 'medium' | 'info';
}

/** The parameters of the category "Developer Options" that are set here to something else than their default. */
export function changedDeveloperOptions(facts: ConfFacts): DeveloperOption[] {
  return facts.settings.all.flatMap(({ setting: { name: { text: name } } }) => {
    const parameter = findParameter(name, facts.document.version);
    const setting = settingHere(facts, name);
    if (parameter?.category !== 'Developer Options' || parameter.default === undefined || setting === undefined) return [];
    if (isDefault(facts, parameter, setting.value.text)) return [];
    const [severity, consequence] = known[parameter.name] ?? ['info', `${parameter.name} is for tests of PostgreSQL itself, not for servers that people rely on`];
    return [{ setting, parameter: { ...parameter, default: parameter.default }, severity, consequence }];
  });
}

/** A value that the server would refuse changes nothing and is somebody else's business. */
function isDefault({ settings }: ConfFacts, parameter: Parameter, text: string): boolean {
  switch (parameter.type) {
    case 'bool': return settings.flag(parameter.name) === undefined || settings.flag(parameter.name) === readBoolean(parameter.default!);
    case 'integer':
    case 'real': return settings.number(parameter.name) === undefined || settings.number(parameter.name) === Number(parameter.default);
    case 'enum': return text.toLowerCase() === parameter.default || (readBoolean(text) !== undefined && readBoolean(text) === readBoolean(parameter.default!));
    case 'string': return text.trim() === parameter.default;
  }
}

/** Source: the chapter "Developer Options" of the manual. */
const known: Readonly<Record<string, readonly ['high' | 'medium' | 'info', string]>> = {
  allow_system_table_mods: ['high', 'Superusers and code that they run can rewrite system catalogues: roles, privileges, functions'],
  zero_damaged_pages: ['high', 'Damaged pages are wiped without a trace: every row on them is gone for good'],
  ignore_checksum_failure: ['medium', 'Damaged or tampered pages are used as if their checksum were right'],
  ignore_invalid_pages: ['medium', 'Recovery goes on over pages that it cannot make sense of, and data is lost silently'],
  ignore_system_indexes: ['medium', 'System catalogues are read without their indexes: every look-up crawls'],
  allow_in_place_tablespaces: ['medium', 'Tablespaces may lie inside the data directory, where backup tools do not expect them'],
  pre_auth_delay: ['medium', 'Every connection waits before it is asked who it is: a few clients use up all of them'],
  post_auth_delay: ['medium', 'Every new connection waits before it does anything: a few clients use up all of them'],
  debug_discard_caches: ['medium', 'Caches are thrown away all the time: every statement becomes many times slower'],
  wal_consistency_checking: ['medium', 'Full pages are written to the log and compared in recovery: a standby stops at the first difference'],
  remove_temp_files_after_crash: ['medium', 'Temporary files with data of queries stay on disk after every crash'],
};
