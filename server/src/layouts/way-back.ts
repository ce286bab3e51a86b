/** What takes a migration back does not run after it. */
export function isWayBack(path: string): boolean {
  return /(?:^|[._-])(?:down|undo|rollback|revert)\.sql$|(?:^|\/)(?:down|rollbacks?|revert|undo)\//i.test(path);
}

/** The whole schema once more, as a tool dumps it: Rails' db/structure.sql, dbmate's db/schema.sql. */
export function isWholeSchema(path: string): boolean {
  return /(?:^|\/)db\/(?:\w*structure|schema)\.sql$/.test(path);
}
