/** The roles that are superuser: of PostgreSQL itself, of Amazon RDS, of EDB Postgres Advanced Server. */
export const superusers = ['postgres', 'rdsadmin', 'enterprisedb'] as const;
