import { knownRules } from '../policy/catalog.ts';

/**
 * Code as a report may show it, which is printed, sent round and kept in the logs of builds: what is a secret by the words before it
 * becomes asterisks, one for each character, so that everything else stays where it is.
 */
export function withoutSecrets(code: string): string {
  return secrets.reduce((text, pattern) => text.replace(pattern, hidden), code);
}

/** The part of a line that a finding is about: of a rule that finds secrets its quoted texts, or all of it, are hidden too. */
export function withoutSecret(marked: string, rule: string): string {
  if (!secretRules.has(rule)) return marked;
  return marked.includes("'") ? marked.replace(/(?<=')[^']+(?='|$)/g, hidden) : /[\s*]/.test(marked) ? marked : hidden(marked);
}

/** Rules about credentials and keys that are written down: https://cwe.mitre.org/data/definitions/798.html, 321. */
const secretRules: ReadonlySet<string> = new Set(knownRules.filter(({ cwe }) => cwe.includes(798) || cwe.includes(321)).map(({ id }) => id));

const word = String.raw`(?:password|passwd|passphrase|secrets?|pwd|token|api_?key)`;

const secrets = [
  // PASSWORD 'this', password => 'this', {"password": 'this'}
  new RegExp(String.raw`(?<=${word}\b["']?\s*(?:=>|:=|=|:(?=\s)|,|\bTO\b)?\s*(?:e|u&)?')(?:[^'\n]|'')+(?=')`, 'gi'),
  // password=this as in a connection string, an option of pg_hba.conf or the environment of a command; no call, no variable
  new RegExp(String.raw`(?<=${word}=)(?![$:{<%])(?![^\s'",;)&]*\()[^\s'",;)&]+`, 'gi'),
  new RegExp(String.raw`(?<=${word}=")[^"\n]+(?=")`, 'gi'),
  // postgresql://app:this@host
  /(?<=:\/\/[^\s:@/']+:)[^\s@/']+(?=@)/g,
];

function hidden(secret: string): string {
  return '*'.repeat(secret.length);
}
