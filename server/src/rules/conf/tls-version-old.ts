import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { settingHere, type ConfFacts } from '../../facts/conf/settings.ts';
import { protocolVersions, tlsSettingHere } from '../../facts/conf/tls.ts';
import type { ConfSetting } from '../../syntax/conf.ts';
import { defineRule, type Fix } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'high',
  title: 'TLS 1.0 or 1.1 is allowed',
  why: `TLS 1.0 and 1.1 rest on MD5 and SHA-1 and on ciphers that have been broken in practice; browsers and standards gave them up years
ago. Somebody on the way who can interfere with a handshake gets both sides to use them, and then works on the session at leisure.`,
  fixing: `The fix asks for TLS 1.2 at least, which every libpq and JDBC driver of the last ten years speaks. To find clients that do not, look at
the column version of pg_stat_ssl for a while before you change it: they cannot connect afterwards.`,
  cwe: [326, 327],
  references: ['https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-SSL-MIN-PROTOCOL-VERSION', 'https://www.rfc-editor.org/rfc/rfc8996'],
  examples: [
    { bad: "ssl = on\nssl_min_protocol_version = «'TLSv1'»  # old clients\n", fixed: "ssl = on\nssl_min_protocol_version = 'TLSv1.2'  # old clients\n" },
    { bad: 'ssl_min_protocol_version = «tlsv1.1»\n', fixed: 'ssl_min_protocol_version = TLSv1.2\n', because: 'The case does not matter.' },
    {
      bad: "ssl_max_protocol_version = «'TLSv1.1'»\nssl_min_protocol_version = TLSv1.2\n",
      fixed: "ssl_max_protocol_version = ''\nssl_min_protocol_version = TLSv1.2\n",
    },
    {
      bad: "ssl_min_protocol_version = «'TLSv1'»\nssl_max_protocol_version = «'TLSv1'»\n",
      fixed: "ssl_min_protocol_version = 'TLSv1.2'\nssl_max_protocol_version = ''\n",
      because: 'The server does not start when the least version is above the greatest.',
    },
    {
      bad: "ssl_min_protocol_version = «TLSv1»\ninclude_if_exists 'site.conf'\n", files: { 'site.conf': 'ssl_max_protocol_version = TLSv1.1\n' },
      because: 'The limit stands in another file, and has to go first.',
    },
    { good: "ssl_min_protocol_version = 'TLSv1.2'\nssl_max_protocol_version = ''\n", because: 'That is the default.' },
    { good: 'ssl = off\nssl_min_protocol_version = TLSv1\n', because: 'Without TLS it has no effect; conf/ssl-off tells about that.' },
    { good: 'ssl_min_protocol_version = TLSv1\nssl_min_protocol_version = TLSv1.3\n', because: 'The last setting wins.' },
    { good: "ssl_min_protocol_version = '{{ tls_version }}'\n", because: 'What a template becomes is not known.' },
  ],
  *check(facts) {
    const least = tlsSettingHere(facts, 'ssl_min_protocol_version');
    const greatest = tlsSettingHere(facts, 'ssl_max_protocol_version');
    if (least !== undefined && isOld(least)) {
      yield {
        at: least.value.span,
        message: `Somebody on the way can bring a session down to ${least.value.text}, which is broken`,
        fixes: ['TLSv1.2', 'TLSv1.3'].map((version) => requireVersion(facts, version, least)).filter((fix) => fix !== undefined),
      };
    }
    if (greatest === undefined || !isOld(greatest)) return;
    yield {
      at: greatest.value.span,
      message: `Every session uses ${greatest.value.text} at best, which is broken`,
      fixes: [{ title: 'Allow every newer version of TLS', safety: 'review', edits: [replaceValue(greatest.value, '')] }],
    };
  },
});

function isOld({ value }: ConfSetting): boolean {
  return versionOf(value.text) === 0 || versionOf(value.text) === 1;
}

/** A greatest version below the least one is lifted as well: the server would not start. Undefined when another file sets it. */
function requireVersion(facts: ConfFacts, version: string, least: ConfSetting): Fix | undefined {
  const title = `Require ${version} or newer`;
  const edits = [replaceValue(least.value, version)];
  const limit = versionOf(facts.settings.value('ssl_max_protocol_version') ?? '');
  if (limit === -1 || limit >= versionOf(version)) return { title, safety: 'review', edits };
  const greatest = settingHere(facts, 'ssl_max_protocol_version');
  return greatest && { title, safety: 'review', edits: [...edits, replaceValue(greatest.value, '')] };
}

function versionOf(text: string): number {
  return protocolVersions.indexOf(text.toLowerCase());
}
