// Options that go: what names them is rewritten to what replaces them, or stands against it; what records get for them.
import { step as below, isObject, type JsonObject } from '../pointer.ts';
import type { Named } from '../uses/targets.ts';
import { type Member, membersOf } from './find.ts';
import { refusal } from './refusal.ts';
import { renameEverywhere } from './rename.ts';
import { withdrawUses } from './retire.ts';
import { touch } from './touched-things.ts';
import { noteOptions } from './values.ts';
import { objectsOf, type Step, type WorkObject } from './work.ts';

export type Replacements = Readonly<Record<string, string | null>>;
export type OptionStep = Step<{ readonly replace?: Replacements; readonly cascade?: boolean }>;

/** Where options stand: a field with options of its own, or an option set. */
export type Holder = { readonly entity: WorkObject; readonly field: Member } | { readonly set: WorkObject };

export const valuesOf = (options: unknown): readonly string[] =>
  Array.isArray(options) ? (options as unknown[]).flatMap((option) => (isObject(option) ? [String(option['value'])] : [])) : [];

/** Before the list itself is replaced. @throws Refused for replacements without sense, or uses that stand against it */
export function changeOptions(step: OptionStep, holder: Holder, before: readonly string[], after: readonly string[]): void {
  const { change, work } = step;
  const replace = change.replace ?? {};
  checkReplacements(step, holder, before, after);
  const gone = before.filter((value) => !after.includes(value));
  if (gone.length > 0) requireNotOfEngine(step, holder, gone);
  const withdrawn = gone.filter((value) => typeof own(replace, value) !== 'string');
  const renamed = gone.flatMap((value) => {
    const to = own(replace, value);
    return typeof to === 'string' ? [{ ...named(holder, value), to }] : [];
  });
  if (withdrawn.length > 0)
    withdrawUses(
      step,
      withdrawn.map((value) => named(holder, value)),
    );
  if (renamed.length > 0) renameEverywhere(step, renamed, ({ declares }) => declares !== true);
  for (const { entityId, fieldId } of fieldsOf(step, holder)) noteOptions(work, { entityId, fieldId }, new Set(after), replace);
  const place = 'set' in holder ? { id: holder.set.id } : { id: holder.field.value['id'], entityId: holder.entity.id };
  for (const value of gone)
    touch(work, { kind: 'option', action: withdrawn.includes(value) ? 'retired' : 'renamed', ...place, value });
}

const own = (replace: Replacements, value: string): string | null | undefined =>
  Object.hasOwn(replace, value) ? replace[value] : undefined;

const named = (holder: Holder, name: string): Extract<Named, { readonly kind: 'option' }> =>
  'set' in holder
    ? { kind: 'option', optionSet: String(holder.set.value['name']), name }
    : { kind: 'option', entity: String(holder.entity.value['plural']), field: holder.field.name, name };

interface UsingField {
  readonly entityId: string;
  readonly fieldId: unknown;
  readonly title: string;
  readonly required: boolean;
}

/** The fields that offer these options. */
function fieldsOf({ work }: Step<unknown>, holder: Holder): readonly UsingField[] {
  const using = (entity: WorkObject, name: string, { id, required }: JsonObject): UsingField => ({
    entityId: entity.id,
    fieldId: id,
    title: `${String(entity.value['plural'])}.${name}`,
    required: required === true,
  });
  if ('field' in holder) return [using(holder.entity, holder.field.name, holder.field.value)];
  return objectsOf(work, 'entities').flatMap((entity) =>
    Object.entries(membersOf(entity, 'fields'))
      .filter(([, field]) => isObject(field) && field['optionSet'] === holder.set.value['name'])
      .map(([name, field]) => using(entity, name, field)),
  );
}

function checkReplacements(step: OptionStep, holder: Holder, before: readonly string[], after: readonly string[]): void {
  const { pointer, change } = step;
  const required = fieldsOf(step, holder).find((field) => field.required);
  for (const [value, to] of Object.entries(change.replace ?? {})) {
    const at = below(`${pointer}/replace`, value);
    if (!before.includes(value)) throw refusal(at, 'unknown', `There is no option "${value}" to replace.`);
    if (after.includes(value)) throw refusal(at, 'invalid', `The option "${value}" stays; only one that goes is replaced.`);
    if (to !== null && !after.includes(to)) throw refusal(at, 'unknown', `"${to}" is not among the options.`);
    if (to === null && required !== undefined)
      throw refusal(at, 'required', `${required.title} is required; name an option that takes the place of "${value}".`);
  }
}

/** The engine writes some options itself. */
function requireNotOfEngine({ work, pointer }: Step<unknown>, holder: Holder, gone: readonly string[]): void {
  const id = 'set' in holder ? holder.set.id : holder.field.value['id'];
  const shipped = new Set(work.layers.engineOptions.get(String(id)));
  const value = gone.find((one) => shipped.has(one));
  if (value !== undefined)
    throw refusal(`${pointer}/options`, 'read_only', `The engine itself works with the option "${value}".`);
}
