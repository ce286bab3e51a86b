/** Numbers below a limit, the same in every run. */
export type Random = (limit: number) => number;

export function random(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** `text` as an accident leaves it: cut, spliced with `other`, with strange characters or other line ends. */
export function damage(text: string, other: string, next: Random): string {
  let result = text;
  for (let times = 1 + next(3); times > 0; times--) result = accidents[next(accidents.length)]!(result, other, next);
  return result;
}

const strange = ['\0', '\ud800', '\udc00', '\ufeff', '\u2028', '\u00a0', '\r', '😀', 'é', '\x1a', "'", '"', '$$', '$a$', '/*', '*/', '--', '#', '\\', '(', ')', ';', '{{ x }}', ':v', '@'];

const accidents: readonly ((text: string, other: string, next: Random) => string)[] = [
  (text, _, next) => text.slice(0, next(text.length + 1)),
  (text, _, next) => text.slice(next(text.length + 1)),
  (text, other, next) => text.slice(0, next(text.length + 1)) + other.slice(next(other.length + 1)),
  (text, other, next) => insert(text, other, next),
  (text, _, next) => insert(text, strange[next(strange.length)]!, next),
  (text, _, next) => insert(text, strange[next(strange.length)]!, next),
  (text, _, next) => {
    const start = next(text.length + 1);
    return text.slice(0, start) + text.slice(start + 1 + next(20));
  },
  (text) => text.replace(/\r?\n/g, '\r\n'),
  (text) => text.replace(/\r?\n/g, '\r'),
  (text) => `\ufeff${text}`,
  (text) => text.toUpperCase(),
];

function insert(text: string, part: string, next: Random): string {
  const place = next(text.length + 1);
  return text.slice(0, place) + part + text.slice(place);
}
