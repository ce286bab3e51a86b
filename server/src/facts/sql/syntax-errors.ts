import type { Document } from '../../document.ts';
import type { SqlFile, Statement, StatementText } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import { placeOf } from '../place.ts';
import { shift } from '../../text.ts';

export interface SyntaxError {
  /** The word at which PostgreSQL gives up; the last one when something is missing behind it. */
  readonly at: Span;
  /** In PostgreSQL's words, without what stands at that place. */
  readonly message: string;
  readonly atEnd: boolean;
}

/** A file with more is a dump of data: parsing it costs more than an error in it is worth. */
const mostStatements = 2_000;
const mostCharacters = 500_000;

/** The statements that PostgreSQL rejects; none where the text may be written for another program, or still has to be filled in. */
export function syntaxErrors(file: SqlFile, document: Document): readonly SyntaxError[] {
  const { statements, text } = file;
  if (!file.postgres || statements.length > mostStatements || text.length > mostCharacters) return [];
  const sure = isSure(document);
  if (!sure && (!ownSyntax.test(text) || relatives.test(text))) return [];
  if (isAssembled(file) || (!document.surelyPostgres && testFolder.test(placeOf(document)))) return [];
  const found = statements.flatMap((statement) => errorIn(statement) ?? []);
  if (found.length === 0 || sure) return found;
  const parsed = statements.filter(({ written }) => written.parsed.kind === 'tree');
  return found.length * 3 <= parsed.length + 2 && parsed.some(({ written }) => ownSyntax.test(written.text)) ? found : [];
}

/** The language, the name or the layout tells that nothing else will read it. */
function isSure({ path, set, surelyPostgres }: Document): boolean {
  return surelyPostgres === true || /\.(?:pgsql|plpgsql)$/i.test(path) || ['supabase', 'graphile-migrate', 'extension'].includes(set?.layout ?? '');
}

/** What only PostgreSQL and its relatives read. */
const ownSyntax = /\$(?:[A-Za-z_]\w*)?\$|[\w'")\]]::"?[A-Za-z_]|\bLANGUAGE\s+'?plpgsql\b|\bCREATE\s+EXTENSION\b|\bROW\s+LEVEL\s+SECURITY\b|\bCREATE\s+POLICY\b|\bALTER\s+DEFAULT\s+PRIVILEGES\b/i;

/** What only its relatives read: Redshift, Greenplum, CockroachDB, YugabyteDB, Snowflake, DuckDB, Materialize, Trino and others. */
const relatives = new RegExp(String.raw`\b(?:DISTKEY|SORTKEY|DISTSTYLE|DISTRIBUTED\s+(?:BY|RANDOMLY|REPLICATED)|UPSERT\s+INTO|INTERLEAVE\s+IN|SPLIT\s+(?:INTO|AT)|QUALIFY|TBLPROPERTIES`
  + String.raw`|STORED\s+AS|VARIANT|CLUSTER\s+BY|CREATE\s+(?:OR\s+REPLACE\s+(?:TABLE|SCHEMA|DATABASE|STAGE|TASK|STREAM|PIPE|WAREHOUSE|MACRO|EXTERNAL)|SOURCE|SINK|STAGE|WAREHOUSE|CHANGEFEED|MACRO)`
  + String.raw`|ENCODE\s+(?:zstd|lzo|az64|raw|bytedict)|SAMPLE\s*\(|STRUCT\s*<|ARRAY\s*<|DATASOURCE|PIVOT\s*\()`, 'i');

/** Tests hold statements that are meant to fail. */
const testFolder = /(?:^|\/)(?:tests?|regress|specs?|fixtures?|expected|isolation)\//i;

/** Templates, psql's \if and the preprocessor of C put files together from parts: what stands between their marks may be half a statement. */
function isAssembled({ text, statements }: SqlFile): boolean {
  if (/^(?:\\(?:if|elif|else)\b|#[ \t]*(?:include|define|undef|if|ifdef|ifndef|else|endif)\b)/m.test(text)) return true;
  return /\{%|<%|\{\{|\$\{/.test(text)
    && statements.some(({ written }) => written.tokens.some(({ kind, start }) => kind === 'template' && /^(?:\{[{%#]|<%|\$\{)/.test(written.text.slice(start, start + 2))));
}

/** Marks of psql, drivers, frameworks and people: what is there when the statement runs is not what is written. */
const placeholders = /\?|%s|%\(\w+\)|#\{|\.\.\.|…|\[\[|<\w+>|\b__\w+__\b|[[,(\s]:[A-Za-z_'"]|[[,(\s=]@@?[A-Za-z_]|\bsqlc\./;

function errorIn({ written, span }: Statement): SyntaxError | undefined {
  const { parsed, tokens } = written;
  if (parsed.kind !== 'error') return undefined;
  if (tokens.some(({ kind }) => kind === 'template' || kind === 'variable' || kind === 'meta' || kind === 'bad')) return undefined;
  if (placeholders.test(codeOf(written))) return undefined;
  const visible = tokens.filter(({ kind }) => kind !== 'comment');
  const found = visible.find(({ end }) => parsed.at < end);
  const at = found ?? visible.at(-1);
  if (at === undefined) return undefined;
  const message = parsed.message.replace(/ at (?:or near|end of input)[\s\S]*$/, '').replace(/\s*"[\s\S]*$/, '');
  return { at: shift({ start: at.start, end: Math.min(at.end, at.start + 200) }, span.start), message, atEnd: found === undefined };
}

/** The statement without comments and texts. */
function codeOf({ text, tokens }: StatementText): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { kind, start, end } of tokens) {
    if (kind !== 'comment' && kind !== 'string' && kind !== 'dollar') continue;
    pieces.push(text.slice(from, start));
    from = end;
  }
  return pieces.join(' ') + text.slice(from);
}
