import type { Fix } from '../../rules/rule.ts';
import type { ServerCopy } from './copy-statements.ts';

/** psql's \copy in the place of COPY, for a command of one line that psql can read: it ends with its line. */
export function clientCopy({ command, keyword }: ServerCopy, text: string): readonly Fix[] {
  const { statement, inside } = command;
  const line = text.slice(text.lastIndexOf('\n', statement.span.start - 1) + 1, statement.span.start);
  const rest = /^[^\r\n]*/.exec(text.slice(statement.end))![0];
  if (inside !== 'file' || /[\r\n]/.test(statement.written.text) || line.trim() !== '' || rest.trim() !== '') return [];
  return [{ title: "Read and write on the client with psql's \\copy", safety: 'review', edits: [{ span: command.inFile(keyword), text: '\\copy' }] }];
}
