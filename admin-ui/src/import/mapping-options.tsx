// What rows are matched on, what becomes of those that are like a record, and who is offered the mapping again.
import { Checkbox, NativeSelect } from '@mantine/core';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import { useText } from '../i18n/use-text.ts';
import { keysOf } from './edit-mapping.ts';
import classes from './import.module.css';
import type { Mapping, Remember } from './import-api.ts';

interface MappingOptionsProps {
  readonly entity: MetaEntity;
  readonly mapping: Mapping;
  readonly remember: Remember;
  readonly onChange: (mapping: Mapping) => void;
  readonly onRemember: (remember: Remember) => void;
}

type Duplicates = NonNullable<Mapping['duplicates']>;

export function MappingOptions({ entity, mapping, remember, onChange, onRemember }: MappingOptionsProps) {
  const { t, label } = useText();
  const { block = 'reject', warn = 'create' } = mapping.duplicates ?? {};
  const answers = [
    { value: 'reject', label: t('import.reject') },
    { value: 'skip', label: t('import.skip') },
    { value: 'update', label: t('import.update') },
  ];
  return (
    <div className={classes.options}>
      <NativeSelect
        label={t('import.matchOn')}
        data={[
          { value: '', label: t('import.matchNone') },
          ...keysOf(entity, mapping).map(({ path, label: labels }) => ({ value: path, label: labels.map(label).join(' · ') })),
        ]}
        value={mapping.upsertOn ?? ''}
        onChange={({ currentTarget: { value } }) => onChange({ ...mapping, upsertOn: value === '' ? null : value })}
      />
      <NativeSelect
        label={t('import.blocked')}
        data={answers}
        value={block}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...mapping, duplicates: { block: value as NonNullable<Duplicates['block']>, warn } })
        }
      />
      <NativeSelect
        label={t('import.warned')}
        data={[{ value: 'create', label: t('import.create') }, ...answers]}
        value={warn}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...mapping, duplicates: { block, warn: value as NonNullable<Duplicates['warn']> } })
        }
      />
      <NativeSelect
        label={t('import.remember')}
        data={[
          { value: 'me', label: t('import.rememberMe') },
          { value: 'everyone', label: t('import.rememberAll') },
          { value: 'no', label: t('import.rememberNo') },
        ]}
        value={remember}
        onChange={({ currentTarget: { value } }) => onRemember(value as Remember)}
      />
      <Checkbox
        label={t('import.keepRows')}
        checked={mapping.onInvalid === 'rejectField'}
        onChange={({ currentTarget: { checked } }) => onChange({ ...mapping, onInvalid: checked ? 'rejectField' : 'rejectRow' })}
      />
    </div>
  );
}
