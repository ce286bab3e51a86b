import type { Document, Files } from './document.ts';
import { noFiles } from './document.ts';
import type { Host } from './host.ts';
import { folderOf, resolvePath } from './paths.ts';
import type { Language } from './rules/rule.ts';

/** Includes nest ten deep at most on a server; far more files than that are somebody's mistake. */
const mostFiles = 64;

/** Makes a document out of a text: for configuration files the includes and the neighbours of the same cluster are read first. */
export async function openDocument(host: Host, path: string, text: string, language: Language, version: number): Promise<Document> {
  const files = language === 'sql' ? noFiles : await readNeighbours(host, path, text);
  return { path, text, language, version, files };
}

/** The text of a file, or undefined when its bytes are not text. A byte order mark stays as U+FEFF at offset 0. */
export function decode(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be', { ignoreBOM: true }).decode(bytes);
  if (bytes.subarray(0, 8192).includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1', { ignoreBOM: true }).decode(bytes);
  }
}

const clusterNames = ['postgresql.conf', 'postgresql.auto.conf', 'pg_hba.conf', 'pg_ident.conf'];

async function readNeighbours(host: Host, path: string, text: string): Promise<Files> {
  const texts = new Map<string, string>();
  const folders = new Map<string, readonly string[]>();
  const folder = folderOf(path);
  const waiting = [...referencesIn(folder, text), ...clusterNames.map((name) => resolvePath(folder, name)).filter((other) => other !== path)];
  const seen = new Set([path]);
  for (let next = waiting.shift(); next !== undefined && texts.size < mostFiles; next = waiting.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const found = await host.read(next).then(decode, () => undefined);
    if (found !== undefined) {
      texts.set(next, found);
      waiting.push(...referencesIn(folderOf(next), found));
      continue;
    }
    const entries = await host.list(next).catch(() => []);
    const names = entries.filter((entry) => !entry.folder).map((entry) => entry.name).sort();
    if (names.length === 0) continue;
    folders.set(next, names);
    waiting.push(...names.filter((name) => name.endsWith('.conf')).map((name) => resolvePath(next!, name)));
  }
  return { read: (file) => (file === path ? text : texts.get(file)), list: (name) => folders.get(name) ?? [] };
}

const includePattern = /^[ \t]*(?:include(?:_if_exists|_dir)?|hba_file|ident_file)[ \t]*=?[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|([^\s'"#]+))/gim;
const atPattern = /(?:^|[\s,])@(?:"([^"\n]+)"|([^\s,"#]+))/g;

/** Every file that a configuration text may refer to. One too many costs a failed read, no more. */
function referencesIn(folder: string, text: string): string[] {
  const names: string[] = [];
  for (const pattern of [includePattern, atPattern]) {
    for (const [, a, b, c] of text.matchAll(pattern)) names.push(a ?? b ?? c ?? '');
  }
  return names.filter((name) => name !== '').map((name) => resolvePath(folder, name));
}
