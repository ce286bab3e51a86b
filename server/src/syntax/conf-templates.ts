/** Lines of a file that a template engine, a shell or `sed` will still change. Lines count from 0. */
export interface TemplateLines {
  /** The line holds a placeholder outside its comment, or lies inside a tag. */
  readonly placeholders: ReadonlySet<number>;
  /** The line stands between `{% if … %}` and `{% endif %}` or the like. */
  readonly conditional: ReadonlySet<number>;
}

/** Never throws; a text without placeholders costs one search. */
export function findTemplateLines(text: string): TemplateLines {
  const placeholders = new Set<number>();
  const conditional = new Set<number>();
  if (!anyPlaceholder.test(text)) return { placeholders, conditional };

  let depth = 0;
  let closer: string | undefined;
  text.split('\n').forEach((line, number) => {
    if (closer !== undefined) {
      placeholders.add(number);
      if (line.includes(closer)) closer = undefined;
      return;
    }
    if (depth > 0) conditional.add(number);
    if (!anyPlaceholder.test(line)) return;
    // Template engines know nothing of our comments: a tag in one decides about the lines below all the same.
    depth = Math.max(0, depth + count(line, opening) - count(line, closing));
    // A placeholder in the comment behind a setting changes nothing.
    if (!anyPlaceholder.test(line.replace(/(^|\s)#(?!\}).*$/, ''))) return;
    placeholders.add(number);
    closer = unclosedTag(line);
  });
  return { placeholders, conditional };
}

/** `{{x}}`, `{%…%}`, `{#…#}`, `<%…%>`, `${X}`, `$X`, `%%X%%`, `@x@`. `"$user"` and `%d@%h` are PostgreSQL's own. */
const anyPlaceholder = /\{\{|\{%|\{#|<%[=#\-\s]|\$\{|\$[A-Z][A-Z0-9_]+|%%[A-Za-z]\w+%%|@[A-Za-z_][\w.-]*@/;

const opening = /(?:\{[{%]|<%)[-~=]?\s*(?:#\s*)?(?:if|unless|for|each|range|with)\b|\bdo\s*(?:\|[^|]*\|)?\s*-?%>/g;
const closing = /(?:\{[{%]|<%)[-~=]?\s*(?:end\w*|\/\s*(?:if|each|unless|with))\b/g;

const tags: readonly (readonly [string, string])[] = [['{{', '}}'], ['{%', '%}'], ['{#', '#}'], ['<%', '%>']];

function unclosedTag(line: string): string | undefined {
  return tags.find(([open, close]) => line.lastIndexOf(open) > line.lastIndexOf(close))?.[1];
}

function count(line: string, pattern: RegExp): number {
  return line.match(pattern)?.length ?? 0;
}
