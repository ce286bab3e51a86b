import type { Document } from '../../document.ts';
import { baseName } from '../../paths.ts';
import { spell, type NamePart } from './cursor.ts';
import type { Repair } from '../conf/conf-repairs.ts';
import type { OptionValue } from './role-options.ts';
import { optionOf, roleStatements, type RoleStatement } from './role-statements.ts';
import { removeFrom, replaceIn } from './sql-edits.ts';
import type { SqlFacts } from '../sql.ts';

/**
 * What the text behind PASSWORD is. `unknown`: something stands for it, such as a template or `<password>`. `empty`: the server takes it
 * for no password. `md5` and `scram`: what the server would store anyway. `weak`: among the first that anybody tries. Source:
 * get_password_type and CreateRole in src/backend/commands.
 */
export type PasswordKind = 'unknown' | 'empty' | 'md5' | 'scram' | 'weak' | 'clear';

export function passwordKind(text: string | undefined, role: string): PasswordKind {
  if (text === undefined || substitutes.some((pattern) => pattern.test(text))) return 'unknown';
  if (text === '') return 'empty';
  if (/^md5[0-9a-f]{32}$/.test(text)) return 'md5';
  if (/^SCRAM-SHA-256\$\d+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}$/.test(text)) return 'scram';
  return text.length < 8 || text.toLowerCase() === role.toLowerCase() || firstTried.test(text) ? 'weak' : 'clear';
}

export interface WrittenPassword {
  readonly statement: RoleStatement;
  readonly kind: PasswordKind;
  readonly value: OptionValue;
}

/** Every password that the file gives to a role and that no later statement takes out of use. */
export function writtenPasswords(facts: SqlFacts): readonly WrittenPassword[] {
  return roleStatements(facts).flatMap((statement) => {
    const value = optionOf(statement, 'PASSWORD')?.value;
    return value === undefined || isRotated(facts, statement) ? [] : [{ statement, value, kind: passwordKind(value.text, statement.role.name) }];
  });
}

/** The words themselves say that another one belongs there: `changeme-now`, `APP_PASSWORD`. */
export function asksToBeChanged({ value: { text = '' } }: WrittenPassword): boolean {
  return /^change[\s_-]*(me|this|it)[\s_-]/i.test(text) || /^[A-Z][A-Z0-9]*([_-][A-Z0-9]+)*[_-](PASSWORD|PASSWD|PASS|PWD|SENHA|SECRET)$/.test(text);
}

function isRotated({ schema, document }: SqlFacts, { command, role }: RoleStatement): boolean {
  const last = command.inside !== 'routine' && role.kind !== 'template' ? schema.role(role.name)?.password?.place : undefined;
  if (last === undefined || last.statement === command.statement || (last.path !== document.path && !document.set?.ordered)) return false;
  return schema.isBefore({ at: command.inFile(role), statement: command.statement, path: document.path }, last);
}

/**
 * Takes a known password out of use: a placeholder or a psql variable brings the new one where the tool of the set knows them, elsewhere
 * nobody can log in by password until a person has set one.
 */
function rotation(document: Document, { role }: RoleStatement): readonly string[] {
  if (role.kind === 'template') return [];
  const { word = 'NULL', then = 'Set a new one with \\password in psql' } = givenSecret(document, variableFor(role)) ?? {};
  return [`-- The old password is known to who reads these files. ${then}, and tell whatever logs in with it.\nALTER ROLE ${spell(role.name)} PASSWORD ${word};`];
}

/** How a secret gets into a file that runs later without standing in it; undefined where the tool of the set knows no way. */
export function givenSecret({ path, set }: Document, name: string): { readonly word: string; readonly then: string } | undefined {
  if (isFlyway(path) || set?.layout === 'flyway' || set?.layout === 'liquibase') return { word: `'\${${name}}'`, then: `Give the new one as ${name}` };
  if (set?.layout === undefined || set.layout === 'sqitch') return { word: `:'${name}'`, then: `Give the new one as the psql variable ${name}` };
  return undefined;
}

function variableFor(role: NamePart): string {
  return `${role.name.replace(/\W/g, '_')}_password`;
}

function isFlyway(path: string): boolean {
  return /^[VRU][\w.]*__.+\.sql$/.test(baseName(path));
}

/**
 * Ways to keep the password out of the file, the one that works where it runs first: psql puts its variables into statements of the
 * file, but not into quoted bodies; Flyway puts placeholders in; other tools for migrations nothing.
 */
export function passwordRepairs(document: Document, { statement, value }: WrittenPassword): readonly PasswordRepair[] {
  const { path, set } = document;
  const { command, role, options, creates } = statement;
  const name = variableFor(role);
  const named = role.kind !== 'template';
  const flyway = named && isFlyway(path) ? replaceIn(command, value, `'\${${name}}'`) : [];
  const variable = named && command.inside === 'file' ? replaceIn(command, value, `:'${name}'`) : [];
  const shorter = creates || options.length > 1 ? removeFrom(command, optionOf(statement, 'PASSWORD')!.at) : [];

  const byPsql = { title: `Take it from the psql variable ${name}`, edits: variable };
  const byFlyway = { title: `Take it from the Flyway placeholder ${name}`, edits: flyway };
  const without = { title: 'Leave the password out, and set it with \\password', edits: shorter };
  return (flyway.length > 0 ? [byFlyway, without] : set?.ordered ? [without, byPsql] : [byPsql, without])
    .filter(({ edits }) => edits.length > 0).map((repair) => ({ ...repair, statements: rotation(document, statement) }));
}

interface PasswordRepair extends Repair {
  readonly statements: readonly string[];
}

/** A template, a variable of a shell, a driver or a build tool, or words that ask for a password. */
const substitutes: readonly RegExp[] = [
  /\$\{|\$\(|^\$\w+$|^\$\w+\$$|`|\{\{|\{%|<%|#\{|%\(|^%{1,2}\w+%{0,2}$|^@[\w.:-]+@?$|^:\w+$|^\{[\w.]*\}$|^(__|##)\w+\1$/,
  /^<[^<>]*>$|^\[[^[\]]*\]$|^([x*.?#_-])\1*$/i,
  /^(the|your|some|enter|insert|replace|put|use|redacted|hidden|generated|random)[\s_-].*$|^(redacted|hidden|your\w*pass\S*)$|[\s_-](here|aqu[ií]|ici|hier)$/i,
  /^(trocar|cambiar|alterar|mudar|changer|inserir|poner|sua|tu|votre|dein)[\s_-](\S+[\s_-])*(senha|clave|contrase[nñ]a|mot[\s_-]de[\s_-]passe|passwort|password)\b/i,
];

const firstTried = new RegExp(`^(${[
  '((default|test|temp|user|admin|root|my|dev|demo|secure|strong|super|secret|db)[_-]?)?(p[a@]ss?w[o0]rd|passwd|pass|pwd|pw)',
  'postgres(ql)?', 'admin(istrator)?', 'root', 'secret', 'change[ _-]?(me|it|this)', 'test(ing)?', 'guest', 'user(name)?', 'demo',
  'default', 'letmein', 'welcome', 'qwerty(uiop)?', 'abc', 'abcdefgh', 'iloveyou', 'monkey', 'dragon', 'example', 'sample', 'temp(orary)?', 'pa\\$\\$w[o0]rd', 'databases?', 'dev(elopment)?', 'local(host)?', 'super(user|secret)?',
].join('|')})?[\\d!@#$.*_-]{0,10}$`, 'i');
