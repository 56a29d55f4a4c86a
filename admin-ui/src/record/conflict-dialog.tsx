// Somebody else saved first: what they changed, what you typed, and the choice. Nothing typed is lost on the way.
import { Button, Group, Table, Text } from '@mantine/core';
import type { MetaEntity, MetaField } from '../../../server/forms/meta-document.ts';
import type { ApiRecord } from '../api/records.ts';
import { useText } from '../i18n/use-text.ts';
import { Dialog } from '../shell/dialog.tsx';
import { Value } from '../value/value.tsx';

interface ConflictDialogProps {
  readonly entity: MetaEntity;
  /** The record as it stands on the server; null: no conflict. */
  readonly theirs: ApiRecord | null;
  /** What was about to be written, by field. */
  readonly changes: Readonly<Record<string, unknown>>;
  /** The record as it was read. */
  readonly baseline: ApiRecord;
  readonly onClose: () => void;
  readonly onTakeTheirs: (current: ApiRecord) => void;
  readonly onKeepMine: (current: ApiRecord) => void;
}

const differs = (left: unknown, right: unknown): boolean => JSON.stringify(left ?? null) !== JSON.stringify(right ?? null);

interface ComparisonProps {
  readonly fields: readonly MetaField[];
  readonly mine: ApiRecord;
  readonly theirs: ApiRecord;
}

function Comparison({ fields, mine, theirs }: ComparisonProps) {
  const { t, label } = useText();
  return (
    <Table mt="md" withTableBorder withColumnBorders>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('conflict.field')}</Table.Th>
          <Table.Th>{t('conflict.theirs')}</Table.Th>
          <Table.Th>{t('conflict.mine')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {fields.map((field) => (
          <Table.Tr key={field.name}>
            <Table.Th scope="row">{label(field.label)}</Table.Th>
            <Table.Td>
              <Value field={field} record={theirs} />
            </Table.Td>
            <Table.Td>
              <Value field={field} record={mine} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

export function ConflictDialog({ entity, theirs, changes, baseline, onClose, onTakeTheirs, onKeepMine }: ConflictDialogProps) {
  const { t } = useText();
  const mine: ApiRecord = { ...baseline, ...changes };
  const fields = Object.values(entity.fields).filter(
    (field) =>
      !field.system &&
      theirs !== null &&
      (differs(baseline[field.name], theirs[field.name]) || Object.hasOwn(changes, field.name)),
  );
  return (
    <Dialog opened={theirs !== null} onClose={onClose} size="lg" title={t('conflict.title')}>
      <Text>{t('conflict.detail')}</Text>
      {theirs === null ? null : <Comparison fields={fields} mine={mine} theirs={theirs} />}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t('conflict.keepEditing')}
        </Button>
        <Button variant="default" onClick={() => theirs !== null && onTakeTheirs(theirs)}>
          {t('conflict.takeTheirs')}
        </Button>
        <Button onClick={() => theirs !== null && onKeepMine(theirs)}>{t('conflict.keepMine')}</Button>
      </Group>
    </Dialog>
  );
}
