// A secret: can be set, never read.
import { PasswordInput } from '@mantine/core';
import { useText } from '../../i18n/use-text.ts';
import { type FormWidgetProps, inputProps } from './input-props.ts';

export function SecretWidget(props: FormWidgetProps) {
  const { t } = useText();
  const common = inputProps(props);
  const isSet = props.registry.formContext.record !== null;
  return (
    <PasswordInput
      {...common}
      placeholder={isSet ? t('form.secretKept') : undefined}
      autoComplete="new-password"
      visibilityToggleButtonProps={{ 'aria-label': t('form.showSecret') }}
      value={typeof props.value === 'string' ? props.value : ''}
      onChange={(event) => props.onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
    />
  );
}
