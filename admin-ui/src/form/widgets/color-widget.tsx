// A colour as #rrggbb: typed, or picked with the browser's own palette.
import { TextInput } from '@mantine/core';
import { useText } from '../../i18n/use-text.ts';
import classes from '../form.module.css';
import { type FormWidgetProps, inputProps } from './input-props.ts';

const full = /^#[0-9a-f]{6}$/i;

export function ColorWidget(props: FormWidgetProps) {
  const { t } = useText();
  const common = inputProps(props);
  const value = typeof props.value === 'string' ? props.value : '';
  return (
    <TextInput
      {...common}
      autoComplete="off"
      classNames={{ input: 'formwork-ltr' }}
      value={value}
      onChange={(event) => props.onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
      rightSection={
        <input
          type="color"
          className={classes.palette}
          aria-label={t('form.pickColor', { field: props.label })}
          disabled={common.readOnly}
          value={full.test(value) ? value : '#000000'}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        />
      }
    />
  );
}
