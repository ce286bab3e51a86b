import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { flagHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'Backslashes are escapes in ordinary strings',
  why: `In standard SQL a backslash is an ordinary character, and most libraries double quotes and nothing else. When the server takes
backslashes as escapes all the same, input that ends in a backslash swallows the closing quote, and SQL injection follows.`,
  fixing: `The fix sets standard_conforming_strings to on, the default. Statements that rely on escapes in '…' change their meaning: write E'…'
there first; escape_string_warning = on finds them in the log.`,
  cwe: [89],
  references: ['https://www.postgresql.org/docs/current/runtime-config-compatible.html#GUC-STANDARD-CONFORMING-STRINGS'],
  examples: [
    { bad: 'standard_conforming_strings = «off»\n', fixed: 'standard_conforming_strings = on\n' },
    { bad: "standard_conforming_strings «'no'» # PHP\n", fixed: "standard_conforming_strings 'on' # PHP\n" },
    { good: 'standard_conforming_strings = on\n' },
    { good: 'standard_conforming_strings = off\nstandard_conforming_strings = on\n', because: 'The last setting wins.' },
    { good: "standard_conforming_strings = {{ 'on' if strict else 'off' }}\n", because: 'What a template becomes is not known.' },
  ],
  *check(facts) {
    const setting = flagHere(facts, 'standard_conforming_strings', false);
    if (setting === undefined) return;
    yield {
      at: setting.value.span,
      message: 'Input that ends in a backslash swallows the closing quote: SQL injection becomes possible',
      fixes: [{ title: 'Turn on standard_conforming_strings', safety: 'review', edits: [replaceValue(setting.value, 'on')] }],
    };
  },
});
