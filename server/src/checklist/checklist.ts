import { bestPractices } from './best-practices.ts';
import { cis } from './cis.ts';
import { cloud } from './cloud.ts';
import { stig } from './stig.ts';

/** One thing that somebody else's list asks for, in our words. */
export interface Item {
  /** Its number in the list. */
  readonly id: string;
  readonly what: string;
  /** The rules that look for it in files. */
  readonly rules: readonly string[];
  /** What files cannot show of it, and what to do instead. Always there when no rule looks for it. */
  readonly instead?: string;
}

export interface Checklist {
  readonly title: string;
  readonly source: string;
  /** Which edition the numbers are those of. */
  readonly note: string;
  readonly items: readonly Item[];
}

export const checklists: readonly Checklist[] = [bestPractices, cis, stig, cloud];

/** Who asks for a rule: `CIS 5.4`, `STIG CD12-00-011500`, `CKV_GCP_52`. */
export function controlsOf(rule: string): string[] {
  return [[cis, 'CIS '] as const, [stig, 'STIG '] as const, [cloud, ''] as const].flatMap(([list, name]) =>
    list.items.filter(({ rules }) => rules.includes(rule)).map(({ id }) => `${name}${id}`));
}
