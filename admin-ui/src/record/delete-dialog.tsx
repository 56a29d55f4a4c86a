// Asks, deletes, leaves for the list, and offers to take it back.
import { Alert, Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import { ApiProblem } from '../api/problem.ts';
import { type ApiRecord, deleteRecord, restoreRecord } from '../api/records.ts';
import { useText } from '../i18n/use-text.ts';
import { Dialog } from '../shell/dialog.tsx';
import { hideToast, showToast } from '../shell/toast.ts';

interface DeleteDialogProps {
  readonly entity: MetaEntity;
  readonly record: ApiRecord;
  readonly version: number;
  readonly opened: boolean;
  readonly onClose: () => void;
  /** The page is left for good: nothing typed is worth asking about. */
  readonly onLeave: () => void;
}

/** Long enough to read, think and reach the button. */
const undoMs = 12_000;

export function DeleteDialog({ entity, record, version, opened, onClose, onLeave }: DeleteDialogProps) {
  const { t, one } = useText();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [reason, setReason] = useState<string | null>(null);
  const name = record.display_name ?? t('record.unnamed');

  const restore = async (toast: string): Promise<void> => {
    void hideToast(toast);
    try {
      await restoreRecord(entity.name, record.id);
      await queries.invalidateQueries({ queryKey: ['records', entity.name] });
      void showToast({ message: t('record.restored', { name }), color: 'teal' });
    } catch (error) {
      void showToast({ message: error instanceof Error ? error.message : t('error.unexpected'), color: 'red' });
    }
  };
  const remove = async (): Promise<void> => {
    setBusy(true);
    setReason(null);
    try {
      await deleteRecord(entity.name, record.id, version);
    } catch (error) {
      setReason(error instanceof ApiProblem ? error.message : t('error.unexpected'));
      setBusy(false);
      return;
    }
    onLeave();
    onClose();
    queries.removeQueries({ queryKey: ['record', entity.name, record.id] });
    void queries.invalidateQueries({ queryKey: ['records', entity.name] });
    await navigate({ to: '/records/$entity', params: { entity: entity.name }, search: {}, ignoreBlocker: true });
    const toast = `deleted-${record.id}`;
    void showToast({
      id: toast,
      color: 'gray',
      autoClose: undoMs,
      message: (
        <Group justify="space-between" wrap="nowrap">
          <bdi>{t('record.deleted', { name })}</bdi>
          {entity.operations.includes('restore') ? (
            <Button size="xs" variant="light" onClick={() => void restore(toast)}>
              {t('action.undo')}
            </Button>
          ) : null}
        </Group>
      ),
    });
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t('delete.title', { one: one(entity.label) })}>
      <Text>{t('delete.detail', { name: `\u2068${name}\u2069` })}</Text>
      {reason === null ? null : (
        <Alert role="alert" color="red" variant="light" mt="md">
          {reason}
        </Alert>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" data-autofocus onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <Button color="red.9" loading={busy} onClick={() => void remove()}>
          {t('action.delete')}
        </Button>
      </Group>
    </Dialog>
  );
}
