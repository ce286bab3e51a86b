import type { HbaLine, HbaOption, HbaRecord, HbaToken } from '../../syntax/hba.ts';

/** The option in force: of several with one name the server takes the last. */
export function optionOf(record: HbaRecord, name: string): HbaOption | undefined {
  return record.options.length === 0 ? undefined : record.options.findLast((option) => option.name === name);
}

/** Options that are on or off. The server takes exactly `1` for on and everything else, without a word, for off. */
export const switches = ['ldaptls', 'pam_use_hostname', 'include_realm', 'compat_realm', 'upn_username', 'delegate_ident_mapping'] as const;

/** `mistaken`: off, though its writer surely meant on, or nobody can tell what. */
export function switchState({ value = '' }: HbaOption): 'on' | 'off' | 'mistaken' {
  if (value === '1') return 'on';
  return /^(0+|n|no|f|false|off|)$/i.test(value) ? 'off' : 'mistaken';
}

/** Instead of a secret, something that says to write one here. */
export function isPlaceholder(secret: string): boolean {
  return /^(<.*>|\[.*\]|\$\w+|\*+|\.{3,}|x{3,}|_{3,})$/i.test(secret.trim());
}

/** The option `clientcert` with a value that the server took before version 14 and refuses since, and that value. */
export function legacyClientcert({ error, fields }: HbaLine): { readonly token: HbaToken; readonly value: '1' | '0' | 'no-verify' } | undefined {
  const token = error && fields.flat().find(({ span }) => span.start <= error.at.start && error.at.end <= span.end);
  const value = /^clientcert=(1|0|no-verify)$/.exec(token?.text ?? '')?.[1];
  return value === undefined ? undefined : { token: token!, value: value as '1' | '0' | 'no-verify' };
}
