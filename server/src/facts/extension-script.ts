/** `name--1.0--1.1.sql`: a script that updates an extension, which finds its own objects there already. */
export function isUpdateScript(path: string): boolean {
  return /--[^/]+--[^/]+\.sql(\.in)?$/.test(path);
}
