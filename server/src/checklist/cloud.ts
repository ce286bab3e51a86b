import type { Checklist } from './checklist.ts';
import * as family from './families.ts';

export const cloud: Checklist = {
  title: 'Checks of managed PostgreSQL',
  source: 'https://www.checkov.io/5.Policy%20Index/terraform.html',
  note: 'Numbers are those of Checkov; the preset `cloud` switches on what is off by default.',
  items: [
    { id: 'CKV_GCP_6', what: 'TLS is required', rules: [...family.tls] },
    { id: 'CKV_GCP_51', what: 'Checkpoints are logged', rules: ['conf/log-checkpoints-off'] },
    { id: 'CKV_GCP_52', what: 'Connections are logged', rules: ['conf/log-connections-off'] },
    { id: 'CKV_GCP_53', what: 'Disconnections are logged', rules: ['conf/log-disconnections-off'] },
    { id: 'CKV_GCP_54', what: 'Long waits for locks are logged', rules: ['conf/log-lock-waits-off'] },
    { id: 'CKV_GCP_55', what: 'Level of the log', rules: ['conf/log-min-messages-quiet'] },
    { id: 'CKV_GCP_56', what: 'Temporary files are logged', rules: ['conf/log-temp-files-off'] },
    { id: 'CKV_GCP_57', what: 'No statements by duration', rules: ['conf/log-statement-leaks'] },
    { id: 'CKV_GCP_108', what: 'Host names are logged', rules: ['conf/log-hostname'], instead: 'CIS asks for the opposite because of the lookups; the address in log_line_prefix is enough.' },
    { id: 'CKV_GCP_109', what: 'Statements that fail are logged', rules: ['conf/log-min-error-statement-quiet'] },
    { id: 'CKV_GCP_110', what: 'pgAudit', rules: [...family.audit] },
    { id: 'CKV_GCP_111', what: 'Statements are logged', rules: ['conf/log-statement-none'] },
    { id: 'CKV_AZURE_29', what: 'TLS is required', rules: [...family.tls] },
    { id: 'CKV_AZURE_30', what: 'Checkpoints are logged', rules: ['conf/log-checkpoints-off'] },
    { id: 'CKV_AZURE_31', what: 'Connections are logged', rules: ['conf/log-connections-off'] },
    { id: 'CKV_AZURE_32', what: 'Connections are throttled', rules: ['conf/auth-delay-missing'] },
    { id: 'CKV_AZURE_147', what: 'TLS 1.2 or newer', rules: ['conf/tls-version-old'] },
  ],
};
