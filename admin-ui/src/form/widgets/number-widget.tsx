// Whole numbers (JSON numbers), decimals and percentages (decimal strings).
import { IconPercentage } from '@tabler/icons-react';
import { DecimalInput } from './decimal-input.tsx';
import { type FormWidgetProps, inputProps, widgetName } from './input-props.ts';

export function NumberWidget(props: FormWidgetProps) {
  const asNumber = props.schema.type === 'integer' || props.schema.type === 'number';
  const isPercent = widgetName(props) === 'percent';
  return (
    <DecimalInput
      {...inputProps(props)}
      whole={props.schema.type === 'integer'}
      rightSection={isPercent ? <IconPercentage size={16} aria-hidden /> : undefined}
      value={props.value === undefined || props.value === null ? undefined : String(props.value)}
      onChange={(text) => {
        const isNumber = asNumber && text !== undefined && Number.isFinite(Number(text)) && text.length < 16;
        props.onChange(isNumber ? Number(text) : text);
      }}
    />
  );
}
