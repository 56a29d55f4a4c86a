// Yes or no, as a switch.
import { Switch } from '@mantine/core';
import classes from '../form.module.css';
import { type FormWidgetProps, inputProps } from './input-props.ts';

export function BooleanWidget(props: FormWidgetProps) {
  const { variant: _, placeholder: __, readOnly, required: ___, ...common } = inputProps(props);
  return (
    <Switch
      {...common}
      className={classes.switch ?? ''}
      disabled={readOnly}
      checked={props.value === true}
      onChange={(event) => props.onChange(event.currentTarget.checked)}
    />
  );
}
