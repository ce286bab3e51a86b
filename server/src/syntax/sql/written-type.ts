/**
 * A type as people write it: `"public"."kind"` of a dump is `public.kind`. What is no such name without its quotes keeps them, and so does `"char"`,
 * which is another type than `char`.
 */
export function withoutQuotes(type: string): string {
  return type.replace(/"([a-z_][a-z0-9_$]*)"/g, (quoted, name: string) => (name === 'char' ? quoted : name));
}
