// One to `max` stars.
import { Input, Rating } from '@mantine/core';
import { useText } from '../../i18n/use-text.ts';
import { type FormWidgetProps, inputProps } from './input-props.ts';

export function RatingWidget(props: FormWidgetProps) {
  const { t } = useText();
  const { label, description, error, required, readOnly } = inputProps(props);
  return (
    <Input.Wrapper label={label} labelElement="div" description={description} error={error} withAsterisk={required}>
      <Rating
        id={props.id}
        mt={6}
        count={typeof props.schema.maximum === 'number' ? props.schema.maximum : 5}
        readOnly={readOnly}
        allowClear={!required}
        aria-label={label}
        getSymbolLabel={(stars) => t('form.stars', { count: stars })}
        value={typeof props.value === 'number' ? props.value : 0}
        onChange={(stars) => props.onChange(stars === 0 ? undefined : stars)}
      />
    </Input.Wrapper>
  );
}
