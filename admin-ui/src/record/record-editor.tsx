// A record being read and changed: head with actions, form, related lists and panels, aside with its story.
import { Button } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useEffectEvent, useState } from 'react';
import type { FormDocument } from '../../../server/forms/form-document.ts';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import { type ApiRecord, updateRecord } from '../api/records.ts';
import type { FormValues } from '../form/form-context.ts';
import { patchOf, valuesOf, withoutHidden } from '../form/form-data.ts';
import { useText } from '../i18n/use-text.ts';
import { useMetadata } from '../metadata/use-metadata.ts';
import { Late } from '../shell/late.tsx';
import { showToast } from '../shell/toast.ts';
import { EditorForm } from './editor-form.tsx';
import { InfoCard } from './info-card.tsx';
import { ConflictDialog, DeleteDialog } from './late-dialogs.ts';
import classes from './record.module.css';
import { RecordHead } from './record-head.tsx';
import { TabPanels } from './tab-panels.tsx';
import { UnsavedGuard } from './unsaved-guard.tsx';
import { useEditor } from './use-editor.ts';

interface RecordEditorProps {
  readonly entity: MetaEntity;
  readonly form: FormDocument;
  readonly record: ApiRecord;
}

const TimelinePanel = lazy(() => import('./timeline-panel.tsx'));

const formId = 'record-form';
const submitForm = (): void => (document.getElementById(formId) as HTMLFormElement | null)?.requestSubmit();

export function RecordEditor({ entity, form, record }: RecordEditorProps) {
  const { t, one } = useText();
  const { entities } = useMetadata();
  const queries = useQueryClient();
  const { properties } = form.schema;
  const editor = useEditor(entity, form, record, valuesOf(record, properties));
  const [version, setVersion] = useState(record.version ?? 1);
  const [theirs, setTheirs] = useState<ApiRecord | null>(null);
  const [deleting, deletion] = useDisclosure(false);
  const [leaving, setLeaving] = useState(false);
  const mayUpdate = entity.operations.includes('update');
  useHotkeys([['mod+S', submitForm]], []);

  const { dirty, reset } = editor;
  // A newer record came in and nothing was typed yet: show it. What was typed is never thrown away.
  const follow = useEffectEvent((next: ApiRecord) => {
    if (dirty) return;
    setVersion(next.version ?? 1);
    reset(valuesOf(next, properties));
  });
  useEffect(() => follow(record), [record]);

  const save = async (values: FormValues, on: number): Promise<void> => {
    const patch = patchOf(editor.baseline, withoutHidden(editor.baseline, values, editor.state.hidden), properties);
    if (Object.keys(patch).length === 0) return;
    const saved = await editor.save(() => updateRecord(entity.name, record.id, on, patch), setTheirs);
    if (saved === undefined) return;
    setVersion(saved.version ?? on + 1);
    reset(valuesOf(saved, properties));
    void showToast({ message: t('record.saved', { one: one(entity.label) }), color: 'teal' });
    void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'meta' && queryKey[0] !== 'form' });
  };
  const hasTimeline = entity.features.timeline === true && Object.hasOwn(entities, 'timeline');
  const placedInTab = form.uiSchema['x-layout'].tabs.some((tab) => tab.panel === 'timeline');
  return (
    <div className={classes.page}>
      <UnsavedGuard when={dirty && !leaving} />
      <RecordHead
        entity={entity}
        record={record}
        title={record.display_name ?? ''}
        onDelete={entity.operations.includes('delete') ? deletion.open : undefined}
      >
        {dirty ? (
          <Button variant="default" onClick={() => reset(editor.baseline)}>
            {t('action.discard')}
          </Button>
        ) : null}
        {mayUpdate ? (
          <Button type="submit" form={formId} loading={editor.saving} aria-keyshortcuts="Control+S">
            {t('action.save')}
          </Button>
        ) : null}
      </RecordHead>
      <div className={classes.columns}>
        <EditorForm
          id={formId}
          entity={entity}
          form={form}
          record={record}
          editor={editor}
          readOnly={!mayUpdate}
          onSubmit={(values) => void save(values, version)}
          below={(tab) => <TabPanels tab={tab} entity={entity} record={record} />}
        />
        <aside className={classes.aside} aria-label={t('record.about')}>
          {hasTimeline && !placedInTab ? (
            <Suspense fallback={null}>
              <TimelinePanel entity={entity} id={record.id} />
            </Suspense>
          ) : null}
          <InfoCard record={record} />
        </aside>
      </div>
      <Late when={theirs !== null}>
        <ConflictDialog
          entity={entity}
          theirs={theirs}
          changes={patchOf(editor.baseline, editor.values, properties)}
          baseline={record}
          onClose={() => setTheirs(null)}
          onTakeTheirs={(current) => {
            setTheirs(null);
            setVersion(current.version ?? version);
            reset(valuesOf(current, properties));
            void queries.invalidateQueries({ queryKey: ['record', entity.name, record.id] });
          }}
          onKeepMine={(current) => {
            setTheirs(null);
            void save(editor.values, current.version ?? version);
          }}
        />
      </Late>
      <Late when={deleting}>
        <DeleteDialog
          entity={entity}
          record={record}
          version={version}
          opened={deleting}
          onClose={deletion.close}
          onLeave={() => setLeaving(true)}
        />
      </Late>
    </div>
  );
}
