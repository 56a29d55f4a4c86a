// The page where a record is made; a related list may have set where it belongs.
import { Button } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { FormDocument } from '../../../server/forms/form-document.ts';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import { createRecord } from '../api/records.ts';
import type { FormValues } from '../form/form-context.ts';
import { bodyOf, defaultsOf, withoutHidden } from '../form/form-data.ts';
import { useText } from '../i18n/use-text.ts';
import { formQuery } from '../metadata/query.ts';
import { useEntity } from '../metadata/use-metadata.ts';
import { Failure } from '../shell/failure.tsx';
import { NotFound } from '../shell/not-found.tsx';
import { showToast } from '../shell/toast.ts';
import { writableOnly } from './create-form.ts';
import { EditorForm } from './editor-form.tsx';
import classes from './record.module.css';
import { RecordHead } from './record-head.tsx';
import { RecordWaiting } from './record-page.tsx';
import { UnsavedGuard } from './unsaved-guard.tsx';
import { useEditor } from './use-editor.ts';

const route = getRouteApi('/records/$entity/new');
const formId = 'record-form';
const submitForm = (): void => (document.getElementById(formId) as HTMLFormElement | null)?.requestSubmit();

interface CreatorProps {
  readonly entity: MetaEntity;
  readonly form: FormDocument;
  readonly given: FormValues;
}

function Creator({ entity, form, given }: CreatorProps) {
  const { t, one } = useText();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { properties } = form.schema;
  const editor = useEditor(entity, form, null, defaultsOf(properties, given));
  const [leaving, setLeaving] = useState(false);
  useHotkeys([['mod+S', submitForm]], []);
  const create = async (values: FormValues): Promise<void> => {
    const made = await editor.save(() =>
      createRecord(entity.name, bodyOf(withoutHidden({}, values, editor.state.hidden), properties)),
    );
    if (made === undefined) return;
    setLeaving(true);
    void showToast({ message: t('record.created', { one: one(entity.label) }), color: 'teal' });
    void queries.invalidateQueries({ queryKey: ['records', entity.name] });
    void queries.invalidateQueries({ queryKey: ['related'] });
    await navigate({
      to: '/records/$entity/$id',
      params: { entity: entity.name, id: made.id },
      replace: true,
      ignoreBlocker: true,
    });
  };
  return (
    <div className={classes.page}>
      <UnsavedGuard when={editor.dirty && !leaving} />
      <RecordHead entity={entity} record={null} title={t('record.new', { one: one(entity.label) })}>
        <Button
          variant="default"
          renderRoot={(props) => <Link {...props} to="/records/$entity" params={{ entity: entity.name }} search={{}} />}
        >
          {t('action.cancel')}
        </Button>
        <Button type="submit" form={formId} loading={editor.saving} aria-keyshortcuts="Control+S">
          {t('action.create')}
        </Button>
      </RecordHead>
      <div className={classes.single}>
        <EditorForm
          id={formId}
          entity={entity}
          form={form}
          record={null}
          editor={editor}
          readOnly={false}
          onSubmit={(values) => void create(values)}
        />
      </div>
    </div>
  );
}

function Page({ entity }: { readonly entity: MetaEntity }) {
  const { language } = useText();
  const { set } = route.useSearch();
  const form = useQuery({ ...formQuery(entity.name, language), select: writableOnly });
  if (form.error !== null && form.data === undefined)
    return <Failure order={1} error={form.error} onRetry={() => void form.refetch()} />;
  return form.data === undefined ? <RecordWaiting /> : <Creator entity={entity} form={form.data} given={set ?? {}} />;
}

export default function CreatePage() {
  const { entity: name } = route.useParams();
  const entity = useEntity(name);
  return entity?.operations.includes('create') ? <Page key={name} entity={entity} /> : <NotFound />;
}
