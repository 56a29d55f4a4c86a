// Which fields and sections show, must be filled or may not be touched now: the same condition test as on the server.
import { testCondition } from '../../../server/conditions/test.ts';
import type { Condition } from '../../../server/conditions/tree.ts';
import type { ValueKind } from '../../../server/conditions/value-kind.ts';
import type { FormDocument, FormFieldUi } from '../../../server/forms/form-document.ts';
import type { MetaDocument, MetaEntity } from '../../../server/forms/meta-document.ts';
import type { ApiRecord } from '../api/records.ts';
import type { FormValues } from './form-context.ts';

export interface FormState {
  readonly hidden: ReadonlySet<string>;
  readonly hiddenSections: ReadonlySet<string>;
  readonly required: ReadonlySet<string>;
  readonly readOnly: ReadonlySet<string>;
  /** The options that are open now, of fields where not all are. */
  readonly options: ReadonlyMap<string, readonly string[]>;
}

const ambientKinds: Readonly<Record<string, ValueKind>> = { id: 'id', email: 'text', roles: 'set' };

/** Kind of `field`, `field.part`, `relation.field`, `previous.field`, `actor.field`, `now`, `today`. */
function kindOf(metadata: MetaDocument, entity: MetaEntity, path: string): ValueKind | undefined {
  if (path === 'now') return 'dateTime';
  if (path === 'today') return 'date';
  const [head = '', ...rest] = path.split('.');
  const tail = rest.join('.');
  if (head === 'actor') return ambientKinds[tail];
  if (head === 'previous') return kindOf(metadata, entity, tail);
  const field = Object.hasOwn(entity.fields, head) ? entity.fields[head] : undefined;
  if (field !== undefined) return rest.length === 0 ? field.kind : field.parts?.[tail]?.kind;
  const target = entity.relations[head]?.target;
  const related = target === undefined ? undefined : metadata.entities[target];
  return related === undefined ? undefined : kindOf(metadata, related, tail);
}

const dig = (source: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (at, name) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined),
      source,
    );

/** Facts of the record as it would be after saving what stands in the form. */
function factsOf(metadata: MetaDocument, values: FormValues, record: ApiRecord | null): (path: string) => unknown {
  const after = { ...record, ...values };
  return (path) => {
    if (path === 'now') return new Date().toISOString();
    if (path === 'today') return new Date().toISOString().slice(0, 10);
    if (path.startsWith('actor.')) return dig(metadata.user, path.slice('actor.'.length));
    if (path.startsWith('previous.')) return dig(record ?? {}, path.slice('previous.'.length));
    const [head = ''] = path.split('.');
    return Object.hasOwn(values, head) || record === null || !Object.hasOwn(record, head) ? dig(values, path) : dig(after, path);
  };
}

export function formStateOf(
  metadata: MetaDocument,
  entity: MetaEntity,
  form: FormDocument,
  values: FormValues,
  record: ApiRecord | null,
): FormState {
  // A field that the form holds but is emptied counts as empty, not as what was read.
  const emptied = Object.fromEntries(Object.keys(form.schema.properties).map((name) => [name, values[name]]));
  const facts = factsOf(metadata, emptied, record);
  const holds = (condition: Condition): boolean => testCondition(condition, facts, (path) => kindOf(metadata, entity, path));
  const uiOf = (name: string): FormFieldUi => (form.uiSchema[name] ?? {}) as FormFieldUi;
  const names = Object.keys(form.schema.properties);
  const where = (key: 'x-visibleWhen' | 'x-requiredWhen' | 'x-readOnlyWhen', expected: boolean): string[] =>
    names.filter((name) => {
      const condition = uiOf(name)[key];
      return condition !== undefined && holds(condition) === expected;
    });
  const hidden = new Set(where('x-visibleWhen', false));
  const required = [...form.schema.required, ...where('x-requiredWhen', true)].filter((name) => !hidden.has(name));
  const sections = form.uiSchema['x-layout'].tabs.flatMap((tab) => tab.sections);
  const fixed = names.filter((name) => form.schema.properties[name]?.['readOnly'] === true);
  return {
    hidden,
    hiddenSections: new Set(
      sections.filter((section) => section.visibleWhen !== undefined && !holds(section.visibleWhen)).map((section) => section.id),
    ),
    required: new Set(required),
    readOnly: new Set([...fixed, ...where('x-readOnlyWhen', true)]),
    options: new Map(
      names.flatMap((name) => {
        const open = uiOf(name)['x-optionsWhen']?.find(({ when }) => holds(when))?.options;
        return open === undefined ? [] : [[name, open] as const];
      }),
    ),
  };
}

/** A default of a new record that is not open to it gives way to the first option that is, as on the server. */
export function withOpenDefaults(form: FormDocument, values: FormValues, { options }: FormState): FormValues {
  const closed = [...options].filter(([name, open]) => {
    const value = values[name];
    return value !== undefined && value === form.schema.properties[name]?.['default'] && !open.includes(String(value));
  });
  return closed.length === 0 ? values : { ...values, ...Object.fromEntries(closed.map(([name, open]) => [name, open[0]])) };
}
