import type { Document, SetFile } from '../document.ts';
import type { Related } from '../rules/rule.ts';
import type { SqlFile, Statement, StatementText } from '../syntax/sql/statements.ts';
import { contains, type Span } from '../text.ts';
import { findDynamicSql } from './flow.ts';
import type { DynamicSql, FlowOptions, Risk } from './flow.ts';
import { fileOf, readFile, readSchema } from './replay/read-schema.ts';
import type { Objects, Place, Routine, Schema } from './schema.ts';
import { isBehindApi, isClosed, isManagedSchema } from './sql/api.ts';
import { isDump } from './sql/dumps.ts';
import { sqlCommands } from './sql/sql-commands.ts';
import type { SqlCommand } from './sql/sql-commands.ts';
import { isAdministrator, isTrustedRole } from './sql/trusted-roles.ts';
import { readRoutine } from './sql/routine-text.ts';
import { remembered } from './remembered.ts';
import { replacedIn } from './replay/replaced.ts';

/** What a SQL file means. Everything is computed on first use. */
export interface SqlFacts {
  readonly document: Document;
  readonly file: SqlFile;
  /** Every command that the file runs or stores in a routine, unless a later statement replaces or drops the routine. */
  readonly commands: readonly SqlCommand[];
  /** What the files of the document's set leave behind, or the document alone, after replaying their statements in order. */
  readonly schema: Schema;
  /** Of that, what has a part that stands in this document. */
  readonly objects: Objects;
  /** `objects.routines` */
  readonly routines: readonly Routine[];
  /** The place is in this document, so that a finding can stand there. */
  here(place: Place): boolean;
  /** A place as it is named beside a finding, with its file when that is another one. */
  related(place: Place, message: string): Related;
  /** The statements of this document that make a routine which a later one replaces, or a later file drops: its body never runs again. */
  readonly replaced: ReadonlySet<Statement>;
  /** Every place where text runs as SQL, but for routines that a later statement replaces. */
  readonly dynamicSql: readonly DynamicSql[];
  dynamicSqlWith(options: FlowOptions): readonly DynamicSql[];
}

export function sqlFacts(document: Document): SqlFacts {
  return new LazyFacts(document);
}

class LazyFacts implements SqlFacts {
  readonly document: Document;
  #file: SqlFile | undefined;
  #commands: readonly SqlCommand[] | undefined;
  #schema: Schema | undefined;
  #replaced: ReadonlySet<Statement> | undefined;
  readonly #dynamicSql = new Map<string, readonly DynamicSql[]>();

  constructor(document: Document) {
    this.document = document;
  }

  get file(): SqlFile {
    return this.#file ??= readFile(this.document);
  }

  get commands(): readonly SqlCommand[] {
    return this.#commands ??= sqlCommands(this.file).filter(({ inside, statement }) => inside !== 'routine' || !this.replaced.has(statement));
  }

  get replaced(): ReadonlySet<Statement> {
    return this.#replaced ??= replacedIn(this.document, this.file, this.schema);
  }

  get schema(): Schema {
    return this.#schema ??= readSchema(this.document, this.file);
  }

  get objects(): Objects {
    return this.schema.in(this.document.path);
  }

  get routines(): readonly Routine[] {
    return this.objects.routines;
  }

  here(place: Place): boolean {
    return place.path === this.document.path;
  }

  related(place: Place, message: string): Related {
    return this.here(place) ? { at: place.at, message } : { path: place.path, at: place.at, message };
  }

  get dynamicSql(): readonly DynamicSql[] {
    return this.dynamicSqlWith({});
  }

  dynamicSqlWith({ trusted = [], sinks = [] }: FlowOptions): readonly DynamicSql[] {
    const key = JSON.stringify([trusted, sinks]);
    const known = this.#dynamicSql.get(key) ?? this.#findDynamicSql({ trusted, sinks });
    this.#dynamicSql.set(key, known);
    return known;
  }

  #findDynamicSql(options: FlowOptions): readonly DynamicSql[] {
    const found = findDynamicSql(this.file, options, explaining(this.document)).filter(({ statement }) => ![...this.replaced].some(({ span }) => contains(span, statement.start)));
    const dump = found.length > 0 && isDump(this.document);
    const hidden = found.length > 0 && isBehindApi(this);
    const closed = found.length === 0 ? [] : this.routines.filter((routine) => this.here(routine.place)
      && ((isClosed(this, routine, administers) && !this.#isGivenElsewhere(routine)) || (dump && isManagedSchema(routine.schema)) || isHiddenByApi(this, routine))).map(({ created }) => created.span);
    const dropped = this.#droppedAround(found);
    const quiet = [...closed, ...dropped];
    return found.map((site) => (!site.madeInside && quiet.some((span) => contains(span, site.statement.start)) ? { ...site, risks: site.risks.map(forOwner) } : hidden ? { ...site, risks: site.risks.map(behindApi) } : site));
  }

  /** Files without an order count only as far as they take rights away, and what a block may do counts no more: a GRANT in one of them has to be looked for. */
  #isGivenElsewhere({ name }: Routine): boolean {
    const { set, path } = this.document;
    const isGiven = ({ objects, roles }: Given): boolean => (objects.startsWith('all') || objects.includes(name.toLowerCase())) && roles.some((role) => !administers(role));
    const others = set === undefined || set.ordered ? [] : set.files.filter((file) => file.path !== path);
    const blocks = (set?.ordered ? set.files : [this.document]).filter(({ text }) => /\bgrant\b/i.test(text) && /\bdo\b/i.test(text)).flatMap((file) => blocksIn(file.path === path ? this.file : fileOf(file)));
    return [...others.map(givenIn), ...blocks.map(givenInBlock)].some((given) => given.some(isGiven));
  }

  /** Of the statements around these, those that make a routine which this file drops again: a helper of the script. What later files drop is `replaced`. */
  #droppedAround(found: readonly DynamicSql[]): readonly Span[] {
    const around = this.file.statements.filter(({ span }) => found.some(({ statement }) => contains(span, statement.start)));
    const gone = around.flatMap(({ written, span }) => {
      const routine = readRoutine(written);
      const name = routine?.name.parts.at(-1)?.name;
      const types = routine?.parameters.map(({ type }) => type).join();
      return name === undefined || this.schema.routines.some((other) => other.name === name && other.types.join() === types) ? [] : [{ name, span }];
    });
    if (gone.length === 0) return [];
    const drops = dropsIn(this.document.text);
    return gone.filter(({ name }) => drops.some((drop) => drop.toLowerCase().includes(name.toLowerCase()))).map(({ span }) => span);
  }
}

function dropsIn(text: string): readonly string[] {
  return text.match(/\bdrop\s+(?:function|procedure|routine)\b[^;]*/gi) ?? [];
}

interface Given {
  /** As they are written, in lower case. */
  readonly objects: string;
  readonly roles: readonly string[];
}

const givenIn = remembered(({ text }: SetFile): readonly Given[] => readGiven(text));
const givenInBlock = remembered(({ text }: StatementText): readonly Given[] => readGiven(text));

function blocksIn({ statements }: SqlFile): readonly StatementText[] {
  return statements.flatMap(({ written }) => (written.head === 'DO' ? [written] : []));
}

function readGiven(text: string): readonly Given[] {
  return [...text.matchAll(/\bgrant\s+(?:execute|all)\b[^;]*?\bon\s+((?:all\s+)?(?:function|procedure|routine)s?\b[^;]*?)\bto\s+([^;]*)/gi)]
    .map(([, objects, roles]) => ({ objects: objects!.toLowerCase(), roles: roles!.toLowerCase().split(',').map((role) => role.trim().replace(/^(?:group\s+)?"?|"?(?:\s.*)?$/gs, '')) }));
}

function administers(role: string): boolean {
  return isTrustedRole(role) || isAdministrator(role);
}

/** No request reaches it: it stands in a schema that an API does not show, by its name, and has no rights but its caller's. Hasura's own code is fed by Hasura alone. */
function isHiddenByApi(facts: SqlFacts, { schema = '', definer }: Routine): boolean {
  return /^hdb_(views|catalog)$/.test(schema) || (!definer && /(^|_)(private|internal|hidden|utils?)(_|$)/.test(schema) && isBehindApi(facts));
}

/**
 * What such a caller puts into a statement is a mistake, and no attack, and the owner's rights give whoever names an object no more than that caller's own would;
 * what a platform made and a dump only shows, nobody here can mend.
 */
function forOwner(risk: Risk): Risk {
  return risk.origin === 'row' ? risk : lowered(risk);
}

/** Who comes through an API names no object and creates no trigger. */
function behindApi(risk: Risk): Risk {
  return risk.origin === 'catalog' || risk.origin === 'trigger' ? lowered(risk) : risk;
}

function lowered(risk: Risk): Risk {
  const { at, problem, origin, severity, message, related } = risk;
  if (severity === 'info' || severity === 'low') return risk;
  return { at, problem, origin, severity: 'low', message, related, get fixes() { return risk.fixes; } };
}

/** In characters; what more files say about the routines that a file calls is not worth waiting for. */
const mostExplaining = 2_000_000;

/** The files of the set that may say what a routine or a column is that this one uses. */
function explaining({ set, path, text }: Document): readonly SqlFile[] {
  if (!set || !mayHaveBody.test(text)) return [];
  const files: SqlFile[] = [];
  let size = 0;
  for (const other of set.files) {
    if (other.path === path || !explains.test(other.text)) continue;
    size += other.text.length;
    if (size > mostExplaining) break;
    files.push(fileOf(other));
  }
  return files;
}

const mayHaveBody = /\b(?:function|procedure|do)\b/i;
const explains = /\bcreate\s+(?:or\s+replace\s+)?(?:function|procedure|(?:unlogged\s+)?table|type|domain|(?:materialized\s+)?view)\b/i;
