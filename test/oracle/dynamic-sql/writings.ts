/** A way to write a statement with values in it as PL/pgSQL that runs it and leaves the first column of the first row in `r`. */
export interface Writing {
  readonly id: string;
  write(sql: Sql): string;
  /** It wants a query that can be opened as a cursor. */
  readonly query?: true;
  readonly quoting?: 'single' | 'escape';
  /** A NULL decides what runs, so that it has to stay one. */
  readonly nulls?: true;
  /** Only values in quotes can be told apart there. */
  readonly body?: true;
}

/** Texts and, between them, the expressions of the values. */
export interface Sql {
  readonly texts: readonly string[];
  readonly values: readonly string[];
  /** The statement returns no rows. */
  readonly command: boolean;
}

export const writings: readonly Writing[] = [
  { id: '||', write: (sql) => execute(joined(pieces(sql, literal), ' || '), sql) },
  { id: '|| before each line', write: (sql) => execute(joined(pieces(sql, (text) => byLines(text, '\n      || ')), '\n      || '), sql) },
  { id: '|| behind each line', write: (sql) => execute(joined(pieces(sql, (text) => byLines(text, ' ||\n    ')), ' || '), sql) },
  { id: 'continued literals', write: (sql) => execute(joined(pieces(sql, (text) => byLines(text, '\n   ')), ' || '), sql) },
  { id: 'dollar quoted', write: (sql) => execute(joined(pieces(sql, (text) => `$s$${text}$s$`), ' || '), sql) },
  { id: 'escape strings', write: (sql) => execute(joined(pieces(sql, escape), '||'), sql) },
  { id: 'parentheses', write: (sql) => execute(`(${joined(pieces(sql, literal), ') || (')})`, sql) },
  { id: 'comments', write: (sql) => execute(joined(pieces(sql, (text) => byLines(text, ' -- and\n      || ')), ' || '), sql) },
  { id: 'concat()', write: (sql) => execute(`concat(${joined(pieces(sql, literal), ', ')})`, sql) },
  { id: 'format()', write: (sql) => execute(`format(${literal(template(sql, () => '%s'))}, ${sql.values.join(', ')})`, sql) },
  { id: 'format() by position', write: (sql) => execute(`format(${literal(template(sql, (index) => `%${sql.values.length - index}$s`))}, ${[...sql.values].reverse().join(', ')})`, sql) },
  { id: 'format(), dollar quoted', write: (sql) => execute(`format($s$${template(sql, () => '%s')}$s$,\n    ${sql.values.join(',\n    ')})`, sql) },
  { id: 'format() inside ||', write: (sql) => execute(`'' || format(${literal(template(sql, () => '%s'))}, ${sql.values.join(', ')})`, sql) },
  { id: 'a variable', write: (sql) => `q := ${joined(pieces(sql, literal), ' || ')}; ${execute('q', sql)}` },
  { id: 'a growing variable', write: (sql) => `q := ${literal(firstWord(sql))}; q := q || ${joined(pieces(withoutFirstWord(sql), literal), ' || ')}; ${execute('q', sql)}` },
  { id: 'a branch', write: (sql) => execute(`${literal(firstWord(sql))} || CASE WHEN cnt IS NULL THEN ${joined(pieces(withoutFirstWord(sql), literal), ' || ')} ELSE '' END`, sql) },
  { id: 'a record', query: true, write: (sql) => `EXECUTE ${joined(pieces(sql, literal), ' || ')} INTO rec; r := to_jsonb(rec)::text;` },
  { id: 'coalesce()', nulls: true, write: (sql) => execute(`${literal(firstWord(sql))} || coalesce(${joined(pieces(withoutFirstWord(sql), literal), ' || ')}, ' 77')`, sql) },
  { id: 'a part of concat()', nulls: true, write: (sql) => execute(`concat(${literal(firstWord(sql))}, ${joined(pieces(withoutFirstWord(sql), literal), ' || ')})`, sql) },
  { id: 'a part of format()', nulls: true, write: (sql) => execute(`format('%s%s', ${literal(firstWord(sql))}, ${joined(pieces(withoutFirstWord(sql), literal), ' || ')})`, sql) },
  { id: 'a variable that may be NULL', nulls: true, write: (sql) => `q := ${joined(pieces(sql, literal), ' || ')}; IF q IS NULL THEN RETURN 'none'; END IF; ${execute('q', sql)}` },
  { id: 'a body in dollar quotes', body: true, write: (sql) => `EXECUTE 'DO $b$ BEGIN ' || ${joined(pieces(sql, literal), ' || ')} || '; END $b$';` },
  { id: 'a body in quotes', body: true, write: (sql) => `EXECUTE ${joined(pieces({ ...sql, texts: inQuotes(sql.texts) }, literal), ' || ')};` },
  { id: 'a renamed value', write: (sql) => `v := ${sql.values[0]}; ${execute(joined(pieces({ ...sql, values: sql.values.map(() => 'v') }, literal), ' || '), sql)}` },
  { id: 'FOR', query: true, write: (sql) => `FOR rec IN EXECUTE ${joined(pieces(sql, literal), ' || ')} LOOP r := coalesce(r, '') || rec::text; END LOOP;` },
  { id: 'OPEN', query: true, write: (sql) => `OPEN cur FOR EXECUTE ${joined(pieces(sql, literal), ' || ')}; FETCH cur INTO r; CLOSE cur;` },
  { id: 'query_to_xml()', query: true, write: (sql) => `r := query_to_xml(${joined(pieces(sql, literal), ' || ')}, true, false, '')::text;` },
  { id: 'a quoted body', quoting: 'single', write: (sql) => execute(joined(pieces(sql, literal), ' || '), sql) },
  { id: 'a body with escapes', quoting: 'escape', write: (sql) => execute(joined(pieces(sql, literal), ' || '), sql) },
  { id: 'a format() in a quoted body', quoting: 'single', write: (sql) => execute(`format(${literal(template(sql, () => '%s'))}, ${sql.values.join(', ')})`, sql) },
];

/** `{x}` in a statement stands for the value of that name. */
export function readSql(written: string, expressionOf: (name: string) => string, command: boolean): Sql {
  const parts = written.split(/\{([a-z]\d*)\}/);
  return { texts: parts.filter((_, index) => index % 2 === 0), values: parts.filter((_, index) => index % 2 === 1).map(expressionOf), command };
}

function execute(expression: string, { command }: Sql): string {
  return `EXECUTE ${expression}${command ? '' : ' INTO r'}; GET DIAGNOSTICS cnt = ROW_COUNT; r := concat(r, '#', cnt);`;
}

function pieces({ texts, values }: Sql, quote: (text: string) => string): string[] {
  return texts.flatMap((text, index) => [...(text === '' ? [] : [quote(text)]), ...(values[index] === undefined ? [] : [values[index]])]);
}

function joined(parts: readonly string[], by: string): string {
  return parts.join(by);
}

function template({ texts }: Sql, specifier: (index: number) => string): string {
  return texts.map((text, index) => text.replaceAll('%', '%%') + (index < texts.length - 1 ? specifier(index) : '')).join('');
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function escape(text: string): string {
  return `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll(' ', '\\x20')}'`;
}

function inQuotes(texts: readonly string[]): string[] {
  const doubled = texts.map((text) => text.replaceAll("'", "''"));
  return doubled.map((text, index) => `${index === 0 ? `DO 'BEGIN ` : ''}${text}${index === texts.length - 1 ? `; END'` : ''}`);
}

/** A new line before every FROM and WHERE. */
function byLines(text: string, by: string): string {
  return text.split(/(?<= )(?=(?:FROM|WHERE|SET|VALUES|AND|ORDER BY) )/).map(literal).join(by);
}

function firstWord({ texts }: Sql): string {
  return texts[0]!.replace(/ .*$/s, '');
}

function withoutFirstWord(sql: Sql): Sql {
  const [first, ...others] = sql.texts;
  return { ...sql, texts: [first!.slice(firstWord(sql).length), ...others] };
}
