// One choice, or several, of the options of the schema; countries and currencies by their names in the reader's language.
import { MultiSelect, Select } from '@mantine/core';
import type { RJSFSchema } from '@rjsf/utils';
import { useMemo } from 'react';
import { nameOf } from '../../i18n/format.ts';
import { useText } from '../../i18n/use-text.ts';
import { type FormWidgetProps, inputProps, widgetName } from './input-props.ts';

interface Choice {
  readonly value: string;
  readonly label: string;
  readonly disabled?: boolean;
}

const named: Readonly<Record<string, 'region' | 'currency'>> = { country: 'region', currency: 'currency' };
/** From this many on, typing finds faster than scrolling. */
const searchableFrom = 8;

function choicesOf(props: FormWidgetProps, schema: RJSFSchema, language: string): readonly Choice[] {
  const nameType = named[widgetName(props)];
  const disabled = props.options.enumDisabled ?? [];
  const choices = (schema.oneOf ?? []).flatMap((one): Choice[] => {
    if (typeof one !== 'object') return [];
    const value = String(one.const);
    return [{ value, label: one.title ?? value, ...(disabled.includes(value) ? { disabled: true } : {}) }];
  });
  const codes = (schema.enum ?? []).map(String);
  if (nameType === undefined) return [...choices, ...codes.map((value) => ({ value, label: value }))];
  return codes
    .map((value) => ({ value, label: nameOf(language, nameType, value) }))
    .sort((left, right) => left.label.localeCompare(right.label, language));
}

const comboboxProps = { shadow: 'md' } as const;

export function SelectWidget(props: FormWidgetProps) {
  const { t, language } = useText();
  const data = useMemo(() => choicesOf(props, props.schema, language), [props, language]);
  const common = inputProps(props);
  return (
    <Select
      {...common}
      data={[...data]}
      searchable={data.length >= searchableFrom}
      allowDeselect={false}
      clearable={!common.required && !common.readOnly}
      clearButtonProps={{ 'aria-label': t('form.clear', { field: props.label }) }}
      nothingFoundMessage={t('search.nothing')}
      comboboxProps={comboboxProps}
      value={typeof props.value === 'string' ? props.value : null}
      onChange={(value) => props.onChange(value ?? undefined)}
    />
  );
}

export function MultiSelectWidget(props: FormWidgetProps) {
  const { t, language } = useText();
  const { items } = props.schema;
  const schema = typeof items === 'object' && !Array.isArray(items) ? items : {};
  const data = choicesOf(props, schema as RJSFSchema, language);
  const value: unknown = props.value;
  const { required: _, ...common } = inputProps(props);
  return (
    <MultiSelect
      {...common}
      withAsterisk={props.required === true}
      data={[...data]}
      searchable
      clearable={!common.readOnly}
      clearButtonProps={{ 'aria-label': t('form.clear', { field: props.label }) }}
      nothingFoundMessage={t('search.nothing')}
      comboboxProps={comboboxProps}
      value={Array.isArray(value) ? value.map(String) : []}
      onChange={(values) => props.onChange(values.length === 0 ? undefined : values)}
    />
  );
}
