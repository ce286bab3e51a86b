/**
 * The value is a secret that anybody who reads the text can use, not something that stands for one: a variable, a template,
 * a file, a placeholder like `<password>` or `xxxx`, a flag or a number that is too short to guard anything.
 */
export function isSecret(value: string): boolean {
  return value !== '' && !substitutes.some((pattern) => pattern.test(value));
}

const substitutes: readonly RegExp[] = [
  /[$`{}]|^%\w$|^(%%|##|__)\w+\1$|^@[\w.-]+@?$/,
  /^[<[(].*[>\])]$|^(.)\1*$/,
  /^(your|my|the|some|enter|insert|replace|redacted|hidden|example)?[\s_-]*(password|passwd|secret|token|key|me|redacted|hidden)[\s_-]*(goes)?[\s_-]*(here)?$/i,
  /^(replace|insert|enter|put|paste|type|fill)\b.*\s/i,
  /^your[\s_-](\w+[\s_-])*(password|passwd|secret|token|key)$/i,
  /^(foreign|remote|local|other)?[\s_-]*(user|server|role|db|database)s?[\s_-]*(password|passwd|pwd|secret)$/i,
  /^[./~]*\/[\w./-]*$/,
  /^(on|off|true|false|yes|no|none|null|\d{1,5}(\.\d+)?|\d+(us|ms|s|min|h|d|[kMGT]?B))$/i,
];
