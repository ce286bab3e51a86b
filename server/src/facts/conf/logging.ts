import { isKeyword } from '../../syntax/hba.ts';
import { admits, isReachable } from '../access.ts';
import { isRemote } from '../hba/address.ts';
import { isKnown, type ConfFacts } from './settings.ts';

/** The server keeps files for its log; undefined when that is not known. */
export function collectsLog(facts: ConfFacts): boolean | undefined {
  return isKnown(facts, 'logging_collector') ? facts.settings.flag('logging_collector') : undefined;
}

/** Where the log goes: `stderr`, `csvlog`, `jsonlog`, `syslog`, `eventlog`; undefined when that is not known. */
export function logDestinations(facts: ConfFacts): readonly string[] | undefined {
  if (!isKnown(facts, 'log_destination')) return undefined;
  return facts.settings.list('log_destination')!.map((destination) => destination.toLowerCase());
}

/** Something that every line of the log should tell. */
export interface LinePart {
  readonly word: string;
  /** How it is written in log_line_prefix. */
  readonly text: string;
}

const parts: readonly (LinePart & { readonly letters: string; readonly inSyslog?: true })[] = [
  { word: 'time', text: '%m', letters: 'mtn', inSyslog: true },
  { word: 'process', text: '[%p]', letters: 'pc', inSyslog: true },
  { word: 'user', text: 'user=%u', letters: 'u' },
  { word: 'database', text: 'db=%d', letters: 'd' },
  { word: 'client address', text: 'client=%h', letters: 'hr' },
];

/** What the lines do not tell with this log_line_prefix. syslog stamps them with time and process itself; csvlog and jsonlog have columns of their own. */
export function missingInLines(prefix: string, destinations: readonly string[]): readonly LinePart[] {
  const told = new Set([...prefix.matchAll(/%-?\d*([A-Za-z%])/g)].map((match) => match[1]!));
  const plain = destinations.filter((destination) => destination !== 'csvlog' && destination !== 'jsonlog');
  if (plain.length === 0) return [];
  const syslogOnly = plain.every((destination) => destination === 'syslog');
  return parts.filter(({ letters, inSyslog }) => !(inSyslog && syslogOnly) && ![...letters].some((letter) => told.has(letter)));
}

/** Clients of other machines take copies of the data: pg_hba.conf lets them, or the server waits for them. */
export function replicates({ cluster: { hba }, settings }: ConfFacts): boolean {
  const standbys = settings.get('synchronous_standby_names')?.setting;
  if (standbys !== undefined && !standbys.template && standbys.value.text.trim() !== '') return true;
  return hba !== undefined && hba.records.some((record) => admits(record) && isRemote(record) && isReachable(hba, record)
    && hba.databasesOf(record).some((database) => isKeyword(database, 'replication')));
}
