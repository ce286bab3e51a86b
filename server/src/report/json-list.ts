/**
 * `content` as `JSON.stringify` writes it with two spaces, with what is `written` of `items` in its last list, which has to be empty: one
 * after the other, because all of them at once take many times the memory of their text.
 */
export function* jsonWithList<T>(content: unknown, items: Iterable<T>, written: (item: T) => unknown): Generator<string> {
  const text = JSON.stringify(content, null, 2);
  const at = text.lastIndexOf('[]');
  const outer = /^ */.exec(text.slice(text.lastIndexOf('\n', at) + 1))![0];
  let some = false;
  for (const item of items) {
    yield `${some ? ',' : `${text.slice(0, at)}[`}\n${outer}  ${JSON.stringify(written(item), null, 2).replaceAll('\n', `\n${outer}  `)}`;
    some = true;
  }
  yield some ? `\n${outer}]${text.slice(at + 2)}\n` : `${text}\n`;
}
