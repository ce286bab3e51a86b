import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';

export interface Piece {
  readonly text: string;
  readonly scopes: string;
}

/** Reads the grammar of one scope name and returns a function that cuts a text into its scoped pieces, white space left out. */
export async function readGrammar(scope: string): Promise<(text: string) => Piece[]> {
  await loadRegularExpressions();
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (name) => {
      const file = `syntaxes/${name.replace('source.', '')}.tmLanguage.json`;
      return textmate.parseRawGrammar(readFileSync(file, 'utf8'), file);
    },
  });
  const grammar = await registry.loadGrammar(scope);
  if (grammar === null) throw new Error(`no grammar for ${scope}`);
  return (text) => {
    const pieces: Piece[] = [];
    let state = textmate.INITIAL;
    for (const line of text.split('\n')) {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
      state = ruleStack;
      for (const token of tokens) {
        const piece = line.slice(token.startIndex, token.endIndex);
        if (piece.trim() !== '') pieces.push({ text: piece, scopes: token.scopes.join(' ') });
      }
    }
    return pieces;
  };
}

/** The scopes of the first piece that is exactly `text`. */
export function scopesOf(pieces: readonly Piece[], text: string, nth = 0): string {
  const found = pieces.filter((piece) => piece.text === text)[nth];
  return found?.scopes ?? `no piece ${JSON.stringify(text)} in ${JSON.stringify(pieces.map((piece) => piece.text))}`;
}

let loaded: Promise<void> | undefined;

function loadRegularExpressions(): Promise<void> {
  const file = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  return (loaded ??= oniguruma.loadWASM(readFileSync(file)));
}
