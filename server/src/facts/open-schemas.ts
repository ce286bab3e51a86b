import { Cursor } from './cursor.ts';
import { isPublic, readGrant } from './grants.ts';
import type { SqlFacts } from './sql.ts';

/** The schemas in which every role may create objects by a GRANT of the file that it does not take back. */
export function openSchemas(facts: SqlFacts): ReadonlySet<string> {
  const open = new Set<string>();
  for (const { written, inside } of facts.commands) {
    if (inside === 'routine' || (written.head !== 'GRANT' && written.head !== 'REVOKE')) continue;
    const grant = readGrant(Cursor.over(written));
    if (grant?.on !== 'schema' || !grant.roles.some(isPublic) || !grant.privileges.some((privilege) => privilege === 'CREATE' || privilege === 'ALL')) continue;
    for (const { name } of grant.schemas) {
      if (grant.revoke) open.delete(name);
      else open.add(name);
    }
  }
  return open;
}
