// Records name roles: who may do what is written in them. A role that goes by another name takes them along.
import { isObject } from '../pointer.ts';
import { membersOf } from './find.ts';
import { noteOptions } from './values.ts';
import { objectsOf, type Step } from './work.ts';

/** After roles were renamed or retired. @param replace former name → new one */
export function noteRoles({ work }: Step<unknown>, replace: Readonly<Record<string, string>>): void {
  const roles = new Set(objectsOf(work, 'roles').map(({ value }) => String(value['name'])));
  for (const entity of objectsOf(work, 'entities'))
    for (const field of Object.values(membersOf(entity, 'fields')))
      if (isObject(field) && field['optionsFrom'] === 'roles')
        noteOptions(work, { entityId: entity.id, fieldId: field['id'] }, roles, replace);
}
