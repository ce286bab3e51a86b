/** A script that CREATE EXTENSION runs. */
export function isExtensionScript(path: string, text: string): boolean {
  return /--\d[^/]*\.sql(\.in)?$/.test(path) || /@extschema@|^\\echo Use "?(CREATE|ALTER) EXTENSION/m.test(text);
}

/** `name--1.0--1.1.sql`: a script that updates an extension, which finds its own objects there already. */
export function isUpdateScript(path: string): boolean {
  return /--[^/]+--[^/]+\.sql(\.in)?$/.test(path);
}
