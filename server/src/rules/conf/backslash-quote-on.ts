import { readBoolean } from '../../catalog/numbers.ts';
import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { settingHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: "Quotes may be written as \\' in every client encoding",
  why: `In encodings such as SJIS, BIG5 or GBK a backslash can be the second half of a character. An application that escapes quotes with
backslashes then lets an attacker end the string with a character chosen for it, and SQL injection follows.`,
  fixing: `The fix writes the default, safe_encoding: \\' is accepted where the client encoding never has a backslash inside a character.
Applications that use such an encoding and write \\' get an error; have them use parameters or double the quotes.`,
  cwe: [89],
  references: ['https://www.postgresql.org/docs/current/runtime-config-compatible.html#GUC-BACKSLASH-QUOTE'],
  examples: [
    { bad: 'backslash_quote = «on»\n', fixed: 'backslash_quote = safe_encoding\n' },
    { bad: "backslash_quote «'TRUE'» # legacy\n", fixed: "backslash_quote 'safe_encoding' # legacy\n" },
    { good: 'backslash_quote = safe_encoding\n' },
    { good: 'backslash_quote = off\n', because: 'This is stricter still.' },
    { good: 'backslash_quote = on\nbackslash_quote = off\n', because: 'The last setting wins.' },
  ],
  *check(facts) {
    const setting = settingHere(facts, 'backslash_quote');
    if (setting === undefined || readBoolean(setting.value.text) !== true) return;
    yield {
      at: setting.value.span,
      message: 'Escaped quotes can be broken out of in some client encodings: SQL injection becomes possible',
      fixes: [{ title: 'Accept it in safe encodings only', safety: 'review', edits: [replaceValue(setting.value, 'safe_encoding')] }],
    };
  },
});
