/** `text` inside of XML: what is markup is escaped, what XML 1.0 forbids becomes `·`. */
export function xml(text: string): string {
  return text.toWellFormed().replace(forbidden, '·').replace(/[&<>"'\n\r\t]/g, (character) => escapes[character] ?? `&#${character.charCodeAt(0)};`);
}

/** The same for HTML, where line breaks stay. */
export function html(text: string): string {
  return text.toWellFormed().replace(forbidden, '·').replace(/[&<>"']/g, (character) => escapes[character]!);
}

// Marks that reorder what is read are shown as well: a file may have been written to mislead.
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
