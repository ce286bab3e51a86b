import { Cursor } from '../../facts/sql/cursor.ts';
import { isDump } from '../../facts/sql/dumps.ts';
import type { SqlCommand } from '../../facts/sql/sql-commands.ts';
import { isTrialPath } from '../../facts/place.ts';
import { removeStatement } from '../../facts/sql/sql-edits.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Code in a language that may do everything the server may',
  why: `A body in plpython3u, plperlu, pltclu or plsh runs in the server with its operating system account: files, programs and the network are open to it. \
An injection into such a function is not one into the database but into the machine, and whoever may change it owns all databases of the server.`,
  fixing: 'The fix leaves the statement out that makes the language trusted; where it has run, set lanpltrusted to false again. Code in such a language a person has to write anew.',
  cwe: [250, 269],
  references: ['https://www.postgresql.org/docs/current/plpython.html', 'https://www.postgresql.org/docs/current/plperl-trusted.html', 'https://www.postgresql.org/docs/current/sql-createlanguage.html'],
  examples: [
    { bad: 'CREATE FUNCTION app.ping(host text) RETURNS int LANGUAGE «plpython3u» AS $$ import os; return os.system("ping " + host) $$;\n', because: 'Every caller runs programs.' },
    { bad: "CREATE FUNCTION app.f() RETURNS text AS $$ return `id`; $$ LANGUAGE «plperlu»;\n", good: "CREATE FUNCTION app.f() RETURNS text AS $$ return 'id'; $$ LANGUAGE plperl;\n", because: 'The trusted sibling has no files, programs and modules.' },
    { bad: "DO LANGUAGE «plsh» $$ #!/bin/sh\nid $$;\n" },
    { bad: "UPDATE pg_language SET «lanpltrusted = true» WHERE lanname = 'plpython3u';\n", fixed: '', because: 'From now on every role may write such code: high.' },
    { bad: "CREATE «TRUSTED» LANGUAGE plpython3u HANDLER plpython3_call_handler;\n", because: 'From now on every role may write such code: high.' },
    { good: 'CREATE FUNCTION app.f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;\nDO LANGUAGE plperl $$ $$;\n' },
    { good: 'CREATE FUNCTION app.plpython3u(language text) RETURNS text LANGUAGE sql AS $$ SELECT language $$;\n', because: 'A function and its parameter may be called so.' },
    { good: 'DO LANGUAGE plluau $$ $$;\n', because: 'There is no code: it loads the library.' },
    { good: "CREATE LANGUAGE plr HANDLER plr_call_handler;\nCREATE FUNCTION r_version() RETURNS text LANGUAGE plr AS $$ version$version.string $$;\n", because: 'It is the script of the language itself.' },
    { good: "--\n-- PostgreSQL database dump\n--\nCREATE FUNCTION app.f() RETURNS int LANGUAGE plpython3u AS $$ return 1 $$;\n", because: 'A dump repeats what is decided elsewhere.' },
  ],
  *check({ commands, document }) {
    if (!/\b(pl\w+u|plsh|plr|lanpltrusted|language)\b/i.test(document.text) || isDump(document)) return;
    // Once is enough to make somebody look at the file.
    let told = isTrialPath(document);
    // The script that brings a language along may use it.
    const made = new Set(commands.flatMap(({ written }) => /^create\s+(?:or\s+replace\s+)?(?:procedural\s+)?language\s+["']?(\w+)/i.exec(written.text.trimStart())?.[1]?.toLowerCase() ?? []));
    for (const command of commands) {
      const { head, text } = command.written;
      if (!/^(CREATE( OR REPLACE)?( TRUSTED)?( PROCEDURAL)? (FUNCTION|PROCEDURE|LANGUAGE)|CREATE( OR REPLACE)? TRUSTED|DO$|UPDATE)/.test(head)) continue;
      const cursor = Cursor.over(command.written);
      if (head.startsWith('UPDATE')) {
        const trusts = /\bpg_language\b[^;]*?\bset\b[^;]*?(\blanpltrusted\s*=\s*(?:true|'t(?:rue)?'|'1'|'y(?:es)?'|'on')(?:::\w+)?)/i.exec(text);
        if (!trusts) continue;
        const start = trusts.index + trusts[0].length - trusts[1]!.length;
        yield {
          at: command.inFile({ start, end: start + trusts[1]!.length }), severity: 'high', message: everybody,
          fixes: command.inside === 'file' ? [{ title: 'Leave the statement out', safety: 'review', edits: [removeStatement(document.text, command.statement.span)] }] : [],
        };
        continue;
      }
      const found = languageOf(cursor);
      if (!found || (!found.trusts && (isEmpty(command) || made.has(found.name)))) continue;
      if (found.trusts) {
        yield { at: command.inFile(found.at), severity: 'high', message: everybody };
        continue;
      }
      const quiet = told || isHarmless(command, found.name);
      yield { at: command.inFile(found.at), ...(quiet && { severity: 'low' as const }), message: "This code runs with the server's own account: files, programs and the network are open to it" };
      told ||= !quiet;
    }
  },
});

const everybody = "Every role can write code that runs with the server's own account from now on";
const untrusted = /^(pl(python[23]?|perl|tcl|lua|rust|v8x)u|plsh|plr|plpython)$/;

/** It only computes: with the rights of whoever calls it, and nothing that somebody hands in reaches the machine, an interpreter or SQL. */
function isHarmless({ written: { head, text, body } }: SqlCommand, language: string): boolean {
  if (body === undefined || /^plsh$/.test(language) || /\bsecurity\s+definer\b/i.test(text)) return false;
  const steers = reachesOut.test(body.text);
  const given = !/^DO$/.test(head) && !/\b(?:function|procedure)\s+[\w".]+\s*\(\s*\)(?!\s*returns\s+(?:trigger|event_trigger)\b)/i.test(text);
  return !steers || (!given && !readsSql.test(body.text));
}

/** Files, programs, the network, interpreters, and SQL that is no constant, in the languages of `untrusted`. */
const reachesOut = new RegExp([
  String.raw`\b(?:import|from|use|require|library|package)\s*\(?\s*["'{]?(?:os|sys|io|subprocess|shutil|socket|ctypes|pickle|marshal|glob|pathlib|tempfile|smtplib|ftplib|telnetlib|paramiko|requests|urllib\w*|http\w*|importlib|multiprocessing|LWP|IO|IPC|Net|File|POSIX|DBI|http|exec)\b`,
  String.raw`\b(?:os|sys|subprocess|shutil|socket)\s*\.`, String.raw`\b(?:open|eval|exec|execfile|compile|system|popen|input|__import__|getattr|unlink|qx|sysopen|spawn|fork|file|source|glob|pickle)\b\s*[({'"\[<]?`, '`',
  String.raw`\bplpy\s*\.\s*(?:execute|prepare|cursor)\s*\(\s*(?!["']{1,3}[^"']*["']{1,3}\s*[,)]|\w*plan\b)`, String.raw`\bspi_(?:exec\w*|prepare|query)\s*\(?\s*(?!["'][^"'$]*["']\s*[,)])`,
].join('|'));
const readsSql = /\b(?:plpy\s*\.\s*(?:execute|cursor)|spi_\w+|pg\.spi)\b/;

/** `DO LANGUAGE plluau $$ $$` only loads the library. */
function isEmpty({ written: { body } }: SqlCommand): boolean {
  return body !== undefined && body.text.trim() === '';
}

/** The untrusted language of a body at depth 0, or the word TRUSTED in front of one that is not. */
function languageOf(cursor: Cursor) {
  let trusted;
  for (let depth = 0; !cursor.done; cursor.index++) {
    const here = cursor.here();
    if (here === '(') depth++;
    if (here === ')') depth--;
    if (depth !== 0) continue;
    if (cursor.word() === 'TRUSTED') trusted = cursor.token()!;
    if (cursor.word() !== 'LANGUAGE') continue;
    cursor.index++;
    const name = cursor.part();
    if (!name || !untrusted.test(name.name.toLowerCase())) return undefined;
    if (trusted) return { at: trusted, trusts: true, name: name.name };
    // CREATE LANGUAGE itself is what CREATE EXTENSION does, and told of there.
    return /^create\s+(or\s+replace\s+)?(procedural\s+)?language\b/i.test(cursor.text) ? undefined : { at: { start: name.start, end: name.end }, trusts: false, name: name.name.toLowerCase() };
  }
  return undefined;
}
