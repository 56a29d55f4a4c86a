// The page of one record: read it and its form, then hand both to the editor.
import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import { readRecord } from '../api/records.ts';
import { useText } from '../i18n/use-text.ts';
import { formQuery } from '../metadata/query.ts';
import { useEntity } from '../metadata/use-metadata.ts';
import { Failure } from '../shell/failure.tsx';
import { NotFound } from '../shell/not-found.tsx';
import classes from './record.module.css';
import { RecordEditor } from './record-editor.tsx';

const route = getRouteApi('/records/$entity/$id');

/** To-one relations, so that references show names. */
const includesOf = (entity: MetaEntity): readonly string[] =>
  Object.entries(entity.relations).flatMap(([name, relation]) => (relation.kind === 'belongsTo' ? [name] : []));

export function RecordWaiting() {
  const { t } = useText();
  return (
    <div className={classes.page} role="status" aria-label={t('state.loading')}>
      <Skeleton height={28} width="30%" mt="md" mb="lg" />
      <div className={classes.columns}>
        <Skeleton height={420} radius="md" />
        <Skeleton height={240} radius="md" />
      </div>
    </div>
  );
}

function Page({ entity, id }: { readonly entity: MetaEntity; readonly id: string }) {
  const { language, many } = useText();
  const form = useQuery(formQuery(entity.name, language));
  const record = useQuery({
    queryKey: ['record', entity.name, id],
    queryFn: ({ signal }) => readRecord(entity.name, id, includesOf(entity), signal),
  });
  const error = record.error ?? form.error;
  if (error !== null && (record.data === undefined || form.data === undefined)) {
    return (
      <Failure order={1} error={error} onRetry={() => void Promise.all([record.refetch(), form.refetch()])}>
        <Button
          variant="light"
          renderRoot={(props) => <Link {...props} to="/records/$entity" params={{ entity: entity.name }} search={{}} />}
        >
          {many(entity.label)}
        </Button>
      </Failure>
    );
  }
  if (record.data === undefined || form.data === undefined) return <RecordWaiting />;
  return <RecordEditor key={id} entity={entity} form={form.data} record={record.data} />;
}

export default function RecordPage() {
  const { entity: name, id } = route.useParams();
  const entity = useEntity(name);
  return entity === undefined ? <NotFound /> : <Page key={`${name}/${id}`} entity={entity} id={id} />;
}
