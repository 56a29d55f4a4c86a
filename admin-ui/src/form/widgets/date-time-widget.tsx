// An instant: chosen and shown in the reader's own time zone, kept as RFC 3339 in UTC.
import { TextInput } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import '@mantine/dates/styles.css';
import { formatDateTime } from '../../i18n/format.ts';
import { useText } from '../../i18n/use-text.ts';
import { useCalendarProps } from './date-input-props.ts';
import { type FormWidgetProps, inputProps } from './input-props.ts';

const pad = (value: number): string => String(value).padStart(2, '0');

/** `2024-02-29T10:00:00Z` → `2024-02-29 12:00:00` of this browser's zone. */
function toLocal(instant: string): string | null {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return null;
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

const toInstant = (local: string): string => new Date(local.replace(' ', 'T')).toISOString();

export function DateTimeWidget(props: FormWidgetProps) {
  const { t, language } = useText();
  const calendar = useCalendarProps();
  const common = inputProps(props);
  const value = typeof props.value === 'string' ? props.value : undefined;
  if (common.readOnly) return <TextInput {...common} value={value === undefined ? '' : formatDateTime(language, value)} />;
  return (
    <DateTimePicker
      {...common}
      {...calendar}
      clearable={!common.required}
      clearButtonProps={{ 'aria-label': t('form.clear', { field: props.label }) }}
      submitButtonProps={{ 'aria-label': t('action.done') }}
      timePickerProps={{
        hoursInputLabel: t('calendar.hours'),
        minutesInputLabel: t('calendar.minutes'),
        popoverProps: { shadow: 'md' },
      }}
      // Its role would name the dialog after an id that our own id has replaced.
      popoverProps={{ shadow: 'md', withRoles: false }}
      valueFormat={(local) => formatDateTime(language, toInstant(local))}
      value={value === undefined ? null : toLocal(value)}
      onChange={(local) => props.onChange(local === null ? undefined : toInstant(local))}
    />
  );
}
