import type { Effect } from './effects.ts';
import { lastPart } from './named.ts';

/**
 * The part of an effect that counts when nobody knows whether or when it happens: what makes things safer, and that objects
 * exist. Undefined when nothing of it does.
 */
export function mendingPart(effect: Effect): Effect | undefined {
  switch (effect.do) {
    case 'grant': return effect.grant.revoke ? effect : undefined;
    case 'default privileges': return effect.grant.revoke ? effect : undefined;
    case 'grant role': return effect.revoke ? effect : undefined;
    case 'alter role': {
      const attributes = effect.changes.attributes.filter(({ attribute, on }) => !on && attribute !== 'inherit');
      return attributes.length > 0 ? { ...effect, changes: { attributes } } : undefined;
    }
    case 'alter routine': {
      const { security, path } = effect.changes;
      const changes = { ...security?.definer === false ? { security } : {}, ...path && path.kind !== 'cleared' ? { path } : {} };
      return changes.security || changes.path ? { ...effect, changes } : undefined;
    }
    case 'alter relation': return isSafer(effect.action) ? effect : undefined;
    case 'create policy': case 'set owner': case 'set path': case 'enter schema': case 'leave schema': return effect;
    case 'create relation': case 'create routine': case 'create type': case 'create aggregate': case 'create schema': case 'create role': case 'create extension': return effect;
    default: return undefined;
  }
}

/** The names by which an effect's objects can be found; undefined when it names none of them. */
export function targetsOf(effect: Effect): readonly string[] | undefined {
  switch (effect.do) {
    case 'grant': return effect.grant.everything ? undefined : [...effect.grant.objects.map(({ name }) => lastPart(name).name), ...effect.grant.schemas.map(({ name }) => name)];
    case 'grant role': return effect.roles.map(({ name }) => name);
    case 'create routine': return [lastPart(effect.text.name).name];
    case 'alter routine': return [lastPart(effect.routine.name).name];
    case 'alter relation': case 'create relation': case 'create type': case 'create aggregate': return [lastPart(effect.name).name];
    case 'create policy': return [lastPart(effect.table).name];
    case 'set owner': return [lastPart(effect.object.name).name];
    case 'alter role': case 'create role': case 'create schema': case 'create extension': return [effect.name.name];
    case 'default privileges': return undefined;
    default: return [];
  }
}

type Action = Extract<Effect, { do: 'alter relation' }>['action'];

function isSafer(action: Action): boolean {
  switch (action.set) {
    case 'rls': case 'forced': return action.on;
    case 'options': return action.options.some(({ name, value }) => /^security_(invoker|barrier)$/.test(name) && /^(true|on|yes|1)$/i.test(value));
    case 'column': return true;
    default: return false;
  }
}
