/**
 * Where our answer may differ from the answer of the servers of these tests, and why. None of it is left out in silence:
 * every difference is counted where it is met, and an entry that is met no longer has to go.
 */
export const reasons = {
  'pam is not in this build': 'the servers of the packages are built without PAM; others know the method',
  'bsd is not in this build': 'BSD authentication is for OpenBSD only',
  'ldap is not in this build': 'the servers of the packages are built without LDAP; others know the method',
  'gss is not in this build': 'the servers of the packages are built without GSSAPI; others know the method',
  'sspi is not in this build': 'SSPI is for Windows only',
  'radiusservers are looked up': 'the server asks the DNS for them as it reads the file; we ask nobody',
  'an interface of a machine': 'whether fe80::1%eth0 is an address depends on the interfaces of the machine',
  'a word from a file': 'where @file stands for a single word or an option, we leave the line alone',
  'what a file of names holds': 'we read a record without its files: a broken regular expression in one is not seen, and an empty one leaves a column that the server drops',
  'validators are in postgresql.conf': 'whether a validator may be named depends on oauth_validator_libraries there',
  'other platforms have it': 'eventlog, Windows shared memory and fsync_writethrough are for other platforms',
  'other builds have it': 'lz4, zstd, io_uring and Bonjour are libraries that these servers were built without',
  'the stack of the machine': 'max_stack_depth may not come near the limit that the shell gave',
  'a folder that is not there': 'a repository keeps no empty folder, so one that include_dir names and that is missing counts as empty',
  'dates': 'a date is only a date to a server that knows the time zones and abbreviations',
  'parameters that depend on one another': 'log_statement_stats excludes its finer siblings, and up to 16 the server adds up its processes before it compares them with the limit',
  'a template': 'a placeholder will be filled in before a server reads it',
} as const;

export type Difference = keyof typeof reasons;

/** The differences that were met in the tests of one file. */
export class Differences {
  readonly #met = new Set<Difference>();

  meet(difference: Difference): void {
    this.#met.add(difference);
  }

  get met(): readonly Difference[] {
    return [...this.#met].sort();
  }
}
