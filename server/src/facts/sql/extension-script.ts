import type { Document } from '../../document.ts';
import { baseName, folderOf } from '../../paths.ts';
import { compareVersions } from '../../layouts/order.ts';

/** A script that CREATE EXTENSION runs. */
export function isExtensionScript(path: string, text: string): boolean {
  return /--\d[^/]*\.sql(\.in)?$/.test(path) || /@extschema@|^\\echo Use "?(CREATE|ALTER) EXTENSION/m.test(text);
}

/** The name of a script that installs a version of an extension or updates it to one. */
export function isVersioned(path: string): boolean {
  return versioned.test(baseName(path));
}

/** A newer script beside it installs the whole extension: this one is kept for servers that have the old version. */
export function isSuperseded({ path, files }: Document): boolean {
  const own = versioned.exec(baseName(path));
  if (!own) return false;
  const [, name, first, second] = own;
  const makes = second ?? first!;
  return files.list(folderOf(path)).some((other) => {
    const script = versioned.exec(other);
    if (script?.[1] !== name || script![3] !== undefined || !isVersion.test(script![2]!)) return false;
    const order = compareVersions(script![2]!, makes);
    return second === undefined ? order > 0 : order >= 0;
  });
}

const versioned = /^(.+?)--([^-].*?)(?:--(.+?))?\.sql(?:\.in)?$/;

/** `1.0`, `2.0.0-rc1`; `6.6_tutorial` stands beside the version 6.6. */
const isVersion = /^v?\d+(?:[._]\d+)*(?:[-_.]?(?:dev|alpha|beta|rc|pre|next|[ab]\d)[-_.\w]*)?$/i;

/** `name--1.0--1.1.sql`: a script that updates an extension, which finds its own objects there already. */
export function isUpdateScript(path: string): boolean {
  return /--[^/]+--[^/]+\.sql(\.in)?$/.test(path);
}
