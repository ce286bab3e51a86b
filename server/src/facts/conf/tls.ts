import type { ConfSetting } from '../../syntax/conf.ts';
import { settingHere, type ConfFacts } from './settings.ts';

/** A TLS parameter that is set here, unless ssl is switched off in so many words: it has no effect then. */
export function tlsSettingHere(facts: ConfFacts, name: string): ConfSetting | undefined {
  return isSwitchedOff(facts) ? undefined : settingHere(facts, name);
}

/** Protocol versions in the order in which they came; `''` is any. */
export const protocolVersions: readonly string[] = ['tlsv1', 'tlsv1.1', 'tlsv1.2', 'tlsv1.3'];

/** The curve breaks with less work than 2^112, or is one over a binary field, which no profile of TLS admits any more (RFC 8422). */
export function isWeakCurve(name: string): boolean {
  if (/^(sect|c2pnb|c2tnb|wap-wsg-|oakley-ec2n)/i.test(name)) return true;
  const bits = /^(?:secp|prime|brainpoolP|P-)(\d{3})/i.exec(name)?.[1];
  return bits !== undefined && Number(bits) < 224;
}

/** A certificate and key that Debian makes when it installs ssl-cert: signed by nobody, and open to every service of the machine that is in its group. */
export function isSnakeoil(path: string): boolean {
  return /(^|\/)ssl-cert-snakeoil\.(pem|key)$/.test(path);
}

/** The text holds a private key in PEM form. */
export function privateKeyIn(text: string | undefined): 'plain' | 'encrypted' | undefined {
  const begin = /^-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[^]{0,80}/m.exec(text ?? '')?.[0];
  if (begin === undefined) return undefined;
  return /ENCRYPTED/.test(begin) ? 'encrypted' : 'plain';
}

/** A command for ssl_passphrase_command that holds the passphrase itself: `echo` of something that is not known only when it runs, and no prompt. */
export function spellsOutPassphrase(command: string): boolean {
  if (/\bpass:[^\s$`'"]/.test(command)) return true;
  const known = command.replace(/\$\([^)]*\)|`[^`]*`|\$\w+|\$\{[^}]*\}/g, '');
  for (const [, printed] of known.matchAll(/(?:^|[\s;&|("'/])(?:echo|printf)\s+([^;&|]*)/g)) {
    if (!printed!.includes('>') && /\w/.test(printed!.replace(/(^|\s)-\w+|%\w|\\\w/g, ''))) return true;
  }
  return false;
}

function isSwitchedOff({ settings }: ConfFacts): boolean {
  return settings.get('ssl') !== undefined && settings.flag('ssl') === false;
}
