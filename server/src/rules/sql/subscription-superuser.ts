import { Cursor, spell } from '../../facts/sql/cursor.ts';
import type { SqlCommand } from '../../facts/sql/sql-commands.ts';
import { spanOf, splitAtCommas } from '../../facts/sql/tokens.ts';
import type { Span } from '../../text.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Subscription works with more rights than it needs',
  since: 16,
  why: `With run_as_owner every change is applied as the owner of the subscription, so whoever owns a replicated table can put a trigger on it that \
runs with the owner's rights. Without password_required a role that is not superuser connects by whatever the server's machine is trusted with.`,
  fixing: 'The fix leaves the option out, so that changes are applied as the owner of each table, and a password is asked for. The owner of the subscription must be able to SET ROLE to those owners.',
  cwe: [269, 250],
  references: ['https://www.postgresql.org/docs/current/sql-createsubscription.html', 'https://www.postgresql.org/docs/current/logical-replication-security.html'],
  examples: [
    {
      bad: "CREATE SUBSCRIPTION s CONNECTION 'service=primary' PUBLICATION p WITH (copy_data = true, «run_as_owner = true»);\n",
      fixed: "CREATE SUBSCRIPTION s CONNECTION 'service=primary' PUBLICATION p WITH (copy_data = true);\n",
    },
    { bad: "CREATE SUBSCRIPTION s CONNECTION 'service=primary' PUBLICATION p WITH («password_required = 'off'»);\n", fixed: "CREATE SUBSCRIPTION s CONNECTION 'service=primary' PUBLICATION p;\n" },
    { bad: 'ALTER SUBSCRIPTION s SET («run_as_owner», disable_on_error = true);\n', fixed: 'ALTER SUBSCRIPTION s SET (run_as_owner = false, disable_on_error = true);\n', because: 'Leaving it out would leave it as it is.' },
    { good: "CREATE SUBSCRIPTION s CONNECTION 'service=primary' PUBLICATION p WITH (run_as_owner = false, password_required = true);\n" },
    { good: "CREATE SUBSCRIPTION s CONNECTION 'service=primary' PUBLICATION p WITH (run_as_owner = true);\n", version: 15, because: 'PostgreSQL 15 knows no such option.' },
    { good: 'CREATE PUBLICATION p FOR TABLE app.t WITH (publish = \'insert\');\n' },
  ],
  *check({ commands, document, schema }) {
    if (!/\b(run_as_owner|password_required)\b/i.test(document.text)) return;
    for (const command of commands) {
      const options = optionsOf(command);
      for (const { at, name, value } of options) {
        const owner = name === 'run_as_owner' && isTrue(value);
        if (!owner && !(name === 'password_required' && isFalse(value))) continue;
        const span = command.inFile(at);
        const subscription = schema.subscriptions.find((one) => one.options.get(name)?.place.statement === command.statement);
        if (!subscription && command.inside === 'file' && schema.subscriptions.some((one) => one.options.has(name))) continue;
        const statements = subscription ? [`ALTER SUBSCRIPTION ${spell(subscription.name)} SET (${name} = ${owner ? 'false' : 'true'});`] : [];
        yield {
          at: span,
          message: owner ? 'Owners of replicated tables can run code with the rights of the subscription\'s owner' : "The subscription connects with whatever the server's machine is trusted with",
          fixes: [{ title: owner ? 'Apply changes as the owner of each table' : 'Ask for a password', safety: 'review', edits: [leaveOut(command, at, options.map((option) => option.at), `${name} = ${owner ? 'false' : 'true'}`)], statements }],
        };
      }
    }
  },
});

interface Option {
  readonly at: Span;
  readonly name: string;
  readonly value: string;
}

/** The options of WITH (…) and SET (…). */
function optionsOf({ written }: SqlCommand): readonly Option[] {
  if (!/^\s*(create|alter)\s+subscription\b/i.test(written.text)) return [];
  const cursor = Cursor.over(written);
  while (!cursor.done && !(/^(WITH|SET)$/.test(cursor.word()) && cursor.here(1) === '(')) cursor.index++;
  if (cursor.done) return [];
  cursor.index++;
  const open = cursor.index;
  cursor.skip();
  // The list is still being written.
  if (cursor.here(-1) !== ')') return [];
  return splitAtCommas(cursor.tokens.slice(open + 1, cursor.index - 1), written.text).map((tokens) => {
    const [name, , value] = tokens.map((token) => cursor.of(token).toLowerCase());
    return { at: spanOf(tokens), name: name!, value: value?.replaceAll("'", '') ?? 'true' };
  });
}

function isTrue(value: string): boolean {
  return /^(true|on|1)$/.test(value);
}
function isFalse(value: string): boolean {
  return /^(false|off|0)$/.test(value);
}

/** CREATE takes the default for what is not said; ALTER leaves it as it is. */
function leaveOut({ written, inFile }: SqlCommand, at: Span, all: readonly Span[], opposite: string) {
  const { text } = written;
  if (/^\s*alter\b/i.test(text)) return { span: inFile(at), text: opposite };
  const index = all.findIndex(({ start }) => start === at.start);
  if (index > 0) return { span: inFile({ start: all[index - 1]!.end, end: at.end }), text: '' };
  if (all.length > 1) return { span: inFile({ start: at.start, end: all[1]!.start }), text: '' };
  const start = text.slice(0, at.start).search(/\s*\bwith\s*\(\s*$/i);
  return { span: inFile({ start, end: text.indexOf(')', at.end) + 1 }), text: '' };
}
