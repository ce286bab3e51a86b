import type { Position, Range } from 'vscode-languageserver';
import { URI } from 'vscode-uri';
import type { Lines, Span } from '../text.ts';

/** Path of a file or folder on disk with `/`, none at its end, or undefined when the document lives elsewhere (untitled, virtual). */
export function filePath(uri: string): string | undefined {
  const parsed = URI.parse(uri);
  return parsed.scheme === 'file' ? parsed.fsPath.replaceAll('\\', '/').replace(/(.)\/$/, '$1') : undefined;
}

/** A path for every document: of what is not on disk only the name matters. */
export function anyPath(uri: string): string {
  return filePath(uri) ?? URI.parse(uri).path;
}

export function fileUri(path: string): string {
  return URI.file(path).toString();
}

/**
 * Offsets of a text to the editor's positions. An editor hides the byte order mark of a file, so the positions
 * of a text that was read from disk count without it.
 */
export class Places {
  readonly #lines: Lines;
  readonly #hidden: number;

  constructor(lines: Lines, markHidden: boolean) {
    this.#lines = lines;
    this.#hidden = markHidden ? 1 : 0;
  }

  position(offset: number): Position {
    const { line, column } = this.#lines.position(offset);
    return { line, character: line === 0 ? Math.max(0, column - this.#hidden) : column };
  }

  range({ start, end }: Span): Range {
    return { start: this.position(start), end: this.position(end) };
  }

  span({ start, end }: Range): Span {
    return { start: this.#offset(start), end: this.#offset(end) };
  }

  #offset({ line, character }: Position): number {
    return this.#lines.offset({ line, column: character + (line === 0 ? this.#hidden : 0) });
  }
}
