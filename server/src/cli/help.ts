import type { CommandName } from './commands.ts';

export const help = `pgrampart finds security problems in pg_hba.conf, pg_ident.conf, postgresql.conf and PostgreSQL SQL.

Usage
  pgrampart scan [paths…]     look at files and folders (default: .)
  pgrampart who [options] pg_hba.conf
                              say which record lets a client in or turns it away, and why the records before it do not
  pgrampart diff [REF [REF]] [paths…]
                              say in words what a change does to security: who gets in, settings, roles, privileges, policies; needs git.
                              One REF: from where the branch parted from it to what is on disk (default: HEAD); two: from one to the other
  pgrampart init [folder]     write a pgrampart.jsonc, the project file, that says what was found and what could be said
  pgrampart rules             list all rules
  pgrampart explain ID        show the documentation of one rule
  pgrampart version           print the version
  pgrampart help [command]    show this text, or what of it concerns one command

Options of scan
  --format FORMAT[=FILE]      pretty (default), json, sarif, html, markdown, csv, junit, github, gitlab-sast, gitlab-codequality or
                              checkstyle, to standard output or to a file; repeatable: --format pretty --format sarif=out.sarif.
                              Without it: pretty, and github behind it where GITHUB_ACTIONS=true
  --pg-version N              PostgreSQL major version, 13 to 18, or auto (default): by PG_VERSION, folder names and container images, else 18
  --fail-on LEVEL             critical, high, medium (default), low, info or none: findings from here on make the command fail
  --max-findings N            more findings than these make the command fail, whatever their severity
  --fix                       apply fixes that change nobody's access and nothing that runs
  --fix-review                apply all fixes; read the difference before you use the files
  --diff                      with --fix and --fix-review: print the changes as a patch and write nothing; fails when there are any
  --in-place                  with --fix and --fix-review: also change migrations that git keeps, although they may have been applied
  --migrations PATTERN        SQL files of one database, as in db/migrations/*.sql; repeatable, in the order in which they are applied.
                              Needed only where their names do not tell the order
  --rule ID=LEVEL             change the severity of a rule, or switch it off: hba/trust-local=off, conf/*=info; repeatable
  --preset NAME               recommended (default), strict (adds what many do not want to hear of), cloud, extension or supabase; repeatable
  --exclude PATTERN           leave out files and folders, written as in .gitignore; repeatable
  --baseline FILE             problems that are accepted; by default the file that pgrampart.jsonc names
  --update-baseline           accept all problems that there are: write them to the baseline
  --prune-baseline            take out of the baseline what is no longer there
  --changed                   only what changed since the last commit brings in, untracked files as well; needs git
  --staged                    only what the next commit brings in: the files as git's index has them
  --since REF                 only what was brought in since the branch parted from REF, such as origin/main
  --config FILE               this project file for all files, its patterns seen from the current folder; by default the nearest pgrampart.jsonc
  --no-config                 read no project file
  --print-config FILE         say what counts for one file: version, presets, severities and options of all rules
  --list-files                say which files are looked at, one a line
  --no-gitignore              also look at files that git ignores
  --stdin                     read one text from standard input; with --fix and --fix-review the text goes fixed to standard output, and the
                              report to standard error
  --stdin-filename NAME       name of that text, which tells its language and its neighbours
  -q, --quiet                 one line per finding, no code, no summary
  --no-color                  no colours (also: NO_COLOR=1; FORCE_COLOR=1 shows them outside a terminal as well)
  -h, --help                  show this text

Options of who
  --role NAME                 the role that logs in; needed
  --database NAME             the database it asks for (default: named like the role)
  --replication               physical replication, which asks for no database
  --address IP                the address that the client comes from; this or --socket is needed
  --socket                    the client comes over the Unix-domain socket
  --tls, --gss                the connection is encrypted with TLS, or by GSSAPI
  --member-of A,B             all groups of the role, direct or not; --member-of= for none
  --client-name NAME          the DNS name of the address, for records with host names
  --pg-version N              as for scan
  --json                      the answer for programs

Options of diff
  --format FORMAT             pretty (default), markdown for a pull request, or json
  --migrations, --pg-version  as for scan

Exit codes of scan
  0  no finding at or above --fail-on
  1  findings at or above --fail-on, or more than --max-findings; with --diff: there is something to fix
  2  the command line or a project file is wrong
  3  internal error, a named path cannot be read, a file needs more memory than there is, or a report cannot be written

Exit codes of diff
  0  compared, whatever changed
  2  the command line or a project file is wrong, or git cannot tell
  3  internal error

Exit codes of who
  0  a record lets the client in, if it passes the method of the record
  1  the client is turned away, by a record or because none matches
  2  the command line is wrong
  3  undecided, the server refuses the file, or it cannot be read
`;

/** What of it concerns one command. */
export function helpOf(command: CommandName): string {
  const [, usage = '', ...blocks] = help.trimEnd().split('\n\n');
  const entry = new RegExp(`^  pgrampart ${command}\\b.*\\n?(?: {6}.*\\n?)*`, 'm').exec(usage)![0].trimEnd();
  return `${[`Usage\n${entry}`, ...blocks.filter((block) => block.split('\n', 1)[0]!.endsWith(` of ${command}`))].join('\n\n')}\n`;
}
