import { formatIp } from '../../syntax/address.ts';
import { optionsOfEveryMethod, type HbaAddress, type HbaLine, type HbaRecord, type HbaToken } from '../../syntax/hba.ts';
import type { Fix } from '../../rules/rule.ts';
import type { Edit, Span } from '../../text.ts';
import { tlsIsOff, type HbaFacts } from '../access.ts';
import { addressSpan } from './address.ts';

/** What can be done about a record that lets clients in without a password, the recommended way first. */
export function remoteTrustFixes(facts: HbaFacts, record: HbaRecord): Fix[] {
  return [requireMethod(record, 'scram-sha-256'), restrictToLoopback(record), commentOut(facts, record)].filter((fix) => fix !== undefined);
}

export function requireMethod(record: HbaRecord, method: 'scram-sha-256' | 'peer'): Fix {
  const note = method === 'peer' ? 'account and role of the same name' : 'roles must have SCRAM secrets';
  return { title: `Require ${method} (${note})`, safety: 'review', edits: methodEdits(record, method) };
}

export function reject(record: HbaRecord): Fix {
  return { title: 'Reject these connections', safety: 'review', edits: methodEdits(record, 'reject') };
}

/** For a record of another type than `local`. None when the server is known to have TLS off: nobody would come in any more. */
export function requireTls(facts: HbaFacts, record: HbaRecord): Fix[] {
  if (tlsIsOff(facts)) return [];
  return [replace('Let in only connections with TLS (the server needs ssl = on)', record.type.span, 'hostssl')];
}

/** One edit that a person has to judge. */
export function replace(title: string, span: Span, text: string): Fix {
  return { title, safety: 'review', edits: [{ span, text }] };
}

/** Writes an address that the user puts right; a mask column goes with the address it belongs to. */
export function askForAddress(title: string, address: HbaAddress, text: string): Fix {
  return { title, safety: 'review', edits: [askFor(addressSpan(address), text)] };
}

/** An edit whose text the user replaces. */
export function askFor(span: Span, text: string): Edit {
  return { span, text, placeholders: [{ start: 0, end: text.length }] };
}

/** Takes an option away together with the blanks or the comma before it. */
export function removeOption({ fields }: HbaLine, { span }: HbaToken): Edit {
  const before = fields.flat().findLast((token) => token.span.end <= span.start)!;
  return { span: { start: before.span.end, end: span.end }, text: '' };
}

/** Takes one of several names away together with its comma. */
export function removeName(tokens: readonly HbaToken[], token: HbaToken): Edit {
  const at = tokens.indexOf(token);
  const next = tokens[at + 1];
  return { span: next ? { start: token.span.start, end: next.span.start } : { start: tokens[at - 1]!.span.end, end: token.span.end }, text: '' };
}

/** A new line of its own above a record. */
export function insertAbove({ document: { text } }: HbaFacts, { line }: HbaRecord, written: string): Edit {
  const newline = text.slice(line.start).match(/\r?\n/)?.[0] ?? '\n';
  return { span: { start: line.start, end: line.start }, text: written + newline };
}

/** Another method, without the options that only the old one knows. */
function methodEdits(record: HbaRecord, method: string): Edit[] {
  const strange = record.options.filter(({ name }) => !optionsOfEveryMethod.has(name));
  return [{ span: record.method.span, text: method }, ...strange.map((option) => removeOption(record, option.token))];
}

/** Keeps the form of the record: a mask column stays a mask column. */
function restrictToLoopback({ address }: HbaRecord): Fix | undefined {
  if (!address) return undefined;
  const six = address.kind === 'ip' && address.family === 6;
  const [host, bits] = six ? ['::1', 128] : ['127.0.0.1', 32];
  const [written, mask] = address.tokens;
  const edits: Edit[] = mask
    ? [{ span: written.span, text: host }, { span: mask.span, text: formatIp(new Uint8Array(bits / 8).fill(255)) }]
    : [{ span: written.span, text: `${host}/${bits}` }];
  return { title: `Let in only the server machine itself (${host}/${bits})`, safety: 'review', edits };
}

/** Not for the only record: the server does not start with an empty file. */
function commentOut({ document, file }: HbaFacts, { line }: HbaRecord): Fix | undefined {
  if (file.lines.length < 2) return undefined;
  const edits: Edit[] = [];
  for (let start = line.start; start < line.end; ) {
    edits.push({ span: { start, end: start }, text: '# ' });
    const newline = document.text.indexOf('\n', start);
    start = newline < 0 ? line.end : newline + 1;
  }
  return { title: 'Comment the record out', safety: 'review', edits };
}
