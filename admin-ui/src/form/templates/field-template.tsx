// Around one field: nothing but its visibility; each widget draws its own label, help and error.
import type { FieldTemplateProps, RJSFSchema } from '@rjsf/utils';
import type { RecordFormContext } from '../form-context.ts';

type Props = FieldTemplateProps<Record<string, unknown>, RJSFSchema, RecordFormContext>;

export function FieldTemplate({ children, hidden }: Props) {
  return hidden ? <div hidden>{children}</div> : children;
}
