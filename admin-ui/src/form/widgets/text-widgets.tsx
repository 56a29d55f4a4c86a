// One line of text (also e-mail, phone, address of a page, time of day), and several lines.
import { Textarea, TextInput } from '@mantine/core';
import { type FormWidgetProps, inputProps, widgetName } from './input-props.ts';

interface Kind {
  readonly type: string;
}

const kinds: Readonly<Record<string, Kind>> = {
  email: { type: 'email' },
  phone: { type: 'tel' },
  url: { type: 'url' },
  time: { type: 'time' },
};

const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

export function TextWidget(props: FormWidgetProps) {
  const kind = kinds[widgetName(props)] ?? { type: 'text' };
  return (
    <TextInput
      {...inputProps(props)}
      type={kind.type}
      // The browser’s own name and address would land in other people’s records.
      autoComplete="off"
      value={textOf(props.value)}
      onChange={(event) => props.onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
      onBlur={() => props.onBlur(props.id, props.value)}
    />
  );
}

export function TextAreaWidget(props: FormWidgetProps) {
  return (
    <Textarea
      {...inputProps(props)}
      autosize
      minRows={3}
      maxRows={16}
      value={textOf(props.value)}
      onChange={(event) => props.onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
      onBlur={() => props.onBlur(props.id, props.value)}
    />
  );
}
