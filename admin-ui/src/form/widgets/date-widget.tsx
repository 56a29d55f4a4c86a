// A day: typed or chosen from the calendar, shown in the reader's language, kept as `YYYY-MM-DD`.
import { DateInput } from '@mantine/dates';
import '@mantine/dates/styles.css';
import { formatDate } from '../../i18n/format.ts';
import { useText } from '../../i18n/use-text.ts';
import { useCalendarProps } from './date-input-props.ts';
import { parseDateText } from './date-text.ts';
import { type FormWidgetProps, inputProps } from './input-props.ts';

export function DateWidget(props: FormWidgetProps) {
  const { t, language } = useText();
  const common = inputProps(props);
  return (
    <DateInput
      {...common}
      {...useCalendarProps()}
      autoComplete="off"
      clearable={!common.required && !common.readOnly}
      clearButtonProps={{ 'aria-label': t('form.clear', { field: props.label }) }}
      valueFormat={(day) => formatDate(language, day)}
      dateParser={(text) => parseDateText(text, language)}
      popoverProps={{ shadow: 'md', disabled: common.readOnly }}
      value={typeof props.value === 'string' ? props.value : null}
      onChange={(value) => props.onChange(value ?? undefined)}
    />
  );
}
