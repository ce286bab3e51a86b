/** Reading the file tells secrets, or writing it decides who gets into the machine or the server and what runs there. */
export function isSensitivePath(path: string, writes: boolean): boolean {
  return secretFiles.test(path) || (writes && (controlFiles.test(path) || /^\/(etc|boot|usr\/(local\/)?s?bin)\//.test(path)));
}

const secretFiles = /(^|\/)(pg_hba\.conf|pg_ident\.conf|\.pgpass|pgpass\.conf|id_(rsa|dsa|ed25519|ecdsa)|shadow|passwd|sudoers|[\w.-]+\.key)$|(^|\/)\.ssh\//;
const controlFiles = /(^|\/)(postgresql(\.auto)?\.conf|crontab|\.bashrc|\.profile)$|(^|\/)(cron\.d|sudoers\.d)\//;
