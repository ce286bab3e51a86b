import { clientCopy } from '../../facts/sql/client-copy.ts';
import { serverCopies, type ServerCopy } from '../../facts/sql/copy-statements.ts';
import type { ExecutedCommand } from '../../facts/sql/executed-text.ts';
import { isTrialPath } from '../../facts/place.ts';
import { asInvoker, runsAsOwner } from '../../facts/sql/invoker.ts';
import type { SqlCommand } from '../../facts/sql/sql-commands.ts';
import { closing, nameOf, splitAtCommas } from '../../facts/sql/tokens.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'COPY runs a program on the server',
  why: `The program runs with the operating system account of the server, which can read and change every database of it. Whoever may create \
or call this, or replace the program, is on the machine; tools that break into databases look for exactly this command.`,
  fixing: `The first fix turns the command into psql's \\copy: the program then runs on the machine and with the rights of whoever runs psql. \
The file has to be run by psql, and the program and its files have to be there.`,
  cwe: [78, 250],
  references: ['https://www.postgresql.org/docs/current/sql-copy.html', 'https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-META-COMMANDS-COPY'],
  examples: [
    { bad: "COPY app.rates FROM «PROGRAM 'curl -s https://rates.example/today'» WITH (FORMAT csv);\n", fixed: "\\copy app.rates FROM PROGRAM 'curl -s https://rates.example/today' WITH (FORMAT csv);\n" },
    {
      bad: "CREATE FUNCTION app.run(cmd text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN EXECUTE format('COPY app.o FROM «PROGRAM %L»', cmd); END $$;\n",
      because: 'Every caller runs what they like.',
    },
    { bad: "DO $$ BEGIN EXECUTE 'COPY o FROM «PROGRAM ''id''»'; END $$;\n", because: 'The text that EXECUTE runs is written out.' },
    { bad: "COPY (SELECT * FROM app.log)\n  TO «PROGRAM 'gzip > /var/backups/log.gz'»;\n" },
    {
      bad: "CREATE FUNCTION app.load(n int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('COPY o FROM «PROGRAM ''/opt/report %s''»', n); END $$;\n",
      because: 'A number chooses no program: it is always this one.',
    },
    { good: "\\copy app.rates FROM PROGRAM 'curl -s https://rates.example/today' WITH (FORMAT csv)\n", because: 'psql runs the program on the client.' },
    { good: 'COPY app.rates FROM STDIN;\n1\tprogram\n\\.\n', because: 'The data come from the client.' },
    { good: 'COPY app.program (program) TO STDOUT;\n', because: 'A table may be called program.' },
  ],
  *check(facts) {
    for (const copy of serverCopies(facts)) {
      if (!copy.program) continue;
      const once = copy.target !== undefined && copy.command.inside !== 'routine';
      const trial = isTrialPath(facts.document) || (once && !reaching.test(copy.target!));
      yield {
        at: copy.command.inFile(copy.at), ...judge(copy, trial, takesNumbers(facts, copy)),
        ...(once && isInitScript.test(facts.document.path) && { severity: 'low' as const }),
        fixes: [...clientCopy(copy, facts.document.text), ...asInvoker(copy.command)],
      };
    }
  },
});

/** Runs once, when a container makes its cluster, with nobody there but the one who wrote it. */
const isInitScript = /(^|\/)([^/]*[-_])?initdb\.d([-_][^/]*)?\//;

/** Programs that reach beyond the table: the network, a shell, what others may replace, what an intruder looks for; and what a template fills in. */
const reaching = new RegExp([
  String.raw`\b(curl|wget|nc|ncat|netcat|socat|ssh|scp|sftp|ftp|rsync|telnet|sudo|su|chmod|chown|base64|powershell|whoami|id|uname|ifconfig|printenv|env|crontab)\b`,
  String.raw`\b(python[\d.]*|perl|ruby|node|php|\w*sh)\s+-[ce]\b|\|\s*\w*sh\b`, 'https?:', String.raw`/dev/tcp|/tmp/|/etc/|\.ssh\b`, '[;&`${}@<]',
].join('|'), 'i');

/** `format('… PROGRAM ''/usr/bin/report %s''', n)`: nothing but numbers come into the text of the program. */
function takesNumbers(facts: SqlFacts, { command, at }: ServerCopy): boolean {
  const place = command.inFile(at);
  const places = facts.document.text.slice(place.start, place.end).match(/%(?:\d+\$)?[sIL]/g) ?? [];
  if (places.length === 0 || places.some((one) => !one.endsWith('s'))) return false;
  return facts.dynamicSql.some(({ expression, risks }) => expression.start <= place.start && place.end <= expression.end && risks.length === 0);
}

function judge({ command, target }: ServerCopy, trial: boolean, fixed: boolean) {
  const definer = runsAsOwner(command);
  const open = command.inside === 'routine' && target === undefined && !fixed;
  if (open && definer && takesParameter(command)) {
    return { severity: 'critical' as const, message: "Whoever may call this runs programs of their choice with the server's own account" };
  }
  return {
    ...(trial && { severity: 'medium' as const }),
    message: open ? 'A program that is put together here runs on the server, with its own account' : "This runs a program on the server, with the rights of the server's own account",
  };
}

/** A parameter of the routine stands in the EXECUTE. */
function takesParameter({ statement: { written }, ...command }: SqlCommand): boolean {
  const { operands = [] } = command as Partial<ExecutedCommand>;
  const tokens = written.tokens.filter(({ kind }) => kind !== 'comment');
  const open = tokens.findIndex((token) => written.text[token.start] === '(');
  return splitAtCommas(tokens.slice(open + 1, closing(tokens, open, written.text)), written.text).some((parameter) => {
    const names = parameter.map((token) => nameOf(token, written.text)).filter((name) => !/^(in|out|inout|variadic)$/.test(name));
    return names.length > 1 && operands.includes(names[0]!);
  });
}
