// The tabs, the notices and the form of one record, and the way to the first field that is wrong.
import { Alert, List, Tabs } from '@mantine/core';
import type { RJSFValidationError } from '@rjsf/utils';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useEffect, useEffectEvent, useState } from 'react';
import type { FormDocument, FormTab } from '../../../server/forms/form-document.ts';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import type { ApiRecord } from '../api/records.ts';
import type { FormValues } from '../form/form-context.ts';
import { RecordForm } from '../form/record-form.tsx';
import { useText } from '../i18n/use-text.ts';
import classes from './record.module.css';
import type { Editor } from './use-editor.ts';

interface EditorFormProps {
  readonly id: string;
  readonly entity: MetaEntity;
  readonly form: FormDocument;
  readonly record: ApiRecord | null;
  readonly editor: Editor;
  readonly readOnly: boolean;
  readonly onSubmit: (values: FormValues) => void;
  /** Draws what a tab has besides fields. */
  readonly below?: (tab: FormTab) => ReactNode;
}

const tabOf = (tabs: readonly FormTab[], field: string): string | undefined =>
  tabs.find((tab) => tab.sections.some((section) => section.rows.some((row) => row.some((cell) => cell.field === field))))?.id;

/** Once the tab is shown, the first wrong input takes the cursor. */
const focusField = (field: string): void => {
  requestAnimationFrame(() => {
    const holder = document.getElementById(`field_${field}`);
    const input = holder?.matches('input, textarea, button')
      ? holder
      : holder?.querySelector<HTMLElement>('input, textarea, button');
    input?.scrollIntoView({ block: 'center' });
    input?.focus({ preventScroll: true });
  });
};

export function EditorForm({ id, entity, form, record, editor, readOnly, onSubmit, below }: EditorFormProps) {
  const { t } = useText();
  const tabs = form.uiSchema['x-layout'].tabs.filter((tab) => tab.sections.length > 0 || below !== undefined);
  const [active, setActive] = useState<string | null>(tabs[0]?.id ?? null);
  const shown = tabs.some((tab) => tab.id === active) ? active : (tabs[0]?.id ?? null);
  const hasFields = tabs.some((tab) => tab.id === shown && tab.sections.length > 0);
  const goTo = (field: string): void => {
    const tab = tabOf(tabs, field);
    if (tab !== undefined) setActive(tab);
    focusField(field);
  };
  const invalid = (errors: readonly RJSFValidationError[]): void => {
    editor.attempt(errors);
    const first = errors[0]?.property?.split('.')[1];
    if (first !== undefined) goTo(first);
  };
  const { onFields, elsewhere } = editor.placed;
  // Only news from the server moves the cursor, not what is typed afterwards.
  const { issues } = editor;
  const goToFirst = useEffectEvent(() => {
    const first = Object.keys(editor.placed.onFields)[0];
    if (first !== undefined) goTo(first);
  });
  useEffect(() => {
    if (issues.length > 0) goToFirst();
  }, [issues]);
  const notices = [...(editor.refusal === null ? [] : [editor.refusal]), ...elsewhere];
  return (
    <Tabs value={shown} onChange={setActive} className={classes.tabs ?? ''} keepMounted>
      {tabs.length < 2 ? null : (
        <Tabs.List className={classes.tabList ?? ''}>
          {tabs.map((tab) => (
            <Tabs.Tab key={tab.id} value={tab.id}>
              {tab.title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      )}
      {notices.length === 0 ? null : (
        <Alert role="alert" color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} title={t('record.refused')}>
          <List size="sm" listStyleType="none">
            {notices.map((notice) => (
              <List.Item key={notice}>
                <bdi>{notice}</bdi>
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      <div hidden={!hasFields}>
        <RecordForm
          id={id}
          form={form}
          state={editor.state}
          context={{
            entity,
            record,
            values: editor.values,
            setValue: editor.setValue,
            hidden: editor.state.hidden,
            hiddenSections: editor.state.hiddenSections,
            readOnly: readOnly ? new Set(Object.keys(form.schema.properties)) : editor.state.readOnly,
          }}
          errors={onFields}
          live={editor.live}
          onChange={editor.change}
          onSubmit={onSubmit}
          onInvalid={invalid}
        />
      </div>
      {below === undefined ? null : tabs.map((tab) => <Below key={tab.id} tab={tab} active={tab.id === shown} draw={below} />)}
    </Tabs>
  );
}

interface BelowProps {
  readonly tab: FormTab;
  readonly active: boolean;
  readonly draw: (tab: FormTab) => ReactNode;
}

/** Panels are fetched when their tab is first opened. A tab with fields already has its panel, in the form. */
function Below({ tab, active, draw }: BelowProps) {
  if (tab.relatedLists.length === 0 && tab.panel === undefined) return null;
  const content = active ? (
    <div className={classes.below} data-wide={(tab.sections.length === 0 && tab.relatedLists.length > 0) || undefined}>
      {draw(tab)}
    </div>
  ) : null;
  if (tab.sections.length > 0) return content;
  return <Tabs.Panel value={tab.id}>{content}</Tabs.Panel>;
}
