// A colour as #rrggbb: typed, or taken from a small palette or the screen.
import { ColorInput } from '@mantine/core';
import { useText } from '../../i18n/use-text.ts';
import { type FormWidgetProps, inputProps } from './input-props.ts';

const swatches = [
  '#fa5252',
  '#e64980',
  '#be4bdb',
  '#7950f2',
  '#4c6ef5',
  '#228be6',
  '#15aabf',
  '#12b886',
  '#40c057',
  '#82c91e',
  '#fab005',
  '#fd7e14',
];

export function ColorWidget(props: FormWidgetProps) {
  const { t } = useText();
  return (
    <ColorInput
      {...inputProps(props)}
      format="hex"
      swatches={swatches}
      swatchesPerRow={6}
      withPicker={false}
      eyeDropperButtonProps={{ 'aria-label': t('form.pickColor') }}
      popoverProps={{ shadow: 'md' }}
      value={typeof props.value === 'string' ? props.value : ''}
      onChange={(value) => props.onChange(value === '' ? undefined : value)}
    />
  );
}
