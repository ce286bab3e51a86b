import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '..');
const readJson = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Record<string, string>;
const sources = readdirSync(path.join(root, 'client/src')).map((name) => {
  const text = readFileSync(path.join(root, 'client/src', name), 'utf8');
  return { name, tree: ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true) };
});
const languages = readdirSync(path.join(root, 'l10n')).map((name) => /^bundle\.l10n\.(.+)\.json$/.exec(name)![1]!);

/** What people of every language know under this name, and the report for those who help, which they read in English. */
const untranslated = /^(GitHub Actions|GitLab CI\/CD|GitLab SAST|GitLab Code Quality|Markdown|Checkstyle|JUnit|PostgreSQL|PostgreSQL \{\})$/;
const english: Readonly<Record<string, string>> = { 'compare.ts': 'unshallow', 'diagnostics.ts': 'lines', 'sample.ts': 'sampleText', 'project.ts': 'firstText', 'pipelines.ts': 'text' };

describe('what the extension says', () => {
  const said = sources.flatMap(({ tree }) => localized(tree));

  test.each(languages)('is complete in %s', (language) => {
    expect(Object.keys(readJson(`l10n/bundle.l10n.${language}.json`)).sort()).toEqual([...new Set(said)].sort());
  });

  test.each(languages)('keeps its placeholders in %s', (language) => {
    for (const [text, translated] of Object.entries(readJson(`l10n/bundle.l10n.${language}.json`))) expect(placeholders(translated), text).toEqual(placeholders(text));
  });

  test.each(sources)('is translatable in $name', ({ name, tree }) => {
    expect(words(tree, english[name])).toEqual([]);
  });
});

describe('what package.json says', () => {
  const keys = [...readFileSync(path.join(root, 'client/contributes.json'), 'utf8').matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key!);

  test('has a text for each key, and no text without one', () => {
    expect(Object.keys(readJson('package.nls.json')).sort()).toEqual([...new Set(keys)].sort());
  });

  test.each(languages)('is complete in %s', (language) => {
    const [original, translated] = [readJson('package.nls.json'), readJson(`package.nls.${language}.json`)];
    expect(Object.keys(translated)).toEqual(Object.keys(original));
    for (const [key, text] of Object.entries(original)) {
      expect(commands(translated[key]!), key).toEqual(commands(text));
      expect(codes(translated[key]!), key).toEqual(codes(text));
    }
  });

  test('leaves no title, description or name out', () => {
    const plain = [...readFileSync(path.join(root, 'client/contributes.json'), 'utf8').matchAll(/"(?:title|description|markdownDescription|category|name|contextualTitle|altText)": "([^%"][^"]*)"/g)];
    expect(plain.map(([, text]) => text)).toEqual([]);
  });
});

function localized(tree: ts.Node): string[] {
  const found: string[] = [];
  visit(tree, (node) => {
    if (!isLocalizing(node)) return true;
    const [text] = node.arguments;
    if (!text || !ts.isStringLiteral(text)) throw new Error(`Not a plain text: ${node.getText()}`);
    found.push(text.text);
    return true;
  });
  return found;
}

/** Texts for people that are not localised: of several words, or starting with a capital letter. `except`: the name of what may hold some. */
function words(tree: ts.Node, except: string | undefined): string[] {
  const found: string[] = [];
  visit(tree, (node) => {
    if (isLocalizing(node) || ts.isImportDeclaration(node) || ts.isTypeNode(node)) return false;
    if ((ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node)) && node.name.getText() === except) return false;
    const text = ts.isTemplateExpression(node) ? [node.head, ...node.templateSpans.map(({ literal }) => literal)].map((part) => part.text).join('{}')
      : ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) ? node.text : '';
    if (/[a-z] [A-Za-z]|^[A-Z][a-z]/.test(text) && !untranslated.test(text) && !/^(npx|group) /.test(text)) found.push(text);
    return true;
  });
  return found;
}

function isLocalizing(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.getText() === 'vscode.l10n.t';
}

/** `look` says whether to go on below a node. */
function visit(node: ts.Node, look: (node: ts.Node) => boolean): void {
  if (look(node)) ts.forEachChild(node, (child) => visit(child, look));
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\d\}/g)].map(([placeholder]) => placeholder).sort();
}

function commands(text: string): string[] {
  return [...text.matchAll(/\]\((command:[\w.]+)\)/g)].map(([, command]) => command!);
}

function codes(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
}
