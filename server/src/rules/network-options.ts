import { names } from './rule.ts';

/** What people can tell about their networks to the rules that judge how far a record reaches. */
export const networkOptions = { trustedNetworks: names([], 'Networks, such as 10.20.0.0/12, in which every machine is known and looked after.') };
