import { findParameter } from '../catalog/parameters.ts';
import type { Document } from '../document.ts';
import { readConf } from '../facts/reading.ts';
import { confFacts, type Settings } from '../facts/conf/settings.ts';
import { baseName, folderOf, resolvePath } from '../paths.ts';
import { parseConf, type ConfSetting } from '../syntax/conf.ts';
import { Lines, shift, type Span } from '../text.ts';
import type { Note } from './note.ts';
import { parameterText, valueText } from './parameter-text.ts';

/** The parameter whose name or value stands at a place, commented out or not. */
export function confNoteAt(document: Document, offset: number): Note | undefined {
  const written = settingAt(document, offset);
  if (written === undefined) return undefined;
  const { setting, active } = written;
  const { name, value } = setting;
  const span = [name.span, value.span].find((one) => contains(one, offset));
  const about = parameterText(name.text, document.version);
  if (span === undefined || about === undefined) return undefined;
  const parameter = findParameter(name.text, document.version);
  const meaning = span === value.span && parameter !== undefined && !setting.template ? valueText(parameter, value.text) : undefined;
  const decided = active ? decision(document, setting) : 'Commented out: this line sets nothing.';
  return { span, text: [...(meaning === undefined ? [] : [meaning]), about, ...(decided === undefined ? [] : [decided])].join('\n\n') };
}

function contains(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

interface Written {
  readonly setting: ConfSetting;
  readonly active: boolean;
}

function settingAt(document: Document, offset: number): Written | undefined {
  const { file } = readConf(document);
  const setting = find(file.settings, offset);
  if (setting !== undefined) return { setting, active: true };
  const comment = file.comments.find((span) => contains(span, offset));
  return comment && commentedOut(document.text, comment);
}

function find(settings: readonly ConfSetting[], offset: number): ConfSetting | undefined {
  return settings.find(({ span }) => contains(span, offset));
}

/** `#work_mem = 4MB`, as the file that comes with the server has it for every parameter. */
function commentedOut(text: string, comment: Span): Written | undefined {
  const content = text.slice(comment.start, comment.end).replace(/^#+/, '');
  if (!/^\s*\w+\s*=/.test(content)) return undefined;
  const [setting] = parseConf(content).settings;
  if (setting === undefined) return undefined;
  const by = comment.end - content.length;
  const moved = { ...setting, span: shift(setting.span, by), name: { ...setting.name, span: shift(setting.name.span, by) }, value: { ...setting.value, span: shift(setting.value.span, by) } };
  return { setting: moved, active: false };
}

/** Which line has the last word, when it is not this one. */
function decision(document: Document, setting: ConfSetting): string | undefined {
  const winner = settingsAround(document).get(setting.name.text);
  if (winner === undefined || (winner.path === document.path && winner.setting.span.start === setting.span.start)) return undefined;
  if (winner.path === document.path) return `**Set again in line ${lineOf(document.text, winner.setting.span)}**, which wins.`;
  const line = lineOf(document.files.read(winner.path) ?? '', winner.setting.span);
  if (baseName(winner.path) === 'postgresql.auto.conf') return `**Overridden** by ALTER SYSTEM: postgresql.auto.conf, line ${line}.`;
  return `**Set again** in ${seenFrom(document.path, winner.path)}, line ${line}, which wins.`;
}

/** The settings of the server that reads this file: those of the postgresql.conf beside or above it when that one includes it. */
export function settingsAround(document: Document): Settings {
  const folder = folderOf(document.path);
  for (const root of [resolvePath(folder, 'postgresql.conf'), resolvePath(folder, '../postgresql.conf')]) {
    const text = root === document.path ? undefined : document.files.read(root);
    if (text === undefined) continue;
    const { settings } = confFacts({ ...document, path: root, text });
    if (settings.paths.has(document.path)) return settings;
  }
  return readConf(document).settings;
}

function lineOf(text: string, span: Span): number {
  return new Lines(text).position(span.start).line + 1;
}

function seenFrom(path: string, other: string): string {
  const folder = folderOf(path);
  return other.startsWith(`${folder}/`) ? other.slice(folder.length + 1) : baseName(other);
}
