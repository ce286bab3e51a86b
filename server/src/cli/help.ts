export const help = `pgrampart finds security problems in pg_hba.conf, pg_ident.conf, postgresql.conf and PostgreSQL SQL.

Usage
  pgrampart scan [paths…]     look at files and folders (default: .)
  pgrampart rules             list all rules
  pgrampart explain ID        show the documentation of one rule
  pgrampart version           print the version

Options of scan
  --format FORMAT             pretty (default), json or sarif
  --pg-version N              PostgreSQL major version, 13 to 18, or auto (default): PG_VERSION beside the file, else 18
  --fail-on LEVEL             critical, high, medium (default), low, info or none: findings from here on make the command fail
  --fix                       apply fixes that change nobody's access and nothing that runs
  --fix-review                apply all fixes; read the difference before you use the files
  --rule ID=LEVEL             change the severity of a rule, or switch it off: hba/trust-local=off, conf/*=info; repeatable
  --preset NAME               recommended (default), strict (adds what many do not want to hear of) or cloud; repeatable
  --exclude PATTERN           leave out files and folders, written as in .gitignore; repeatable
  --no-gitignore              also look at files that git ignores
  --stdin                     read one text from standard input
  --stdin-filename NAME       name of that text, which tells its language and its neighbours
  -q, --quiet                 one line per finding, no code, no summary
  --no-color                  no colours (also: NO_COLOR=1; there are none outside a terminal)
  -h, --help                  show this text

Exit codes
  0  no finding at or above --fail-on
  1  findings at or above --fail-on
  2  the command line is wrong
  3  internal error, or a named path cannot be read
`;
