import type { Document } from '../document.ts';
import { asConf, type SqlAsConf } from '../facts/sql/sql-as-conf.ts';
import type { SqlSetting } from '../facts/sql/sql-settings.ts';
import { confRules } from './conf-rules.ts';
import type { Finding, Fix, Rule } from './rule.ts';

/**
 * What the rules for postgresql.conf say about values that SQL sets. Each statement is judged as if its setting stood in
 * postgresql.auto.conf, so that `ALTER SYSTEM SET fsync = off` and `fsync = off` get the same judgement.
 */
export function* judgeAsConf(document: Document, settings: readonly SqlSetting[], applies = judgesValues): Iterable<Finding> {
  for (const group of asConf(document, settings)) {
    for (const { id, ...rule } of confRules) {
      if (!applies(id) || (rule.since ?? 0) > document.version || rule.presets?.includes('recommended') === false) continue;
      yield* judge(group, rule as Rule<'conf'>);
    }
  }
}

function* judge(group: SqlAsConf, { check, severity, options = {} }: Rule<'conf'>): Iterable<Finding> {
  const values = Object.fromEntries(Object.entries(options).map(([name, option]) => [name, option.default]));
  for (const finding of check(group.conf, values)) {
    const setting = group.settingAt(finding.at);
    if (setting === undefined) continue;
    yield {
      at: setting.command.inFile(setting.value!),
      message: finding.message,
      severity: finding.severity ?? severity,
      fixes: (finding.fixes ?? []).flatMap((fix) => inSql(group, fix)),
    };
  }
}

function inSql(group: SqlAsConf, fix: Fix): Fix[] {
  const inStatements = group.toSql(fix.edits);
  return inStatements === undefined ? [] : [{ ...fix, ...inStatements }];
}

function judgesValues(id: string): boolean {
  return !elsewhere.has(id);
}

/** Rules about the file itself, about what the server refuses to run anyway, and those that have a rule of their own for SQL. */
export const elsewhere: ReadonlySet<string> = new Set([
  'conf/autoconf-edited', 'conf/include-missing', 'conf/overridden-by-auto', 'conf/recovery-conf-obsolete', 'conf/syntax', 'conf/weaker-duplicate',
  'conf/bad-value', 'conf/mode-not-octal', 'conf/unknown-parameter',
  'conf/conninfo-password', 'conf/conninfo-tls-weak', 'conf/password-encryption-md5', 'conf/search-path-public-first',
]);
