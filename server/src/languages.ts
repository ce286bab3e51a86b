import { baseName } from './paths.ts';
import type { Language } from './rules/rule.ts';

/**
 * The language of a file by its name, or undefined when it is not one of ours. With `text`, namesakes that other programs
 * read under the same name (a fail2ban jail, a logrotate entry) are told apart.
 */
export function detectLanguage(path: string, text?: string): Language | undefined {
  const language = byName(path);
  if (language !== 'conf') return language;
  if (foreignFolder.test(path)) return undefined;
  if (text !== undefined && foreignText.test(text)) return undefined;
  return 'conf';
}

const templateSuffix = /\.(j2|jinja2?|erb|epp|tpl|tmpl|template|mustache|gotmpl|in)$/i;

function byName(path: string): Language | undefined {
  const name = baseName(path).replace(templateSuffix, '');
  if (name.endsWith('.sample')) return undefined;
  if (/\.(sql|psql|pgsql|plpgsql)$|\.sql\.(postgresql|postgres|pgsql)$/i.test(name)) return 'sql';
  if (/^([\w.-]*[._-])?pg_hba([._-][\w.-]*)?\.conf$/i.test(name) || /^pg_hba\.conf\.[\w.-]+$/i.test(name)) return 'hba';
  if (/^([\w.-]*[._-])?pg_ident([._-][\w.-]*)?\.conf$/i.test(name) || /^pg_ident\.conf\.[\w.-]+$/i.test(name)) return 'ident';
  if (/^postgresql[\w.-]*\.conf$/i.test(name) || /^recovery\.(conf|done)$/i.test(name) || /^postgresql\.conf\.[\w.-]+$/i.test(name)) return 'conf';
  if (/(^|\/)postgres(ql)?\/(.*\/)?conf\.d\/[^/]+\.conf$/.test(path)) return 'conf';
  return undefined;
}

/** Endings that some people give to SQL; the text has to tell, as others give them to something else. */
export function mayHoldRoutines(path: string): boolean {
  return /\.(ddl|fun|func|fnc|prc|proc|trg|udf|vw|pls|plsql)$/i.test(baseName(path).replace(templateSuffix, ''));
}

/** It creates routines as only PostgreSQL does. */
export function createsRoutines(text: string): boolean {
  return /\bcreate\b/i.test(text) && /\blanguage\s+'?pl(pgsql|pythonu?|python[23]u|perlu?|tclu?|v8)\b/i.test(text);
}

const foreignFolder =
  /(^|\/)(fail2ban|filter\.d|jail\.d|action\.d|logrotate\.d|supervisor(d)?|systemd|[^/]+\.service\.d|tmpfiles\.d|sysctl\.d|rsyslog\.d|collectd|telegraf|monit|nagios|munin|apparmor\.d|pam\.d|nginx|apache2?|httpd)(\/|$)/;

/** A section header, a logrotate block or an XML tag never occurs in a postgresql.conf. */
const foreignText = /^[ \t]*(\[[\w .:@-]+\][ \t]*$|\/\S+[^\n]*\{[ \t]*$|<\w+[^\n]*>[ \t]*$)/m;
