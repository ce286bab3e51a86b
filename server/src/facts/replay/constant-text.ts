import { arrayOf, textOf, valueOf, type Constants } from './constant-value.ts';

/** The text that an expression of constants yields; undefined when more than constants is in it. */
export function constantOf(text: string, constants: Constants): string | undefined {
  return textOf(valueOf(text, constants));
}

/** The texts in an array of constants. */
export function constantListOf(text: string, constants: Constants): readonly string[] | undefined {
  const value = valueOf(text, constants);
  const list = typeof value === 'string' ? arrayOf(value) : Array.isArray(value) ? value as readonly string[] : undefined;
  return list?.every((one) => typeof one === 'string') ? list : undefined;
}
