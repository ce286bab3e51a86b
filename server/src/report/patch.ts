/** Lines around a change that are shown with it. */
const context = 3;

/** The change of one file as `git apply` and `patch -p1` take it. */
export function patch(path: string, before: string, after: string): string {
  const [old, now] = [linesOf(before), linesOf(after)];
  const hunks = together(changesBetween(old, now)).map((changes) => hunk(old, now, changes));
  return hunks.length === 0 ? '' : `--- ${name(`a/${path}`)}\n+++ ${name(`b/${path}`)}\n${hunks.join('')}`;
}

/** `old` lines from `oldAt` on give way to `now` lines from `nowAt` on; line numbers from 0. */
interface LineChange {
  readonly oldAt: number;
  readonly nowAt: number;
  readonly old: number;
  readonly now: number;
}

/** Where two texts differ: after each difference the nearest lines that agree again are looked for. */
function changesBetween(old: readonly string[], now: readonly string[]): LineChange[] {
  const changes: LineChange[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && old[i] === now[j]) {
      i++;
      j++;
      continue;
    }
    const [skipOld, skipNow] = nearestAgreement(old, now, i, j);
    changes.push({ oldAt: i, nowAt: j, old: skipOld, now: skipNow });
    i += skipOld;
    j += skipNow;
  }
  return changes;
}

function nearestAgreement(old: readonly string[], now: readonly string[], i: number, j: number): [number, number] {
  const most = Math.min(old.length - i + now.length - j, 2_000);
  for (let distance = 1; distance <= most; distance++) {
    for (let skipOld = 0; skipOld <= distance; skipOld++) {
      const skipNow = distance - skipOld;
      if (i + skipOld > old.length || j + skipNow > now.length) continue;
      // One equal line may be chance, as empty lines are.
      if (old[i + skipOld] === now[j + skipNow] && old[i + skipOld + 1] === now[j + skipNow + 1]) return [skipOld, skipNow];
    }
  }
  return [old.length - i, now.length - j];
}

/** Changes whose surroundings touch are shown together. */
function together(changes: readonly LineChange[]): LineChange[][] {
  const groups: LineChange[][] = [];
  for (const change of changes) {
    const last = groups.at(-1)?.at(-1);
    if (last && change.oldAt - (last.oldAt + last.old) <= 2 * context) groups.at(-1)!.push(change);
    else groups.push([change]);
  }
  return groups;
}

function hunk(old: readonly string[], now: readonly string[], changes: readonly LineChange[]): string {
  const [first, last] = [changes[0]!, changes.at(-1)!];
  const start = Math.max(0, first.oldAt - context);
  const end = Math.min(old.length, last.oldAt + last.old + context);
  const lines: string[] = [];
  let at = start;
  for (const change of changes) {
    lines.push(...marked(' ', old.slice(at, change.oldAt)), ...marked('-', old.slice(change.oldAt, change.oldAt + change.old)), ...marked('+', now.slice(change.nowAt, change.nowAt + change.now)));
    at = change.oldAt + change.old;
  }
  lines.push(...marked(' ', old.slice(at, end)));
  const grown = changes.reduce((sum, change) => sum + change.now - change.old, 0);
  const nowStart = first.nowAt - (first.oldAt - start);
  return `@@ -${range(start, end - start)} +${range(nowStart, end - start + grown)} @@\n${lines.join('')}`;
}

function marked(mark: string, lines: readonly string[]): string[] {
  return lines.map((line) => (line.endsWith('\n') ? `${mark}${line}` : `${mark}${line}\n\\ No newline at end of file\n`));
}

/** `12,3`; an empty range is told by the line before it. */
function range(start: number, count: number): string {
  return `${count === 0 ? start : start + 1},${count}`;
}

/** Each line with its end. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Quoted as git does where a name could be misread. */
function name(path: string): string {
  return /["\\\p{Cc}]/u.test(path) ? JSON.stringify(path) : path;
}
