import type { Hover, Position } from 'vscode-languageserver';
import { confNoteAt } from '../help/conf-hover.ts';
import { hbaHelp } from '../help/hba-hover.ts';
import { escapeMarkdown, type Note } from '../help/note.ts';
import { hbaNoteAt, identNoteAt } from '../help/word-hover.ts';
import { knownRules } from '../policy/catalog.ts';
import { overlaps, type Span } from '../text.ts';
import type { Client } from './client.ts';
import { documentationOf } from './diagnostics.ts';
import type { Look } from './looks.ts';
import { markup } from './markup.ts';

/** What a part of a hover is about: it says what it knows of a place. */
type Section = (look: Look, offset: number, client: Client) => readonly Note[];

/** From the most urgent to the most general. */
const sections: readonly Section[] = [findings, word, record];

/** Why the findings at a place are findings, what the word there means, and what the whole record. Messages of findings are already shown by the editor. */
export function hoverAt(look: Look, position: Position, client: Client): Hover | null {
  const { start } = look.places.span({ start: position, end: position });
  const notes = sections.flatMap((section) => section(look, start, client));
  const first = notes[0];
  if (first === undefined) return null;
  const texts = [...new Set(notes.map(({ text }) => text))];
  return { contents: markup(texts.join('\n\n---\n\n'), client.markdownHover), range: look.places.range(smallest(notes, first)) };
}

function findings(look: Look, offset: number, client: Client): Note[] {
  const place = { start: offset, end: offset };
  return look.findings.filter(({ at }) => overlaps(at, place)).map(({ at, rule }) => ({ span: at, text: explain(rule, client) }));
}

function word({ document, help }: Look, offset: number): Note[] {
  const note = help ? wordNotes[document.language]?.(document, offset) : undefined;
  return note === undefined ? [] : [note];
}

/** What stands in the file is text, not Markdown. */
function record({ document, help }: Look, offset: number): Note[] {
  const found = help && document.language === 'hba' ? hbaHelp(document, { start: offset, end: offset }) : undefined;
  return found === undefined ? [] : [{ span: found.at, text: found.paragraphs.map(escapeMarkdown).join('\n\n') }];
}

const wordNotes: Readonly<Partial<Record<Look['document']['language'], (document: Look['document'], offset: number) => Note | undefined>>> = {
  conf: confNoteAt, hba: hbaNoteAt, ident: identNoteAt,
};

function explain(id: string, client: Client): string {
  const rule = knownRules.find((known) => known.id === id);
  if (rule === undefined) return id;
  if (!client.markdownHover) return `${rule.title}\n${rule.why}\n${id}`;
  const link = documentationOf(id, client);
  const name = link === undefined ? `\`${id}\`` : `[${id}](${link})`;
  const severity = `${rule.severity} severity`;
  return `**${rule.title}**\n\n${rule.why}\n\n${name} · ${severity}${sources(rule.references)}`;
}

function sources(references: readonly string[]): string {
  const first = references[0];
  return first === undefined ? '' : ` · [${new URL(first).hostname.replace(/^www\./, '')}](${first})`;
}

function smallest(notes: readonly Note[], first: Note): Span {
  return notes.reduce((best, { span }) => (span.end - span.start < best.end - best.start ? span : best), first.span);
}
