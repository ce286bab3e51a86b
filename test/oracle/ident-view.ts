import { parseIdent, type IdentRecord } from '../../server/src/syntax/ident.ts';
import type { Format } from './rows.ts';

/** The columns of pg_ident_file_mappings: map_name, sys_name, pg_username. */
export const identFormat: Format = {
  lines: (document) => parseIdent(document.text, document.version).lines,
  columns(_, line) {
    const { map, systemUser, databaseUser } = line as IdentRecord;
    return [map.text, systemUser.text, databaseUser.text];
  },
};
