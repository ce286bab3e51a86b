import type { Relation } from '../schema.ts';

/** The rows are what somebody proves himself with once: whoever reads one takes over the account that it is for. */
export function holdsOneTimeCodes({ name }: Pick<Relation, 'name'>): boolean {
  return codes.test(name);
}

const codes = new RegExp(`(^|_)(${[
  'otps?', '(one_?time|verification|verify|confirmation|activation|recovery|login|auth|sms|mfa|2fa|two_factor|backup)_(codes?|passwords?|tokens?|pins?)',
  'pass(word)?_?(resets?|recover(y|ies))(_(tokens?|codes?|requests?))?', 'reset_(tokens?|codes?)', '(email|phone|sms)_(verifications?|confirmations?)', 'magic_(links?|tokens?)',
].join('|')})$`);
