/**
 * True for a role that may do everything in the database anyway: the superusers of PostgreSQL and of managed services,
 * the owner of the database, and whoever runs the statement.
 */
export function isTrustedRole(name: string): boolean {
  return trusted.has(name);
}

/** True for a role whose name says that it is to administer or own what is there: it is meant to have every privilege. */
export function isAdministrator(name: string): boolean {
  return /(^|_)(owner|admin|administrator|adm|dba|migrat\w*)($|_)/.test(name);
}

/** Roles that a platform makes in every database of its own. A dump of all roles speaks of them; nobody who reads it can change them. */
export function isPlatformRole(name: string): boolean {
  return /^(supabase_(\w+_)?admin|supabase_(privileged_role|read_only_user)|nhost_(\w+_)?admin|nhost_hasura|rds_\w+|rdsadmin|cloudsql\w+|azure_pg_admin|neon_superuser)$/.test(name);
}

const trusted = new Set([
  'postgres', 'current_user', 'current_role', 'session_user', 'pg_database_owner',
  'rdsadmin', 'rds_superuser', 'enterprisedb', 'cloudsqladmin', 'cloudsqlsuperuser', 'alloydbsuperuser', 'azure_pg_admin', 'azuresu', 'supabase_admin',
]);
