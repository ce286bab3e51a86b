import { Notes } from '../notes.ts';
/** Many rules ask the same of the facts of one document: it is found out once. */
export function remembered<F extends object, T>(find: (facts: F) => T): (facts: F) => T {
  const known = new Notes<F, T>();
  return (facts) => {
    let found = known.get(facts);
    if (found === undefined) known.set(facts, (found = find(facts)));
    return found;
  };
}
