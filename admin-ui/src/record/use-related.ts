// Reads the rows of a related list: by the field that points back, or, through a link entity, as an include of the record.
import { useQuery } from '@tanstack/react-query';
import type { Condition } from '../../../server/conditions/tree.ts';
import type { FormRelatedList } from '../../../server/forms/form-document.ts';
import type { MetaEntity, MetaField } from '../../../server/forms/meta-document.ts';
import { listRecords, type RecordPage, readRecord } from '../api/records.ts';
import { selectionOf } from '../list/columns.ts';

function listQuery(
  list: FormRelatedList,
  entity: string,
  id: string,
  target: MetaEntity,
  columns: readonly MetaField[],
): URLSearchParams {
  const { fields, include } = selectionOf(target, columns);
  const equals = (fact: string, value: string): Condition => ({ fact, operator: 'equal', value });
  const parts = [...(list.typeField === undefined ? [] : [equals(list.typeField, entity)]), equals(list.field ?? 'id', id)];
  return new URLSearchParams({
    filter: JSON.stringify({ all: parts }),
    fields,
    limit: String(list.limit),
    count: 'exact',
    ...(include === '' ? {} : { include }),
    ...(list.sort === undefined ? {} : { sort: list.sort.join(',') }),
  });
}

export function useRelated(
  list: FormRelatedList,
  entity: MetaEntity,
  id: string,
  target: MetaEntity,
  columns: readonly MetaField[],
) {
  return useQuery({
    queryKey: ['related', entity.name, id, list.relation],
    queryFn: async ({ signal }): Promise<RecordPage> => {
      if (list.field !== undefined) return listRecords(target.name, listQuery(list, entity.name, id, target, columns), signal);
      const record = await readRecord(entity.name, id, [list.relation], signal);
      return record[list.relation] as RecordPage;
    },
  });
}
