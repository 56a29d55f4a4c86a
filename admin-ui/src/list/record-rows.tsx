// What stands below the toolbar of a list: skeleton, failure, emptiness, cards on phones, else the table.
import { Button, Skeleton, Stack } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconFilterOff, IconInbox } from '@tabler/icons-react';
import type { MetaEntity, MetaField } from '../../../server/forms/meta-document.ts';
import { useText } from '../i18n/use-text.ts';
import { Failure } from '../shell/failure.tsx';
import { PageMessage } from '../shell/page-message.tsx';
import classes from './list.module.css';
import { RecordCards } from './record-cards.tsx';
import { RecordTable } from './record-table.tsx';
import type { Records } from './use-records.ts';

export interface RecordRowsProps {
  readonly entity: MetaEntity;
  readonly columns: readonly MetaField[];
  readonly records: Records;
  readonly sort: string | undefined;
  readonly filtered: boolean;
  readonly onSort: (sort: string | undefined) => void;
  readonly onClear: () => void;
}

function Waiting() {
  const { t } = useText();
  return (
    <Stack gap={0} className={classes.surface} role="status" aria-label={t('state.loading')}>
      {Array.from({ length: 12 }, (_, index) => `row-${index}`).map((key) => (
        <div key={key} className={classes.waiting}>
          <Skeleton height={12} width="24%" />
          <Skeleton height={12} width="32%" />
          <Skeleton height={12} width="14%" />
        </div>
      ))}
    </Stack>
  );
}

function Nothing({ entity, filtered, onClear }: Pick<RecordRowsProps, 'entity' | 'filtered' | 'onClear'>) {
  const { t, many } = useText();
  return (
    <div className={classes.surface}>
      {filtered ? (
        <PageMessage icon={<IconFilterOff />} title={t('list.noMatch')} detail={t('list.noMatchDetail')}>
          <Button variant="light" onClick={onClear}>
            {t('list.clear')}
          </Button>
        </PageMessage>
      ) : (
        <PageMessage icon={<IconInbox />} title={t('list.empty', { many: many(entity.label) })} detail={t('list.emptyDetail')} />
      )}
    </div>
  );
}

export function RecordRows(props: RecordRowsProps) {
  const { records } = props;
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  if (records.error !== null && records.rows.length === 0) {
    return (
      <div className={classes.surface}>
        <Failure error={records.error} onRetry={records.retry} />
      </div>
    );
  }
  if (records.isLoading) return <Waiting />;
  if (records.rows.length === 0) return <Nothing {...props} />;
  return phone ? <RecordCards {...props} /> : <RecordTable {...props} />;
}
