import type { ConfSetting } from '../../syntax/conf.ts';
import { decodeQuoted } from '../../syntax/conf-tokens.ts';
import { parseConninfo, type Conninfo } from '../../syntax/conninfo.ts';
import { undecoded, type Decoded } from '../../syntax/decoded.ts';
import { parseShell, type ShellCommand } from '../../syntax/shell.ts';
import { settingHere, type ConfFacts } from './settings.ts';

/** A parameter whose value the server hands to a shell. */
export interface CommandSetting {
  readonly setting: ConfSetting;
  readonly commands: readonly ShellCommand[];
}

const shellParameters = ['archive_command', 'restore_command', 'archive_cleanup_command', 'recovery_end_command', 'ssl_passphrase_command'] as const;

/** The shell commands in force that are written in this document. */
export function commandsHere(facts: ConfFacts): readonly CommandSetting[] {
  return shellParameters.flatMap((name) => {
    const setting = settingHere(facts, name);
    return setting === undefined ? [] : [{ setting, commands: parseShell(valueOf(facts, setting)) }];
  });
}

/** How this standby reaches its primary, where that is written in this document. */
export function primaryHere(facts: ConfFacts): { readonly setting: ConfSetting; readonly conninfo: Conninfo } | undefined {
  const setting = settingHere(facts, 'primary_conninfo');
  return setting && { setting, conninfo: parseConninfo(valueOf(facts, setting)) };
}

/** The name of a program without its folder. */
export function programOf({ words }: ShellCommand): string {
  const [first] = words.filter(({ text }) => !/^(sudo|env|exec|nice|timeout|time|test|!|\{|if|then|else|do|while|until|\d+s?)$/.test(text));
  return first === undefined ? '' : first.text.slice(first.text.lastIndexOf('/') + 1);
}

function valueOf({ document: { text } }: ConfFacts, { value: { span, quoted } }: ConfSetting): Decoded {
  const raw = text.slice(span.start, span.end);
  return quoted ? decodeQuoted(raw, span.start) : undecoded(raw, span.start);
}
