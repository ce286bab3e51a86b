import { describe, expect, test } from 'vitest';
import { hiddenParameters, laterReleases, oldNames } from '../../server/src/catalog/additions.ts';
import { describeParameter } from '../../server/src/catalog/descriptions.ts';
import texts from '../../server/src/catalog/descriptions.json' with { type: 'json' };
import generated from '../../server/src/catalog/parameters.json' with { type: 'json' };

describe('the descriptions of parameters', () => {
  test('leave none out', () => {
    const names = [...Object.keys(generated), ...Object.keys(oldNames), ...[...hiddenParameters, ...laterReleases].map(({ name }) => name)];
    expect(names.filter((name) => describeParameter(name) === undefined)).toEqual([]);
  });

  test('are one to three plain sentences', () => {
    const isPlain = (text: string) => /^[A-Z][^\n<>`]{30,399}\.$/.test(text) && !text.includes('  ') && text.split(/\. (?=[A-Z])/).length <= 3;
    expect(Object.entries(texts).filter(([, text]) => !isPlain(text)).map(([name]) => name)).toEqual([]);
  });

  test('are each of its own', () => {
    const all = Object.values(texts);
    expect(all.filter((text, i) => all.indexOf(text) !== i)).toEqual([]);
  });

  test('stand in alphabetical order', () => {
    const names = Object.keys(texts).map((name) => name.toLowerCase());
    expect(names).toEqual([...names].sort());
  });

  test('are found by a name in any case and by an old name', () => {
    expect(describeParameter('WORK_MEM')).toBe(texts.work_mem);
    expect(describeParameter('datestyle')).toBe(texts.DateStyle);
    expect(describeParameter('sort_mem')).toBe(texts.work_mem);
    expect(describeParameter('PgAudit.log')).toBe(texts['pgaudit.log']);
    expect(describeParameter('ssl_ecdh_curve')).toBe(texts.ssl_ecdh_curve);
    expect(describeParameter('no_such_parameter')).toBeUndefined();
    expect(describeParameter('constructor')).toBeUndefined();
  });
});
