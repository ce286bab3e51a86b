import type { Statement } from '../syntax/sql/statements.ts';
import { shift } from '../text.ts';
import { Cursor } from './cursor.ts';
import type { Name, NamePart } from './cursor.ts';
import { createdObjects } from './created-objects.ts';
import { readParameters } from './parameters.ts';
import { isPublic, readGrant } from './grants.ts';
import type { Grant } from './grants.ts';
import { readChanges, readPathChange, readRoutine, targetOf } from './routine-text.ts';
import type { PathChange, RoutineChanges, RoutineText } from './routine-text.ts';
import type { Creator, ObjectKind, Place, PublicExecute, Routine, RoutinePath } from './schema.ts';

/** Everything that ROLLBACK brings back. The values are replaced, never changed, so a copy of the maps is enough. */
interface State {
  routines: Map<string, readonly Known[]>;
  objects: Map<string, ReadonlySet<string | undefined>>;
  creators: Map<string, readonly Creator[]>;
  closed: Set<string>;
  /** The session's search_path; undefined while the file has not set it. */
  path: readonly NamePart[] | undefined;
  localPath: readonly NamePart[] | undefined;
  role: string | undefined;
  /** Roles (`''`: the current one) whose new routines are not open to PUBLIC. */
  closedDefaults: Set<string>;
}

/** A routine and the transaction that created it; 0 stands for none. */
interface Known {
  readonly routine: Routine;
  readonly transaction: number;
}

/** The names in which a statement speaks of a routine. */
interface Reference {
  readonly name: Name;
  /** Undefined: the statement gives no parameter list. */
  readonly types: readonly string[] | undefined;
}

/** Runs statements in thought and remembers what they leave behind. */
export class Replay {
  #state: State = {
    routines: new Map(), objects: new Map(), creators: new Map(), closed: new Set(),
    path: undefined, localPath: undefined, role: undefined, closedDefaults: new Set(),
  };
  #before: State | undefined;
  #savepoints: { readonly name: string; readonly state: State }[] = [];
  #transaction = 0;
  #transactions = 0;

  run(statement: Statement): void {
    const cursor = Cursor.over(statement.written);
    switch (cursor.word()) {
      case 'CREATE': return this.#create(statement);
      case 'ALTER': return this.#alter(statement, cursor);
      case 'DROP': return this.#drop(cursor);
      case 'GRANT': case 'REVOKE': return this.#grant(statement, cursor);
      case 'SET': case 'RESET': return this.#set(cursor);
      case 'SELECT': return this.#setConfig(statement, cursor);
      default: return this.#transactionControl(cursor);
    }
  }

  routines(): Routine[] {
    return [...this.#state.routines.values()].flat().map((known) => known.routine);
  }

  homes(kind: ObjectKind, name: string): ReadonlySet<string | undefined> {
    return this.#state.objects.get(`${kind} ${name}`) ?? new Set();
  }

  creators(schema: string): readonly Creator[] {
    return this.#state.creators.get(schema) ?? [];
  }

  closed(schema: string): boolean {
    return this.#state.closed.has(schema);
  }

  #create(statement: Statement): void {
    const text = readRoutine(statement.written);
    if (text) return this.#createRoutine(statement, text);
    for (const { kind, name } of createdObjects(Cursor.over(statement.written))) this.#addObject(kind, name);
  }

  #addObject(kind: ObjectKind, name: Name): void {
    const key = `${kind} ${lastPart(name).name}`;
    const homes = new Set(this.#state.objects.get(key));
    this.#state.objects.set(key, homes.add(this.#homeOf(name)));
  }

  /** The schema in which a new object of this name is created. */
  #homeOf(name: Name): string | undefined {
    if (name.parts.length > 1) return name.parts[name.parts.length - 2]!.name;
    const first = (this.#state.localPath ?? this.#state.path)?.find((entry) => entry.name !== 'pg_catalog');
    return first && first.name !== '$user' && first.name !== 'pg_temp' ? first.name : undefined;
  }

  #createRoutine(statement: Statement, text: RoutineText): void {
    this.#addObject('routine', text.name);
    const name = lastPart(text.name).name;
    const schema = this.#homeOf(text.name);
    const types = text.parameters.map((parameter) => parameter.type);
    const others = this.#state.routines.get(name) ?? [];
    // Created again without a DROP, it is the same routine seen twice, for instance in both branches of a psql \if.
    const same = others.find(({ routine }) => routine.schema === schema && sameTypes(routine.types, types));
    const older = text.replace ? same : undefined;
    const routine: Routine = {
      name, schema, types, text,
      procedure: text.procedure,
      target: targetOf(text),
      moved: false,
      at: shift(text.name, statement.span.start),
      created: statement,
      owner: older?.routine.owner ?? this.#state.role,
      definer: undefined,
      path: { kind: 'none' },
      publicExecute: older?.routine.publicExecute ?? this.#firstPrivileges(text),
      grantees: older?.routine.grantees ?? [],
    };
    const changed = this.#changed(routine, text.changes, statement);
    const kept = others.filter((other) => other !== same);
    this.#state.routines.set(name, [...kept, { routine: changed, transaction: older?.transaction ?? this.#transaction }]);
  }

  #firstPrivileges(text: RoutineText): PublicExecute {
    const { closedDefaults, role } = this.#state;
    // A role that the file does not name may be the one that runs it.
    const closed = closedDefaults.has('') || (role === undefined ? closedDefaults.size > 0 : closedDefaults.has(role));
    if (closed) return { kind: 'revoked' };
    return { kind: text.replace ? 'assumed' : 'default' };
  }

  #changed(routine: Routine, changes: RoutineChanges, statement: Statement): Routine {
    let { definer, path } = routine;
    if (changes.security) {
      definer = changes.security.definer ? place(statement, changes.security.at) : undefined;
    }
    if (changes.path) path = this.#pathAfter(changes.path, statement);
    return { ...routine, definer, path };
  }

  #pathAfter(change: PathChange, statement: Statement): RoutinePath {
    const at = place(statement, change.at);
    if (change.kind === 'cleared') return { kind: 'none', cleared: { ...at, all: change.all } };
    const entries = change.kind === 'list' ? change.entries : this.#state.localPath ?? this.#state.path;
    return entries && !mayBeList(entries) ? { kind: 'list', entries, place: at } : { kind: 'unknown' };
  }

  #alter(statement: Statement, cursor: Cursor): void {
    if (cursor.take('ALTER', 'DEFAULT', 'PRIVILEGES')) return this.#defaultPrivileges(cursor);
    cursor.index++;
    if (!/^(FUNCTION|PROCEDURE|ROUTINE)$/.test(cursor.word())) return;
    cursor.index++;
    const reference = readReference(cursor);
    if (!reference) return;
    if (cursor.take('RENAME', 'TO')) return this.#move(reference, { name: cursor.part()?.name });
    if (cursor.word() === 'SET' && cursor.word(1) === 'SCHEMA' && cursor.token(2)?.kind !== 'string') {
      cursor.index += 2;
      return this.#move(reference, { schema: cursor.part()?.name });
    }
    if (cursor.take('OWNER', 'TO')) return this.#update(reference, (routine) => ({ ...routine, owner: cursor.part()?.name }));
    const changes = readChanges(cursor);
    this.#update(reference, (routine) => this.#changed(routine, changes, statement));
  }

  #move(reference: Reference, to: { readonly name?: string | undefined; readonly schema?: string | undefined }): void {
    for (const known of this.#find(reference)) {
      const { routine } = known;
      const name = to.name ?? routine.name;
      const schema = to.schema ?? routine.schema;
      this.#remove(known);
      this.#state.routines.set(name, [...this.#state.routines.get(name) ?? [], { ...known, routine: { ...routine, name, schema, moved: true } }]);
      const key = `routine ${name}`;
      this.#state.objects.set(key, new Set(this.#state.objects.get(key)).add(schema));
    }
  }

  #update(reference: Reference, change: (routine: Routine, transaction: number) => Routine): void {
    for (const known of this.#find(reference)) this.#replace(known, change(known.routine, known.transaction));
  }

  #replace(known: Known, routine: Routine): void {
    const list = this.#state.routines.get(routine.name)!;
    this.#state.routines.set(routine.name, list.map((other) => (other === known ? { ...known, routine } : other)));
  }

  #remove(known: Known): void {
    const { name } = known.routine;
    this.#state.routines.set(name, this.#state.routines.get(name)!.filter((other) => other !== known));
  }

  /** An unqualified name, or one whose schema the file leaves open, may mean any routine of that name. */
  #find({ name, types }: Reference): readonly Known[] {
    const named = this.#state.routines.get(lastPart(name).name) ?? [];
    const schema = name.parts.length > 1 ? name.parts[name.parts.length - 2]!.name : undefined;
    const path = this.#state.localPath ?? this.#state.path;
    const visible = (home: string | undefined): boolean => (schema !== undefined
      ? sameSchema(home, schema)
      : home === undefined || !path || path.some((entry) => entry.name === home || entry.kind === 'template'));
    return named.filter(({ routine }) => visible(routine.schema) && (!types || sameTypes(routine.types, types)));
  }

  #drop(cursor: Cursor): void {
    cursor.index++;
    if (cursor.take('SCHEMA')) {
      cursor.take('IF', 'EXISTS');
      do this.#dropSchema(cursor.part()?.name);
      while (cursor.takeText(','));
      return;
    }
    if (!/^(FUNCTION|PROCEDURE|ROUTINE)$/.test(cursor.word())) return;
    cursor.index++;
    cursor.take('IF', 'EXISTS');
    do {
      const reference = readReference(cursor);
      if (reference) for (const known of this.#find(reference)) this.#remove(known);
    } while (cursor.takeText(','));
  }

  #dropSchema(schema: string | undefined): void {
    if (schema === undefined) return;
    for (const known of [...this.#state.routines.values()].flat()) {
      if (known.routine.schema === schema) this.#remove(known);
    }
  }

  #grant(statement: Statement, cursor: Cursor): void {
    const grant = readGrant(cursor);
    if (!grant) return;
    if (grant.on === 'schema') return this.#grantOnSchema(statement, grant);
    if (!grant.privileges.some((privilege) => privilege === 'ALL' || privilege === 'EXECUTE')) return;
    const change = (routine: Routine, transaction: number): Routine => this.#granted(routine, transaction, grant, statement);
    for (const { name, parameters } of grant.objects) {
      this.#update({ name, types: parameters?.filter(({ mode }) => mode !== 'out').map(({ type }) => type) }, change);
    }
    if (grant.schemas.length === 0) return;
    for (const known of [...this.#state.routines.values()].flat()) {
      const { schema, procedure } = known.routine;
      const meant = grant.schemas.some((part) => sameSchema(schema, part.name)) && (grant.on === 'routine' || (grant.on === 'procedure') === procedure);
      if (meant) this.#replace(known, change(known.routine, known.transaction));
    }
  }

  #granted(routine: Routine, transaction: number, grant: Grant, statement: Statement): Routine {
    const named = grant.roles.filter((role) => !isPublic(role)).map((role) => role.text);
    const others = routine.grantees.filter((role) => !named.includes(role));
    const grantees = grant.revoke ? others : [...others, ...named];
    const everybody = grant.roles.find(isPublic);
    if (!everybody) return { ...routine, grantees };
    const publicExecute: PublicExecute = grant.revoke
      ? this.#revoked(routine, transaction, place(statement, grant.at))
      : { kind: 'granted', place: place(statement, everybody) };
    return { ...routine, grantees, publicExecute };
  }

  #revoked(routine: Routine, transaction: number, revoke: Place): PublicExecute {
    const open = routine.publicExecute.kind === 'default' && transaction !== this.#transaction;
    return open ? { kind: 'revoked', late: revoke } : { kind: 'revoked' };
  }

  #grantOnSchema(statement: Statement, grant: Grant): void {
    if (!grant.privileges.some((privilege) => privilege === 'ALL' || privilege === 'CREATE')) return;
    const { creators, closed } = this.#state;
    for (const { name } of grant.schemas) {
      const others = (creators.get(name) ?? []).filter((creator) => !grant.roles.some((role) => role.name === creator.role));
      const added = grant.revoke ? [] : grant.roles.map((role) => ({ role: role.name, at: shift(role, statement.span.start) }));
      creators.set(name, [...others, ...added]);
      if (grant.roles.some(isPublic)) {
        if (grant.revoke) closed.add(name);
        else closed.delete(name);
      }
    }
  }

  /** Only the form without IN SCHEMA takes the built-in privilege of PUBLIC away. */
  #defaultPrivileges(cursor: Cursor): void {
    const roles: string[] = [];
    while (!cursor.done && cursor.word() !== 'GRANT' && cursor.word() !== 'REVOKE') {
      if (cursor.word() === 'IN') return;
      if (cursor.take('FOR', 'ROLE') || cursor.take('FOR', 'USER')) {
        do roles.push(cursor.part()?.name ?? '');
        while (cursor.takeText(','));
      } else {
        cursor.skip();
      }
    }
    const grant = readGrant(cursor);
    if (!grant || (grant.on !== 'function' && grant.on !== 'routine') || !grant.roles.some(isPublic)) return;
    if (!grant.privileges.some((privilege) => privilege === 'ALL' || privilege === 'EXECUTE')) return;
    for (const role of roles.length > 0 ? roles : [this.#state.role ?? '']) {
      if (grant.revoke) this.#state.closedDefaults.add(role);
      else this.#state.closedDefaults.delete(role);
    }
  }

  #set(cursor: Cursor): void {
    if (cursor.take('RESET', 'ROLE')) {
      this.#state.role = undefined;
      return;
    }
    if (cursor.take('SET', 'ROLE') || cursor.take('SET', 'SESSION', 'AUTHORIZATION')) {
      const role = cursor.part();
      this.#state.role = role && !/^(none|default)$/i.test(role.text) ? role.name : undefined;
      return;
    }
    const local = cursor.word(1) === 'LOCAL';
    const change = readPathChange(cursor);
    if (!change) return;
    this.#setPath(change.kind === 'list' && !mayBeList(change.entries) ? change.entries : undefined, local);
  }

  #setPath(entries: readonly NamePart[] | undefined, local: boolean): void {
    const path = entries?.filter((entry) => entry.name !== '');
    if (!local) this.#state.path = path;
    this.#state.localPath = local ? path : undefined;
  }

  /** pg_dump writes `SELECT pg_catalog.set_config('search_path', '', false)`. */
  #setConfig(statement: Statement, cursor: Cursor): void {
    const found = /\bset_config\s*\(\s*'search_path'\s*,\s*'([^']*)'\s*,\s*(true|false)/i.exec(statement.written.text);
    if (!found) return;
    const names = found[1]!.split(',').map((text) => text.trim()).filter((text) => text !== '');
    const entries = names.map((text): NamePart => {
      const name = text.startsWith('"') ? text.slice(1, -1) : text.toLowerCase();
      return { name, text, kind: 'plain', start: cursor.tokens[0]!.start, end: cursor.tokens[0]!.end };
    });
    this.#setPath(entries, found[2]!.toLowerCase() === 'true');
  }

  #transactionControl(cursor: Cursor): void {
    if (cursor.word() === 'BEGIN' || (cursor.word() === 'START' && cursor.word(1) === 'TRANSACTION')) {
      this.#before ??= copy(this.#state);
      this.#transaction ||= ++this.#transactions;
    } else if (cursor.take('SAVEPOINT')) {
      this.#savepoints.push({ name: cursor.part()?.name ?? '', state: copy(this.#state) });
    } else if (/^(ROLLBACK|ABORT)$/.test(cursor.word()) && cursor.word(1) !== 'PREPARED') {
      this.#rollback(cursor);
    } else if (/^(COMMIT|END)$/.test(cursor.word()) && cursor.word(1) !== 'PREPARED') {
      this.#endTransaction();
    }
  }

  #rollback(cursor: Cursor): void {
    cursor.index++;
    if (!cursor.take('WORK')) cursor.take('TRANSACTION');
    if (cursor.take('TO')) {
      cursor.take('SAVEPOINT');
      const name = cursor.part()?.name;
      const savepoint = this.#savepoints.findLast((point) => point.name === name);
      if (savepoint) this.#state = copy(savepoint.state);
      return;
    }
    if (this.#before) this.#state = this.#before;
    this.#endTransaction();
  }

  #endTransaction(): void {
    this.#before = undefined;
    this.#savepoints = [];
    this.#transaction = 0;
    this.#state.localPath = undefined;
  }
}

function copy(state: State): State {
  return {
    ...state,
    routines: new Map(state.routines),
    objects: new Map(state.objects),
    creators: new Map(state.creators),
    closed: new Set(state.closed),
    closedDefaults: new Set(state.closedDefaults),
  };
}

function readReference(cursor: Cursor): Reference | undefined {
  const name = cursor.name();
  if (!name) return undefined;
  const types = readParameters(cursor)?.filter(({ mode }) => mode !== 'out').map(({ type }) => type);
  return { name, types };
}

/** A template or a psql variable may stand for several schemas; `@extschema@` and `:"schema"` are one. */
function mayBeList(entries: readonly NamePart[]): boolean {
  return entries.some(({ kind, text }) => kind === 'template' && !/^@\w+(:\w+)?@$|^:"/.test(text));
}

function place(statement: Statement, span: { readonly start: number; readonly end: number }): Place {
  return { at: shift({ start: span.start, end: span.end }, statement.span.start), statement };
}

function lastPart(name: Name): NamePart {
  return name.parts[name.parts.length - 1]!;
}

function sameSchema(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

function sameTypes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((type, i) => type === b[i]);
}
