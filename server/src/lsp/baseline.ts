import { baselineOf, Baselines, changedBaseline } from '../baselines.ts';
import type { Host } from '../host.ts';
import type { Looked } from '../lint.ts';
import { relativePath, folderOf, resolvePath } from '../paths.ts';
import { baselineName, writeBaseline } from '../policy/baseline.ts';
import { newProject, setField } from '../policy/project-edits.ts';
import { projectFiles, type Projects } from '../projects.ts';
import { applyEdits } from '../text.ts';
import { decode } from '../workspace.ts';
import type { BaselineParams, BaselineResult } from './protocol.ts';

/** What has to be written for a folder, `found` being all that there is in it. */
export async function answerBaseline(folder: string, change: BaselineParams['change'], found: readonly Looked[], host: Host, projects: Projects, uriOf: (path: string) => string): Promise<BaselineResult> {
  const project = await projects.of(resolvePath(folder, 'any'));
  const named = baselineOf(project);
  const file = named ?? resolvePath(folder, baselineName);
  const baselines = new Baselines(host);
  const old = await baselines.entries(file);
  if (baselines.broken.has(file) || (change === 'prune' && old === undefined)) return { uri: uriOf(file), text: undefined, accepted: old?.length ?? 0, removed: 0 };
  const { entries, removed } = changedBaseline(change, file, found, old ?? [], await baselines.gone(file, old ?? [], [folder]));
  const result = { uri: uriOf(file), text: writeBaseline(entries), accepted: entries.length, removed };
  if (named !== undefined) return result;
  const path = project?.path ?? resolvePath(folder, projectFiles[0]);
  const text = naming(await host.read(path).then(decode, () => undefined), relativePath(folderOf(path), file));
  return text === undefined ? result : { ...result, project: { uri: uriOf(path), text } };
}

/** The project file with the baseline in it; undefined where it is too broken to be changed. */
function naming(text: string | undefined, baseline: string): string | undefined {
  if (text === undefined) return newProject({ baseline });
  const edits = setField(text, ['baseline'], baseline);
  return edits && applyEdits(text, edits);
}
