// Ids: each stands once in the whole metadata, members of entities included; they outlive every rename.
import { pointerOf } from '../pointer.ts';
import { type Check, eachTwice } from './subject.ts';

interface Holder {
  readonly value: object;
  readonly pointer: string;
  readonly what: string;
}

export const checkIds: Check = ({ source, report }) => {
  const ids: (readonly [string, Holder])[] = [];
  const add = (id: string | undefined, value: object, pointer: string, what: string): void => {
    if (id === undefined) return;
    if (id.startsWith('sys_')) report(value, pointer, `Ids that begin with "sys_" belong to the engine.`);
    ids.push([id, { value, pointer, what }]);
  };
  const { optionSets, roles, layouts, views, dashboards, workflows, importMappings } = source;
  for (const [list, what] of [
    [optionSets, 'the option set'],
    [roles, 'the role'],
    [layouts, 'the layout'],
    [views, 'the view'],
    [dashboards, 'the dashboard'],
    [workflows, 'the workflow'],
    [importMappings, 'the import mapping'],
  ] as const) {
    for (const item of list) add(item.id, item, '/id', `${what} "${'name' in item ? item.name : item.id}"`);
  }
  for (const entity of source.entities) {
    add(entity.id, entity, '/id', `the entity "${entity.name}"`);
    for (const [name, field] of Object.entries(entity.fields)) {
      add(field.id, entity, pointerOf('fields', name, 'id'), `the field "${entity.name}.${name}"`);
    }
    for (const [name, relation] of Object.entries(entity.relations ?? {})) {
      add(relation.id, entity, pointerOf('relations', name, 'id'), `the relation "${entity.name}.${name}"`);
    }
    for (const [at, index] of (entity.indexes ?? []).entries()) {
      add(index.id, entity, pointerOf('indexes', at, 'id'), `an index of "${entity.name}"`);
    }
  }
  eachTwice(ids, (id, { value, pointer }, first) => report(value, pointer, `The id "${id}" is already that of ${first.what}.`));
};
