/**
 * The value is a secret that anybody who reads the text can use, not something that stands for one: a variable, a template,
 * a file, a placeholder like `<password>` or `xxxx`, a flag or a number that is too short to guard anything.
 */
export function isSecret(value: string): boolean {
  if (value === '' || /[$`{}]|^[<[(].*[>\])]$|^%\w$|^@[\w.-]+@?$|^%%\w+%%$/.test(value)) return false;
  if (/^(.)\1*$/.test(value) || /^(your|my|the|some|enter|insert|replace|redacted|hidden|example)?[\s_-]*(password|passwd|secret|token|key|me|redacted|hidden)[\s_-]*(here|goes here)?$/i.test(value)) return false;
  if (/^[./~]*\/[\w./-]*$/.test(value)) return false;
  return !/^(on|off|true|false|yes|no|none|null|\d{1,5}(\.\d+)?|\d+(us|ms|s|min|h|d|[kMGT]?B))$/i.test(value);
}
