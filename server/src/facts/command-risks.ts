import type { ShellCommand, ShellWord } from '../syntax/shell.ts';
import type { Span } from '../text.ts';
import { programOf } from './commands.ts';
import { isSecret } from './secrets.ts';
import { isWorldWritable } from './unsafe-paths.ts';

/** Secrets that are written out in a shell command: the words that hold them. */
export function* secretsIn(command: ShellCommand): Iterable<Span> {
  for (const { name, value, span } of command.assignments) if (secretName.test(name) && isSecret(value)) yield span;
  const program = programOf(command);
  for (const [i, word] of command.words.entries()) {
    const next = command.words[i + 1];
    if (hasSecret(word.text)) yield word.span;
    else if (next && takesSecret(program, word.text, next.text)) yield next.span;
  }
}

const secretName = /(PASS(WORD|WD|PHRASE)?|SECRET(_ACCESS)?_KEY|SECRET|TOKEN|ACCESS_KEY|STORAGE_KEY|API_?KEY|ACCOUNT_KEY|LIBSODIUM_KEY)$/i;

function hasSecret(word: string): boolean {
  const assigned = /^(?:--?)?([\w-]+)=(.*)$/.exec(word);
  if (assigned && secretName.test(assigned[1]!.replaceAll('-', '_'))) return isSecret(assigned[2]!);
  const conninfo = /(?:^|\s)password\s*=\s*'?([^\s']+)/.exec(word)?.[1];
  const userinfo = /^[^\s/]*\b[a-z][a-z0-9+]*:\/\/[^\s/:@]*:([^\s/@]+)@/i.exec(word)?.[1];
  const openssl = /^pass:(.+)$/.exec(word)?.[1];
  return [conninfo, userinfo, openssl].some((value) => value !== undefined && isSecret(value));
}

/** `word` is an option, and `value` the secret that it takes. */
function takesSecret(program: string, word: string, value: string): boolean {
  if (/^--/.test(word)) {
    if (program === 'curl' && /^--(proxy-)?user$/.test(word)) return isUserAndSecret(value);
    return secretName.test(word.slice(2).replaceAll('-', '_')) && !value.startsWith('-') && isSecret(value);
  }
  if (program === 'curl' && /^-[a-zA-Z]*[uU]$/.test(word)) return isUserAndSecret(value);
  if (program === 'sshpass' && word === '-p') return isSecret(value);
  return program === 'openssl' && word === '-k' && isSecret(value);
}

function isUserAndSecret(value: string): boolean {
  const colon = value.indexOf(':');
  return colon >= 0 && isSecret(value.slice(colon + 1));
}

export interface Transport {
  readonly at: Span;
  /** `plain`: nothing is encrypted. `unverified`: it is, but the other side may be anybody. */
  readonly kind: 'plain' | 'unverified';
}

/** Words by which a command sends or fetches over a network that somebody else may read or answer. */
export function* transportsIn(command: ShellCommand): Iterable<Transport> {
  const program = programOf(command);
  for (const word of command.words) {
    const kind = transportOf(program, word);
    if (kind !== undefined) yield { at: word.span, kind };
  }
}

const loopbackHost = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i;

function transportOf(program: string, { text }: ShellWord): Transport['kind'] | undefined {
  const url = /(?:^|=)(?:https?|ftp|rsync|s?ftp|tftp):\/\/(?:[^/@\s]*@)?(\[[^\]]*\]|[^/:\s]*)/i.exec(text);
  if (url !== null) return /(?:^|=)(http|ftp|rsync|tftp):/i.test(text) && !loopbackHost.test(url[1]!) ? 'plain' : undefined;
  if (/^(.*\/)?(telnet|tftp|rsh|rcp)$/.test(text) && text.endsWith(program)) return 'plain';
  if (program === 'rsync' && /^[^\s/:]+::/.test(text)) return loopbackHost.test(text.slice(0, text.indexOf('::'))) ? undefined : 'plain';
  if (program === 'curl' && /^(--insecure|--proxy-insecure|-[#0-46aBfgGiIjJlLMnNOpqRsSvV]*k[a-zA-Z]*)$/.test(text)) return 'unverified';
  return /^--(no-check-certificate|no-verify-ssl|no-check-hostname)$|StrictHostKeyChecking[= ]no\b|UserKnownHostsFile[= ]\/dev\/null/i.test(text) ? 'unverified' : undefined;
}

export interface OpenAccess {
  readonly at: Span;
  /** `mode`: a file is opened to every account. `folder`: the log goes through a folder in which every account may write. */
  readonly kind: 'mode' | 'folder';
}

/** Words by which a command puts the write-ahead log where every account of the machine can change it. */
export function* openAccessIn(command: ShellCommand): Iterable<OpenAccess> {
  const program = programOf(command);
  const copies = /^(cp|mv|rsync|install|ln|scp|tee|dd)$/.test(program) && command.words.some(({ text }) => /%[pf]/.test(text));
  for (const [i, { text, span }] of [...command.words, ...command.outputs].entries()) {
    if (program === 'chmod' && i < command.words.length && isOpenMode(text)) yield { at: span, kind: 'mode' };
    else if (/^(-m|--mode=)0?[0-7]{2}[2367]$/.test(text) && program === 'install') yield { at: span, kind: 'mode' };
    else if (isWorldWritable(text.replace(/^[io]f=/, '')) && (/%[pf]/.test(text) || (copies && i < command.words.length))) yield { at: span, kind: 'folder' };
  }
}

function isOpenMode(text: string): boolean {
  return /^[0-7]?[0-7]{2}[2367]$/.test(text) || /^[ug]*[oa][ugoa]*[+=][rx]*w[rwx]*$/.test(text);
}
