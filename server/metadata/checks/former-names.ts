// Former names: until a time that exists, and none that something else is called now.
import { pointerOf } from '../pointer.ts';
import type { FormerName } from '../types.ts';
import type { Check } from './subject.ts';

export const checkFormerNames: Check = ({ source, report }) => {
  const words = new Set(source.entities.flatMap((entity) => [entity.plural, entity.singular]));
  for (const entity of source.entities) {
    const check = (former: readonly FormerName[] | undefined, pointer: string, current: ReadonlySet<string>): void => {
      for (const [at, { name, until }] of (former ?? []).entries()) {
        const place = `${pointer}/formerNames/${at}`;
        if (current.has(name)) report(entity, `${place}/name`, `"${name}" is a current name; it cannot also be a former one.`);
        if (Number.isNaN(Date.parse(until))) report(entity, `${place}/until`, `"${until}" is not a time that exists.`);
      }
    };
    check(entity.formerNames, '', words);
    const { fields, relations = {} } = entity;
    const members = new Set([...Object.keys(fields), ...Object.keys(relations)]);
    for (const [name, { formerNames }] of Object.entries(fields)) check(formerNames, pointerOf('fields', name), members);
    for (const [name, { formerNames }] of Object.entries(relations)) check(formerNames, pointerOf('relations', name), members);
  }
};
