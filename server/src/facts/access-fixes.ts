import { formatIp } from '../syntax/address.ts';
import type { HbaRecord } from '../syntax/hba.ts';
import type { Fix } from '../rules/rule.ts';
import type { Edit } from '../text.ts';
import type { HbaFacts } from './access.ts';

/** What can be done about a record that lets clients in without a password, the recommended way first. */
export function remoteTrustFixes(facts: HbaFacts, record: HbaRecord): Fix[] {
  return [requireMethod(record, 'scram-sha-256'), restrictToLoopback(record), commentOut(facts, record)].filter((fix) => fix !== undefined);
}

export function requireMethod(record: HbaRecord, method: 'scram-sha-256' | 'peer'): Fix {
  const note = method === 'peer' ? 'account and role of the same name' : 'roles must have SCRAM secrets';
  return { title: `Require ${method} (${note})`, safety: 'review', edits: [{ span: record.method.span, text: method }] };
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
