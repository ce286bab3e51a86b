import type { Document } from '../document.ts';
import type { Place } from '../facts/schema.ts';
import { Lines } from '../text.ts';

/** `opens`: somebody can do what nobody could before. `closes`: the reverse. `changes`: neither can be told. */
export const effects = ['opens', 'closes', 'changes'] as const;
export type Effect = (typeof effects)[number];

export interface SecurityChange {
  readonly effect: Effect;
  /** One sentence without a full stop. */
  readonly text: string;
  readonly path: string;
  /** From 1. */
  readonly line?: number;
  /** The place is one of the old files. */
  readonly gone?: true;
}

/** Says where something stands, by the texts of one side. */
export class Texts {
  readonly #texts = new Map<string, string>();
  readonly #lines = new Map<string, Lines>();

  constructor(documents: readonly Document[]) {
    for (const { path, text, set } of documents) {
      this.#texts.set(path, text);
      for (const file of set?.files ?? []) this.#texts.set(file.path, file.text);
    }
  }

  at({ path, at }: Pick<Place, 'path' | 'at'>): { path: string; line?: number } {
    const text = this.#texts.get(path);
    if (text === undefined) return { path };
    let lines = this.#lines.get(path);
    if (lines === undefined) this.#lines.set(path, (lines = new Lines(text)));
    return { path, line: lines.position(at.start).line + 1 };
  }
}
