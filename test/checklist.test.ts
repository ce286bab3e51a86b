import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checklists } from '../server/src/checklist/checklist.ts';
import { knownIds, knownRules } from '../server/src/policy/catalog.ts';

const known = new Set(knownIds);

describe.each(checklists.map((list) => [list.title, list] as const))('%s', (_, { items }) => {
  test('numbers every item once', () => {
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  });

  test('names rules that exist', () => {
    expect(items.flatMap(({ id, rules }) => rules.filter((rule) => !known.has(rule)).map((rule) => `${id}: ${rule}`))).toEqual([]);
  });

  test('has a rule or a way out for every item', () => {
    expect(items.filter(({ rules, instead }) => rules.length === 0 && instead === undefined)).toEqual([]);
    for (const { instead } of items) if (instead !== undefined) expect(instead).toMatch(/^.{20,200}[./`]$/);
  });
});

test('every rule about configuration answers to some list', () => {
  const asked = new Set(checklists.flatMap(({ items }) => items.flatMap(({ rules }) => rules)));
  expect(knownRules.filter(({ id }) => /^(conf|hba|ident|cluster)\//.test(id) && !asked.has(id)).map(({ id }) => id)).toEqual([]);
});

test('no bullet of the best practices is left out', (context) => {
  const source = path.join(import.meta.dirname, '../../shared/reference/best-practices.txt');
  if (!existsSync(source)) return context.skip('the list is not beside the repository');
  const sections = readFileSync(source, 'utf8').split(/^## (?=\d+\. )/m).slice(1);
  const asked = sections.map((section) => section.match(/^ +- |^\*\*[^\n]*\n(?!\n? +- )/gm)!.length);
  const listed = sections.map((section) => checklists[0]!.items.filter(({ id }) => id.startsWith(`${Number.parseInt(section, 10)}.`)).length);
  expect(listed).toEqual(asked);
});
