import { exitCodes, type Console } from './console.ts';
import type { WhoCommand } from './options.ts';
import { hbaFacts } from '../facts/access.ts';
import { decide } from '../facts/hba/matching.ts';
import { failureReason } from '../host.ts';
import { folderOf, relativePath } from '../paths.ts';
import { Projects } from '../projects.ts';
import { printable } from '../report/text.ts';
import { whoAnswer, whoJson, whoText, type WhoAnswer } from '../report/who.ts';
import { Versions } from '../versions.ts';
import { decode, openDocument } from '../workspace.ts';

/** `pgrampart who`: which record a client meets, and the exit code that says whether it may log in. */
export async function runWho({ path: named, client, version: wanted, json }: WhoCommand, console: Console): Promise<number> {
  const path = console.resolve(named);
  const failed = (reason: string) => {
    console.error(`pgrampart: ${printable(relativePath(console.cwd, path))}: ${reason}\n`);
    return exitCodes.failed;
  };
  let text: string | undefined;
  try {
    text = decode(await console.host.read(path));
  } catch (error) {
    return failed(failureReason(error, path));
  }
  if (text === undefined) return failed('not a text file');
  const roots = [console.cwd, folderOf(path)];
  const version = wanted === 'auto' ? (await new Versions(console.host, roots, new Projects(console.host)).of(path)).version : wanted;
  const document = await openDocument(console.host, path, text, 'hba', version, roots);
  const answer = whoAnswer(document, client, decide(hbaFacts(document), client));
  console.out(json ? whoJson(console.cwd, answer) : whoText(console.cwd, answer));
  return codes[answer.decision];
}

const codes: Readonly<Record<WhoAnswer['decision'], number>> = { admitted: 0, rejected: 1, unmatched: 1, undecided: 3, refused: 3 };
