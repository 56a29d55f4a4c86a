// The props that every Mantine input takes from an rjsf widget: label, help, error, and how read-only looks.
import type { RJSFSchema, WidgetProps } from '@rjsf/utils';
import type { RecordFormContext } from '../form-context.ts';

export type FormWidgetProps = WidgetProps<Record<string, unknown>, RJSFSchema, RecordFormContext>;

/** Read-only is not disabled: the text stays readable, selectable and in the tab order. */
export function isReadOnly(props: FormWidgetProps): boolean {
  return props.readonly === true || props.disabled === true || props.registry.formContext.readOnly.has(props.name);
}

/** rjsf keeps the widget's name out of the options it hands on. */
export const widgetName = (props: FormWidgetProps): string => String(props.uiSchema?.['ui:widget'] ?? '');

export function inputProps(props: FormWidgetProps) {
  const help = props.options['help'];
  const errors = props.rawErrors ?? [];
  const readOnly = isReadOnly(props);
  return {
    id: props.id,
    name: props.htmlName ?? props.id,
    label: props.label,
    description: typeof help === 'string' ? help : undefined,
    placeholder: readOnly ? undefined : props.placeholder || undefined,
    error: errors.length > 0 ? errors.join(' ') : undefined,
    required: props.required === true && !readOnly,
    readOnly,
    variant: readOnly ? 'filled' : 'default',
  };
}
