import type { Parameter } from './parameters.ts';
import { shownSpelling } from './additions.ts';
import { readBoolean, readNumber, unitsFor } from './numbers.ts';
import { checkText, takesOnly } from './strings.ts';

/** The server's reason to refuse the value, as one plain sentence; undefined when it takes it. */
export function checkValue(parameter: Parameter, text: string, version: number): string | undefined {
  const { name } = parameter;
  if (parameter.context === 'internal') return `${name} cannot be set in a file; the server does not start with this line`;
  switch (parameter.type) {
    case 'bool': return readBoolean(text) === undefined ? `${name} takes only on or off; the server does not start with this value` : undefined;
    case 'enum': return checkEnum(parameter, text);
    case 'integer':
    case 'real': return checkNumber(parameter, text);
    case 'string': return checkString(parameter, text, version);
  }
}

/** The member of an enumeration that is meant, as the server shows it; upper case does not matter. */
export function readEnum(parameter: Parameter, text: string): string | undefined {
  const found = parameter.values?.find((value) => value.toLowerCase() === text.toLowerCase());
  return found === undefined ? undefined : shownSpelling(parameter, found);
}

function checkEnum(parameter: Parameter, text: string): string | undefined {
  if (readEnum(parameter, text) !== undefined) return undefined;
  const listed = (parameter.values ?? []).filter((value) => value !== '' && !/^(true|false|yes|no|1|0)$/.test(value));
  const message = `${parameter.name} ${takesOnly(listed)}; the server does not start otherwise`;
  return message.length > 110 ? `${parameter.name} does not know this value; the server does not start with it` : message;
}

function checkNumber(parameter: Parameter, text: string): string | undefined {
  const { name, unit, min, max } = parameter;
  const read = readNumber(text, parameter.type === 'integer' ? 'integer' : 'real', unit);
  if (typeof read === 'number') {
    if ((min === undefined || read >= min) && (max === undefined || read <= max)) {
      const wrong = gap(name, read);
      return wrong && `${name} ${wrong}; the server does not start with this value`;
    }
    return `${name} must be between ${shown(min, unit)} and ${shown(max, unit)}; the server does not start with this value`;
  }
  switch (read) {
    case 'unit': return unit === undefined
      ? `${name} takes a number without a unit; the server does not start with this value`
      : `${name} takes only the units ${unitsFor(unit).join(', ')}; the server does not start with this one`;
    case 'overflow': return `${name} is beyond what an integer holds; the server does not start with this value`;
    case 'number': return `${name} takes a number; the server does not start with this value`;
  }
}

/** Numbers inside the range that the server refuses all the same. */
function gap(name: string, value: number): string | undefined {
  if (name === 'vacuum_buffer_usage_limit') return value > 0 && value < 128 ? 'is 0 or at least 128 kB' : undefined;
  if (name === 'io_max_concurrency') return value === 0 ? 'is -1 or at least 1' : undefined;
  return slruBuffers.has(name) && value % 16 !== 0 ? 'is a multiple of 16 x 8kB' : undefined;
}

const slruBuffers: ReadonlySet<string> = new Set(['commit_timestamp', 'multixact_member', 'multixact_offset', 'notify', 'serializable', 'subtransaction', 'transaction'].map((cache) => `${cache}_buffers`));

function shown(limit: number | undefined, unit: string | undefined): string {
  return `${limit ?? ''}${unit === undefined ? '' : /^\d/.test(unit) ? ` x ${unit}` : ` ${unit}`}`;
}

function checkString({ name }: Parameter, text: string, version: number): string | undefined {
  const wrong = checkText(name, text, version);
  if (wrong === undefined) return undefined;
  const message = `${name} ${wrong}; the server does not start otherwise`;
  return message.length > 110 ? `${name} does not know this value; the server does not start with it` : message;
}
