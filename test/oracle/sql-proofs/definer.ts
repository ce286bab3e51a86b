import type { SqlProof } from '../sql-proofs.ts';

export const definer: readonly SqlProof[] = [
  {
    rule: 'sql/security-definer-public-execute',
    before: 'CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC;',
    file: "CREATE FUNCTION app.secret() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT 'secret' $$;\n",
    after: 'GRANT EXECUTE ON FUNCTION app.secret() TO alice;',
    attack: { as: 'mallory', run: ['SELECT app.secret()'], gets: 'secret', stopped: /permission denied for function secret/ },
    honest: { as: 'alice', run: ['SELECT app.secret()'], gets: 'secret' },
  },
];
