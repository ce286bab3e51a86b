import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { flagHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Server does not warn of backslashes in ordinary strings',
  why: `While standard_conforming_strings is off, every ordinary string with a backslash means something else than standard SQL says, which
is how input breaks out of its quotes. The warning is what shows where such strings are.`,
  fixing: `The fix sets escape_string_warning to on; it takes effect on reload. Clients get a warning with every such string,
and the log may grow.`,
  cwe: [89, 778],
  references: ['https://www.postgresql.org/docs/current/runtime-config-compatible.html#GUC-ESCAPE-STRING-WARNING'],
  examples: [
    { bad: 'standard_conforming_strings = off\nescape_string_warning = «off»\n', fixed: 'standard_conforming_strings = off\nescape_string_warning = on\n' },
    { good: 'escape_string_warning = off\n', because: 'Without standard_conforming_strings = off a backslash is an ordinary character.' },
    { good: 'standard_conforming_strings = off\n', because: 'The warning is on by default.' },
    { good: 'standard_conforming_strings = {{ strict }}\nescape_string_warning = off\n', because: 'What a template becomes is not known.' },
  ],
  *check(facts) {
    const setting = flagHere(facts, 'escape_string_warning', false);
    if (setting === undefined || facts.settings.flag('standard_conforming_strings') !== false) return;
    yield {
      at: setting.value.span,
      message: 'Nobody hears of strings in which a backslash is an escape, where input may break out',
      fixes: [{ title: 'Turn on escape_string_warning', safety: 'review', edits: [replaceValue(setting.value, 'on')] }],
    };
  },
});
