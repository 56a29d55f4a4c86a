// The name of a referenced record: from the answer that brought it along, else asked for once.
import { useQuery } from '@tanstack/react-query';
import { type ApiRecord, readRecordName } from '../api/records.ts';
import { useText } from '../i18n/use-text.ts';
import classes from './value.module.css';

interface ReferenceValueProps {
  readonly relation: string;
  readonly target: string | undefined;
  readonly record: ApiRecord;
  /** The id. */
  readonly value: string;
}

/** The related record, if it is the one that the value names. */
function broughtName(record: ApiRecord, relation: string, id: string): string | undefined {
  const related = record[relation];
  if (typeof related !== 'object' || related === null || (related as ApiRecord).id !== id) return undefined;
  return (related as ApiRecord).display_name ?? undefined;
}

export function ReferenceValue({ relation, target, record, value }: ReferenceValueProps) {
  const { t } = useText();
  const known = broughtName(record, relation, value);
  const asked = useQuery({
    queryKey: ['name', target, value],
    queryFn: ({ signal }) => readRecordName(target ?? '', value, signal),
    enabled: known === undefined && target !== undefined,
    staleTime: 60_000,
  });
  const name = known ?? asked.data;
  if (name !== undefined && name !== '') return <bdi>{name}</bdi>;
  return <span className={classes.gone}>{asked.isFetching ? t('state.loading') : t('value.unavailable')}</span>;
}
