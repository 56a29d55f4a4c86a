// A reference: the lookup input on the field's target, or on the kind that the type field beside it says.
import type { ApiRecord } from '../../api/records.ts';
import { type FormWidgetProps, inputProps } from './input-props.ts';
import { LookupInput } from './lookup-input.tsx';
import { TextWidget } from './text-widgets.tsx';

/** The name that came with the record, as long as the reference is the one that was read. */
function knownName(record: ApiRecord | null, relation: unknown, field: string, value: unknown): string | undefined {
  if (record === null || typeof relation !== 'string' || record[field] !== value) return undefined;
  const related = record[relation];
  if (typeof related !== 'object' || related === null) return undefined;
  return (related as ApiRecord).display_name ?? undefined;
}

export function LookupWidget(props: FormWidgetProps) {
  const { values, record } = props.registry.formContext;
  const { entity, relation, typeField } = props.options;
  const target = typeof typeField === 'string' ? values[typeField] : entity;
  const common = inputProps(props);
  if (typeof target !== 'string') return <TextWidget {...props} readonly />;
  return (
    <LookupInput
      {...common}
      key={target}
      entity={target}
      clearable={!common.required && !common.readOnly}
      value={typeof props.value === 'string' ? props.value : null}
      knownName={knownName(record, relation, props.name, props.value)}
      onChange={(id) => props.onChange(id ?? undefined)}
    />
  );
}
