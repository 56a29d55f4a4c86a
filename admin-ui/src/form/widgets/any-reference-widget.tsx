// Which kind of record a reference to any kind points to; a new kind forgets the old record.
import { Select } from '@mantine/core';
import { useText } from '../../i18n/use-text.ts';
import { useMetadata } from '../../metadata/use-metadata.ts';
import { type FormWidgetProps, inputProps } from './input-props.ts';

export function AnyReferenceWidget(props: FormWidgetProps) {
  const { t, one } = useText();
  const { entities } = useMetadata();
  const { targets, idField } = props.options;
  const common = inputProps(props);
  const data = (Array.isArray(targets) ? targets.map(String) : []).flatMap((name) => {
    const entity = Object.hasOwn(entities, name) ? entities[name] : undefined;
    return entity === undefined ? [] : [{ value: name, label: one(entity.label) }];
  });
  return (
    <Select
      {...common}
      searchable
      allowDeselect={false}
      clearable={!common.required && !common.readOnly}
      clearButtonProps={{ 'aria-label': t('form.clear', { field: props.label }) }}
      comboboxProps={{ shadow: 'md' }}
      data={data}
      value={typeof props.value === 'string' ? props.value : null}
      onChange={(value) => {
        props.onChange(value ?? undefined);
        if (typeof idField === 'string') props.registry.formContext.setValue(idField, undefined);
      }}
    />
  );
}
