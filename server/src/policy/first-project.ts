/** What a new project file can say without asking anybody. */
export interface Found {
  /** How each PostgreSQL version that files are looked at for is known. */
  readonly versions: ReadonlyMap<number, string>;
  /** Folders of SQL files by the layout that they have; `none` where nothing tells the order of the files. */
  readonly layouts: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The text of a project file for somebody who has none, with what else could be said as comments. */
export function firstProject({ versions, layouts }: Found): string {
  const presets = ['recommended', ...['supabase', 'extension'].filter((layout) => layouts.has(layout))];
  const unordered = [...layouts.get('none') ?? []].sort();
  const known = [...layouts.keys()].filter((layout) => layout !== 'none' && layout !== 'configured').sort();
  const chosen = [...versions].sort(([a], [b]) => a - b).map(([version, origin]) => `${version} (${origin})`);
  return `// What pgrampart looks at, and how: in the editor, on the command line and in CI.
{
  // Sets of rules: recommended, strict (more than most want to hear), cloud, extension, supabase
  "extends": ${JSON.stringify(presets.map((preset) => `pgrampart:${preset}`)).replaceAll(',', ', ')},

  // 13 to 18. "auto" goes by PG_VERSION, folder names and container images${chosen.length > 0 ? `; here: ${chosen.join(', ')}` : ''}
  "postgresVersion": "auto",

  // "production" takes every file seriously; "development" lowers what is usual on machines for trying things out
  // "environment": "production",

  // Networks in which every machine is known, and roles that are superuser
  // "trustedNetworks": ["10.20.0.0/16"],
  // "superusers": ["postgres"],

  // Functions whose result is safe inside of dynamic SQL, and functions that run their argument
  // "trustedFunctions": ["app.quote_list"],
  // "sinks": ["app.run"],

  // Schemas that an API hands out, and roles that applications log in as
  // "exposedSchemas": ["public"],
  // "applicationRoles": ["app"],

  // Files that are somebody else's; .gitignore counts anyway
  // "exclude": ["third_party/**"],

${migrationLines(unordered, known)}
  "rules": {
    // "hba/trust-local": "off",
    // "conf/*": "low"
  },

  // Other rules for some files
  // "overrides": [{ "files": ["test/**"], "rules": { "hba/*": "low" } }],

  // A suppression comment has to say why
  // "suppressions": { "requireReason": true },

  // To begin with what is there and hear only of what is new: pgrampart scan --update-baseline
  // "baseline": "pgrampart-baseline.json",

  // From which severity on the command line fails: critical, high, medium, low, info, none
  "failOn": "medium"
}
`;
}

function migrationLines(unordered: readonly string[], known: readonly string[]): string {
  const told = known.length > 0 ? `  // The order of SQL files is known for: ${known.join(', ')}\n` : '';
  if (unordered.length === 0) return `${told}  // SQL files of one database in the order in which they are applied, where their names do not tell it\n  // "migrations": ["db/tables/*.sql", "db/functions/*.sql"],\n`;
  const patterns = unordered.slice(0, 5).map((folder) => JSON.stringify(folder === '.' ? './*.sql' : `${folder}/*.sql`));
  return `${told}  // Nothing tells in which order these SQL files are applied. If they make up one database, say so:\n  // "migrations": [${patterns.join(', ')}],\n`;
}
