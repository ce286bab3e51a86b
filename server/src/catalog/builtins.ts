import names from './builtins.json' with { type: 'json' };

/** The names in pg_catalog of the newest server. */
export const builtins = {
  relation: new Set(names.relations.split(' ')) as ReadonlySet<string>,
  routine: new Set(names.routines.split(' ')) as ReadonlySet<string>,
  type: new Set(names.types.split(' ')) as ReadonlySet<string>,
  operator: new Set(names.operators.split(' ')) as ReadonlySet<string>,
};
