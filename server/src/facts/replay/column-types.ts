import type { NamePart } from '../sql/cursor.ts';
import type { State } from './replay-state.ts';

/** The types of parameters: `t.c%TYPE` is the type that the column has now. */
export function typesOf(state: State, types: readonly string[]): readonly string[] {
  return types.some((type) => type.endsWith(ofColumn)) ? types.map((type) => (type.endsWith(ofColumn) ? columnType(state, type) ?? type : type)) : types;
}

const ofColumn = '%type';

function columnType(state: State, type: string): string | undefined {
  const parts = type.slice(0, -ofColumn.length).split('.').map((name): NamePart => ({ name, text: name, kind: 'plain', start: 0, end: 0 }));
  const column = parts.pop();
  const [table] = parts.length > 0 ? state.relations.find({ parts, start: 0, end: 0 }, state.path, true) : [];
  return table?.columns.find(({ name }) => name === column?.name)?.type;
}
