import { folderOf, resolvePath } from '../paths.ts';
import type { Claim, Found } from './found.ts';
import { below } from './globs.ts';

/** `deploy/` in the order of sqitch.plan. A change that was reworked keeps its older script as `name@tag.sql`. */
export function* sqitch(files: Found): Iterable<Claim> {
  for (const plan of files.named(/(?:^|\/)sqitch\.plan$/)) {
    const folder = folderOf(plan);
    const top = /^\s*top_dir\s*=\s*(\S+)/m.exec(files.read(resolvePath(folder, 'sqitch.conf')) ?? '')?.[1] ?? '.';
    const home = resolvePath(folder, top);
    const own = new Set(files.free.filter((path) => /^(?:deploy|revert|verify)\//.test(below(home, path))));
    const script = (name: string) => resolvePath(home, `deploy/${name}.sql`);
    const text = files.read(plan) ?? '';
    const applied = plannedScripts(text, (name) => own.has(script(name))).map(script);
    yield { layout: 'sqitch', applied, alone: [...own].filter((path) => !applied.includes(path)), list: { path: plan, text } };
  }
}

/** The scripts of a plan that exist, without their suffix. */
function plannedScripts(plan: string, exists: (name: string) => boolean): string[] {
  const words = plan.split(/\r?\n/).map((line) => line.trim().split(/\s+/)[0]!).filter((word) => word !== '' && !/^[%#]/.test(word));
  return words.flatMap((name, index) => {
    if (name.startsWith('@')) return [];
    const again = words.indexOf(name, index + 1);
    const tags = again < 0 ? [] : words.slice(index, again).filter((word) => word.startsWith('@'));
    const script = [...tags.map((tag) => name + tag), name].find(exists);
    return script === undefined ? [] : [script];
  });
}
