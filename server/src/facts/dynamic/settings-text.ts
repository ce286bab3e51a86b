import { findParameter } from '../../catalog/parameters.ts';
import { supportedVersions } from '../../document.ts';

/** Numbers, words that the server knows, what nobody but the server sets, and what the routine's own SET clause says. */
export function holdsNoText(name: string, fixed: ReadonlySet<string>): boolean {
  if (fixed.has(name) || serverSetting.test(name)) return true;
  const parameter = findParameter(name, latest);
  return parameter !== undefined && (parameter.type !== 'string' || /^(internal|postmaster|sighup)$/.test(parameter.context));
}

/** A switch, or a setting with words of its own: others raise an error. */
export function takesWords(name: string): boolean {
  return /^(?:bool|enum)$/.test(findParameter(name.toLowerCase(), latest)?.type ?? '');
}

const latest = supportedVersions.at(-1)!;

const serverSetting = /^(server_version(_num)?|server_encoding|is_superuser|lc_collate|lc_ctype)$/;
