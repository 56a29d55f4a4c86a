// A length of time, typed as people write it: 1h 30m, 90 min, 1:30.
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { durationSeconds, durationText } from '../../../../server/fields/duration-text.ts';
import { useText } from '../../i18n/use-text.ts';
import { type FormWidgetProps, inputProps } from './input-props.ts';

export function DurationWidget(props: FormWidgetProps) {
  const { t } = useText();
  const common = inputProps(props);
  const [draft, setDraft] = useState<string | null>(null);
  const written = typeof props.value === 'number' ? durationText(props.value) : '';
  const broken = draft !== null && draft.trim() !== '' && durationSeconds(draft) === undefined;
  return (
    <TextInput
      {...common}
      error={broken ? t('form.error.duration') : common.error}
      autoComplete="off"
      classNames={{ input: 'formwork-ltr' }}
      value={draft ?? written}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setDraft(text);
        props.onChange(text.trim() === '' ? undefined : durationSeconds(text));
      }}
      onBlur={() => {
        if (!broken) setDraft(null);
        props.onBlur(props.id, props.value);
      }}
    />
  );
}
