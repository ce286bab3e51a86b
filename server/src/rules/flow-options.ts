import { names } from './rule.ts';

/** What people can tell about their own functions to the rules that follow text. */
export const flowOptions = {
  trustedFunctions: names([], 'Functions whose result is quoted already, such as `app.fqname`.'),
  sinks: names([], 'Functions that run their first argument as SQL, such as `app.run`; `app.log_and_run:2` runs its second one.'),
};
