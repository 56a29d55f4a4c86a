// What the conditions on fields ask of a record: values where they are required, none where the field is not shown, only
// those options that are open, no change where a value is locked.
import type { Condition } from '../conditions/tree.ts';
import { decimalOf } from '../conditions/values.ts';
import type { Entity, Field } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import { isEmpty, type RecordValues, sameValue } from './records.ts';

export type Holds = (condition: Condition) => boolean;

/** The conditions that the fields of an entity carry. */
export const fieldConditions = (entity: Entity): readonly Condition[] =>
  [...entity.fields.values()].flatMap(({ meta }) => [
    ...[meta.visibleWhen, meta.requiredWhen, meta.readOnlyWhen].filter((condition) => condition != null),
    ...(meta.optionsWhen ?? []).map(({ when }) => when),
  ]);

const isShown = ({ meta }: Field, holds: Holds): boolean => meta.visibleWhen == null || holds(meta.visibleWhen);

/** Of the options, those that the record may have; undefined: any. */
export const openOptions = ({ meta }: Field, holds: Holds): readonly string[] | undefined =>
  meta.optionsWhen?.find(({ when }) => holds(when))?.options;

/** What is not shown cannot be asked for. */
export const requiredIssues = (entity: Entity, after: RecordValues, holds: Holds): readonly Issue[] =>
  [...entity.fields.values()]
    .filter((field) => field.meta.requiredWhen && isEmpty(after[field.name]))
    .filter((field) => isShown(field, holds) && field.meta.requiredWhen && holds(field.meta.requiredWhen))
    .map((field) => ({ pointer: `/${field.name}`, code: 'required', detail: 'A value is required here.' }));

/**
 * A value is not given to a field that the record, as it will be, does not show. One that is there already stays: it shows
 * again when the condition holds again, and nobody loses it by a change elsewhere. A default tells nothing and may stand.
 */
export const hiddenIssues = (
  entity: Entity,
  { after, changed }: { readonly after: RecordValues; readonly changed: readonly string[] },
  holds: Holds,
): readonly Issue[] =>
  touched(entity, changed)
    .filter((field) => field.meta.visibleWhen != null && !isEmpty(after[field.name]) && !isDefault(field, after))
    .filter((field) => !isShown(field, holds))
    .map((field) => ({
      pointer: `/${field.name}`,
      code: 'not_applicable',
      detail: 'The field does not apply to this record: leave it empty.',
    }));

/** What is worked out, nobody gives. */
const touched = (entity: Entity, changed: readonly string[]): readonly Field[] =>
  changed.flatMap((name) => entity.fields.get(name) ?? []).filter(({ computed }) => computed === undefined);

function isDefault({ name, meta }: Field, after: RecordValues): boolean {
  if (meta.default === undefined) return false;
  const [number, stored] = [decimalOf(meta.default), decimalOf(after[name])];
  return number !== undefined && stored !== undefined ? number.eq(stored) : sameValue(meta.default, after[name]);
}

/**
 * A choice that is not open. One that was not open before either, and that the write does not touch, is not this write's to
 * answer for: the metadata changed since.
 */
export const optionIssues = (
  entity: Entity,
  {
    before,
    after,
    changed,
  }: { readonly before: RecordValues | null; readonly after: RecordValues; readonly changed: readonly string[] },
  holds: Holds,
  heldBefore: () => Promise<Holds>,
): Promise<readonly Issue[]> =>
  Promise.all(
    [...entity.fields.values()]
      .filter((field) => field.meta.optionsWhen !== undefined && !isEmpty(after[field.name]))
      .map(async (field): Promise<readonly Issue[]> => {
        const open = openOptions(field, holds);
        const refused = closedChoice(open, after[field.name]);
        if (open === undefined || refused === undefined) return [];
        const isOld = before !== null && !changed.includes(field.name);
        if (isOld && closedChoice(openOptions(field, await heldBefore()), after[field.name]) !== undefined) return [];
        const detail = `"${refused}" is not open to this record; choose one of ${open.join(', ')}.`;
        return [{ pointer: `/${field.name}`, code: 'option', detail }];
      }),
  ).then((found) => found.flat());

/** The first chosen value that is not among those open. */
export const closedChoice = (open: readonly string[] | undefined, value: unknown): string | undefined =>
  open === undefined
    ? undefined
    : (Array.isArray(value) ? value.map(String) : [String(value)]).find((one) => !open.includes(one));

/**
 * Values of an existing record that the write changes although they are locked. A lock counts only where its condition
 * holds before and after: what closes a record may still fill it, and what opens it again may change it.
 */
export async function lockedIssues(
  entity: Entity,
  { before, changed }: { readonly before: RecordValues | null; readonly changed: readonly string[] },
  holds: Holds,
  heldBefore: () => Promise<Holds>,
): Promise<readonly Issue[]> {
  if (before === null) return [];
  const locked = touched(entity, changed).filter((field) => field.meta.readOnlyWhen && holds(field.meta.readOnlyWhen));
  if (locked.length === 0) return [];
  const held = await heldBefore();
  return locked
    .filter((field) => field.meta.readOnlyWhen && held(field.meta.readOnlyWhen))
    .map((field) => ({ pointer: `/${field.name}`, code: 'read_only', detail: 'The value can no longer be changed.' }));
}
