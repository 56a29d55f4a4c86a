// How much there may be of everything: what PostgreSQL and a schema that is built whole can carry.
import type { Check } from './subject.ts';

export const mostEntities = 1000;
/** PostgreSQL holds 1,600 columns a table, dropped ones and those set aside included. */
export const mostColumns = 1000;

export const checkLimits: Check = ({ source, fieldTypes, report }) => {
  for (const entity of source.entities.slice(mostEntities))
    report(entity, '', `There are ${source.entities.length} entities; at most ${mostEntities} are possible.`);
  for (const entity of source.entities) {
    const fields = Object.values(entity.fields).map((field) => fieldTypes.get(field.type)?.columns(field).length ?? 0);
    const relations = Object.values(entity.relations ?? {}).map(({ kind }) =>
      kind === 'belongsTo' ? 1 : kind === 'belongsToAny' ? 2 : 0,
    );
    const columns = [...fields, ...relations].reduce((sum: number, count) => sum + count, 0);
    if (columns > mostColumns)
      report(entity, '/fields', `The fields need ${columns} columns; a table has at most ${mostColumns} of them.`);
  }
};
