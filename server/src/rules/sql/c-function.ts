import { isWorldWritable } from '../../facts/conf/unsafe-paths.ts';
import { isDump } from '../../facts/sql/dumps.ts';
import { literalOf } from '../../facts/sql/sql-literals.ts';
import { Cursor } from '../../facts/sql/cursor.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Function in C from a library outside of the server\'s own folder',
  why: `The server loads the library into its own process when the function is first called. Whoever may write that file, or a folder on the way to it, \
runs code as the server and with all its data; the server's own library folder belongs to root.`,
  fixing: `The fix names the library in $libdir, the server's own folder. Put the library there, owned by root, before you apply it.`,
  cwe: [427, 114],
  references: ['https://www.postgresql.org/docs/current/xfunc-c.html#XFUNC-C-DYNLOAD'],
  examples: [
    {
      bad: "CREATE FUNCTION app.crc(bytea) RETURNS int AS «'/home/deploy/lib/crc.so'», 'crc' LANGUAGE c STRICT;\n",
      fixed: "CREATE FUNCTION app.crc(bytea) RETURNS int AS '$libdir/crc', 'crc' LANGUAGE c STRICT;\n",
    },
    { bad: "CREATE FUNCTION app.crc(bytea) RETURNS int LANGUAGE C AS «'/tmp/crc'»;\n", fixed: "CREATE FUNCTION app.crc(bytea) RETURNS int LANGUAGE C AS '$libdir/crc';\n", because: 'Everybody on the machine may write there: high.' },
    { bad: "LOAD «'/var/tmp/audit.so'»;\n", fixed: "LOAD '$libdir/audit';\n", because: 'LOAD runs what the library does when it is loaded.' },
    { good: "CREATE FUNCTION f(int) RETURNS int AS '$libdir/app/f', 'f' LANGUAGE c;\nLOAD 'auto_explain';\nLOAD '$libdir/plugins/hook';\n" },
    { good: "CREATE FUNCTION f(int) RETURNS int AS 'MODULE_PATHNAME', 'f' LANGUAGE c;\nCREATE FUNCTION g(int) RETURNS int AS '@libdir@/g', 'g' LANGUAGE c;\n", because: 'The extension or a template says where.' },
    { good: "CREATE FUNCTION f() RETURNS text AS '/home/a' LANGUAGE plsh;\nCREATE FUNCTION g() RETURNS text LANGUAGE sql AS $$ SELECT '/tmp/a' $$;\n", because: 'These bodies are no libraries.' },
    { good: "CREATE FUNCTION make_cast(t regtype) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('CREATE FUNCTION c(%s) RETURNS v LANGUAGE c AS ''$libdir/v''', t); END $$;\n", because: 'Only the statement that it builds is in C.' },
  ],
  *check({ commands, document, replaced }) {
    if (!/\blanguage\s+["']?c\b|\bload\b/i.test(document.text) || isDump(document)) return;
    for (const command of commands) {
      if (replaced.has(command.statement)) continue;
      const library = libraryOf(Cursor.over(command.written), command.written.head);
      if (!library || /[{}@<]/.test(library.value) || !/^(?!\$libdir\/)[^$].*[/\\]/s.test(library.value)) continue;
      const name = /([^/\\]+?)(\.(so|dll|dylib))?$/i.exec(library.value)![1]!;
      const text = command.quote(`'$libdir/${name}'`);
      const at = command.inFile(library);
      const open = isWorldWritable(library.value);
      yield {
        at, ...(open ? { severity: 'high' as const } : serverFolder.test(library.value) && { severity: 'low' as const }),
        message: open ? 'Everybody on the machine can replace this library, which runs as the server' : 'Whoever can replace this library runs code as the server',
        fixes: text === undefined ? [] : [{ title: "Load it from the server's own folder ($libdir)", safety: 'review', edits: [{ span: at, text }] }],
      };
    }
  },
});

/** Where a server of its own is installed, as its $libdir is written out. */
const serverFolder = /\/(pg|pgsql|postgres(ql)?|edb-as)[-_.\d]*\/([\d.]+\/)?lib(64)?\/(postgresql\/)?[^/]+$|\/lib\/postgresql\/[\d.]+\/lib\/[^/]+$/i;

function libraryOf(cursor: Cursor, head: string) {
  if (/^LOAD\b/i.test(cursor.text)) return literalOf(cursor.token(1), cursor.text);
  if (!/^CREATE (OR REPLACE )?(FUNCTION|PROCEDURE)$/.test(head)) return undefined;
  let library: ReturnType<typeof literalOf>;
  let compiled = false;
  for (; !cursor.done; cursor.index++) {
    if (cursor.word() === 'AS') library ??= literalOf(cursor.token(1), cursor.text);
    compiled ||= cursor.word() === 'LANGUAGE' && /^["']?c["']?$/i.test(cursor.here(1));
  }
  return compiled ? library : undefined;
}
