// An amount and its currency side by side; the currency is the record's own flat field.
import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { digitsOf, nameOf } from '../../i18n/format.ts';
import { useText } from '../../i18n/use-text.ts';
import { useMetadata } from '../../metadata/use-metadata.ts';
import classes from '../form.module.css';
import { DecimalInput } from './decimal-input.tsx';
import { type FormWidgetProps, inputProps } from './input-props.ts';

export function MoneyWidget(props: FormWidgetProps) {
  const { t, language } = useText();
  const { app } = useMetadata();
  const { values, setValue } = props.registry.formContext;
  const name = props.options['currencyField'];
  const codes = props.options['currencies'];
  const common = inputProps(props);
  const fixed = common.readOnly || props.options['currencyReadOnly'] === true;
  const amount = props.value === undefined || props.value === null ? undefined : String(props.value);
  const current = typeof name === 'string' ? values[name] : undefined;
  const chosen = typeof current === 'string' ? current : amount === undefined || fixed ? null : app.baseCurrency;
  const data = useMemo(() => (Array.isArray(codes) ? codes.map(String) : []), [codes]);
  return (
    <div className={classes.money}>
      <DecimalInput
        {...common}
        digits={digitsOf(chosen ?? undefined)}
        value={amount}
        onChange={(value) => {
          props.onChange(value);
          // An amount without a currency means nothing: the first digit brings the application's own.
          if (value !== undefined && typeof name === 'string' && current === undefined && !fixed)
            setValue(name, app.baseCurrency);
        }}
      />
      <Select
        aria-label={t('form.currencyOf', { field: props.label })}
        mt={25}
        placeholder={fixed ? undefined : app.baseCurrency}
        searchable
        allowDeselect={false}
        readOnly={fixed}
        variant={fixed ? 'filled' : common.variant}
        data={data}
        value={chosen}
        comboboxProps={{ width: 260, position: 'bottom-end', shadow: 'md' }}
        filter={({ options, search }) => {
          const wanted = search.trim().toLocaleLowerCase(language);
          return options.filter(
            (option) =>
              'value' in option &&
              `${option.value} ${nameOf(language, 'currency', option.value)}`.toLocaleLowerCase(language).includes(wanted),
          );
        }}
        renderOption={({ option }) => (
          <span>
            <bdi>{option.value}</bdi> <bdi>{nameOf(language, 'currency', option.value)}</bdi>
          </span>
        )}
        onChange={(code) => typeof name === 'string' && setValue(name, code ?? undefined)}
      />
    </div>
  );
}
