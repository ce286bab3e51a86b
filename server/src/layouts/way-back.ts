/** What takes a migration back does not run after it. */
export function isWayBack(path: string): boolean {
  return isRollbackScript(path) || /(?:^|[._-])(?:down|undo|rollback|revert)\.sql$|(?:^|\/)(?:down|rollbacks?|revert|undo)\//i.test(path);
}

/** `02_rollback_rls.sql`: among scripts the way back, among migrations one of those that are applied. */
export function isRollbackScript(path: string): boolean {
  const slash = path.lastIndexOf('/');
  return /^(?:\d{1,3}[_.-])?(?:rollback|undo|revert)[_.-]/i.test(path.slice(slash + 1)) && !isMigrationFolder(path.slice(0, Math.max(0, slash)));
}

export function isMigrationFolder(folder: string): boolean {
  return folder.split('/').slice(-3).some((name) => /migrat|^(?:changes?|changesets?|versions|deltas?|upgrades?|updates|patches)$/i.test(name));
}

/** The whole schema once more, as a tool dumps it: Rails' db/structure.sql, dbmate's db/schema.sql. */
export function isWholeSchema(path: string): boolean {
  return /(?:^|\/)db\/(?:\w*structure|schema)\.sql$/.test(path);
}

/**
 * The file was put aside and is applied no more, by the name of a folder or of the file: `supabase_discarded_migrations/…`, `migrations/_archive/…`,
 * `schema.old.sql`. What lies further up than the folders with SQL says nothing, and archives and backups can be what a program is about.
 */
export function isSetAside(path: string): boolean {
  const folders = path.split('/').slice(0, -1);
  return setAsideName.test(path.slice(path.lastIndexOf('/') + 1)) || folders.some((name, i) => {
    const plain = given.test(name);
    if (!plain && !kept.test(name)) return false;
    return (plain && i === folders.length - 1) || /^[_.]/.test(name) || folders.slice(0, i + 1).some((one) => holdsSql.test(one));
  });
}

const words = (list: string): RegExp => new RegExp(`(?:^|[^a-z])(?:${list})(?:$|[^a-z])`, 'i');
const given = words('archived|old|bak|deprecated|discarded|disabled|obsolete|outdated|superseded|unused|unapplied|abandoned|skipped|trash|graveyard|(?:not|never)[ _-]?applied|(?:do[ _-]?not|dont)[ _-]?(?:run|apply|use)');
const kept = words('archives?|backups?|legacy');
const holdsSql = words('sql|db|databases?|postgres(?:ql)?|supabase|prisma|hasura|migrations?|schemas?');
/** What a migration with a number is about stands in its name as well. */
const setAsideName = /^(?![vV]?\d)[^/]*[._-](?:old|bak|backup|deprecated|discarded|obsolete|unused|superseded|archived?)\.\w+$/i;
