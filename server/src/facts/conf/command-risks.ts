import type { ShellCommand } from '../../syntax/shell.ts';
import type { Span } from '../../text.ts';
import { programOf } from './commands.ts';
import { isSecret } from '../secrets.ts';
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

const secretName = /(PASS(WORD|WD|PHRASE)?|(SECRET|STORAGE)_ACCESS_KEY|(SECRET|STORAGE|ACCOUNT|API|LIBSODIUM)_?KEY|SECRET|TOKEN)$/i;

/** What a word looks like that holds a secret; the secret is the first group. */
const secretWords: readonly RegExp[] = [
  /(?:^|\s)password\s*=\s*'?([^\s']+)/,
  /^[^\s/]*\b[a-z][a-z0-9+]*:\/\/[^\s/:@]*:([^\s/@]+)@/i,
  /^[^\s?]*:\/\/[^\s?]*\?(?:[^\s&]*&)*(?:sig|token|access_token|X-Amz-Signature)=([^\s&]+)/i,
  /^(?:-H)?(?:Authorization|X-[\w-]*(?:Key|Token)):\s*(?:(?:Basic|Bearer|Token)\s+)?(\S+)$/i,
  /^pass:(.+)$/,
];

function hasSecret(word: string): boolean {
  const assigned = /^(?:--?)?([\w-]+)=(.*)$/.exec(word);
  if (assigned && secretName.test(assigned[1]!.replaceAll('-', '_'))) return isSecret(assigned[2]!);
  return secretWords.some((pattern) => isSecret(pattern.exec(word)?.[1] ?? ''));
}

/** `word` is an option, and `value` the secret that it takes. PostgreSQL's own programs have a `--password` that takes none. */
function takesSecret(program: string, word: string, value: string): boolean {
  if (program === 'curl' && /^(--(proxy-)?user|-[a-zA-Z]*[uU])$/.test(word)) return isUserAndSecret(value);
  if (program === 'sshpass' && word === '-p') return isSecret(value);
  if (program === 'openssl' && word === '-k') return isSecret(value);
  if (/^(psql|pg_\w+|\w+db|\w+user)$/.test(program) || !word.startsWith('--')) return false;
  return secretName.test(word.slice(2).replaceAll('-', '_')) && !value.startsWith('-') && isSecret(value);
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

/** Words by which a command sends or fetches the write-ahead log over a network that somebody else may read or answer. */
export function* transportsIn(command: ShellCommand): Iterable<Transport> {
  const written = [...command.assignments.map(({ name, value, span }) => ({ text: `${name}=${value}`, span })), ...command.words];
  // Without a word for the segment it is something else that goes over the network: a message to a monitor, say.
  if (!written.some(({ text }) => /%[pf]/.test(text))) return;
  const program = programOf(command);
  for (const [i, { text, span }] of written.entries()) {
    const kind = /proxy/i.test(text) || /^(-x|--proxy.*)$/.test(written[i - 1]?.text ?? '') ? undefined : transportOf(program, text);
    if (kind !== undefined) yield { at: span, kind };
  }
}

const unchecked = /^--(no-check-certificate|no-verify-ssl|no-check-hostname)$|StrictHostKeyChecking[= ]no\b|UserKnownHostsFile[= ]\/dev\/null/i;
const loopbackHost = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i;

function transportOf(program: string, text: string): Transport['kind'] | undefined {
  const url = /(?:^|=)(?:https?|ftp|rsync|s?ftp|tftp):\/\/(?:[^/@\s]*@)?(\[[^\]]*\]|[^/:\s]*)/i.exec(text);
  if (url !== null) return /(?:^|=)(http|ftp|rsync|tftp):/i.test(text) && !loopbackHost.test(url[1]!) ? 'plain' : undefined;
  if (/^(.*\/)?(telnet|tftp|rsh|rcp)$/.test(text) && text.endsWith(program)) return 'plain';
  if (program === 'rsync' && /^[^\s/:]+::/.test(text)) return loopbackHost.test(text.slice(0, text.indexOf('::'))) ? undefined : 'plain';
  if (program === 'curl' && /^(--insecure|--proxy-insecure|-[#0-46aBfgGiIjJlLMnNOpqRsSvV]*k[a-zA-Z]*)$/.test(text)) return 'unverified';
  return unchecked.test(text) ? 'unverified' : undefined;
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
    else if (program === 'install' && /^(-m|--mode=)?[0-7]?[0-7]{2}[2367]$/.test(text)) yield { at: span, kind: 'mode' };
    else if (isWorldWritable(text.replace(/^[io]f=/, '')) && (/%[pf]/.test(text) || (copies && i < command.words.length))) yield { at: span, kind: 'folder' };
  }
}

function isOpenMode(text: string): boolean {
  return /^[0-7]?[0-7]{2}[2367]$/.test(text) || /^[ug]*[oa][ugoa]*[+=][rx]*w[rwx]*$/.test(text);
}
