// The name of a referenced record, when the answer brought it along.
import type { ApiRecord } from '../api/records.ts';
import { useText } from '../i18n/use-text.ts';
import classes from './value.module.css';

interface ReferenceValueProps {
  readonly relation: string;
  readonly record: ApiRecord;
  readonly value: unknown;
}

export function ReferenceValue({ relation, record, value }: ReferenceValueProps) {
  const { t } = useText();
  const related = record[relation];
  const name = typeof related === 'object' && related !== null ? (related as ApiRecord).display_name : undefined;
  if (typeof name === 'string' && name !== '') return <bdi>{name}</bdi>;
  if (related === null) return <span className={classes.gone}>{t('value.unavailable')}</span>;
  return (
    <bdi dir="ltr" className={classes.gone}>
      {String(value).slice(-8)}
    </bdi>
  );
}
