// Fields and relations of an entity as it is by now: put in, taken out, named anew.
import { isObject, type JsonObject, pointerOf } from '../pointer.ts';
import { withoutPlaces } from '../uses/withdrawals.ts';
import { type Member, membersOf } from './find.ts';
import { clearFormerNames, withFormerName } from './former-names.ts';
import { objectKey } from './layers.ts';
import { memberStep, noteName } from './origins.ts';
import { withoutNulls } from './overlay.ts';
import { refusal } from './refusal.ts';
import { labelOf, optionsFrom, withLabels } from './texts.ts';
import { touch } from './touched-things.ts';
import { putObject, type Step, type WorkObject } from './work.ts';

export type MemberList = 'fields' | 'relations';

/** Labels may be plain texts, and missing ones are made from the names. */
export function fieldFrom(given: JsonObject, name: string, languages: readonly string[]): JsonObject {
  const { id, type, label, ...settings } = withLabels(given, ['help', 'placeholder'], languages);
  const options = settings['options'] === undefined ? {} : { options: optionsFrom(settings['options'], languages) };
  return withoutNulls({ id, type, label: labelOf(label, languages, name), ...settings, ...options }, name);
}

export const withMember = ({ value, ...object }: WorkObject, list: MemberList, name: string, member: JsonObject): WorkObject => ({
  ...object,
  value: { ...value, [list]: { ...(isObject(value[list]) ? value[list] : {}), [name]: member } },
});

export function removeMember({ work }: Step<unknown>, { id }: WorkObject, list: MemberList, name: string): void {
  const entity = work.objects.get(objectKey('entities', id));
  if (entity !== undefined)
    putObject(work, { ...entity, value: withoutPlaces<JsonObject>(entity.value, [pointerOf(list, name)]) });
}

/** After a member got its new name: the former one, where the new one came from, and that nothing else has it as a former one. */
export function noteRename(
  step: Step<{ readonly to: string; readonly aliasDays?: number }>,
  { id }: Pick<WorkObject, 'id'>,
  list: MemberList,
  { name, value }: Member,
): void {
  const { work, change } = step;
  const entity = work.objects.get(objectKey('entities', id));
  if (change.to === name || entity === undefined) return;
  const members = Object.entries(membersOf(entity, list)).map(
    ([key, member]) => [key, key === change.to ? withFormerName(member, name, work.now, change.aliasDays) : member] as const,
  );
  putObject(work, { ...entity, value: { ...entity.value, [list]: Object.fromEntries(members) } });
  clearFormerNames(work, new Set([value['id']]));
  noteName(step, entity, [list, memberStep(value['id'])], ['to']);
  touch(work, { action: 'renamed', kind: list === 'fields' ? 'field' : 'relation', id: value['id'], entityId: id });
}

/** @throws Refused where the entity takes no custom fields */
export function requireCustomisable({ pointer }: Step<unknown>, { value }: WorkObject): void {
  const { features, plural } = value;
  if (isObject(features) && features['customFields'] === false)
    throw refusal(`${pointer}/entity`, 'read_only', `${String(plural)} takes no fields beside its own.`);
}

/** @throws Refused for members of `set` that are no matter of a patch, with the sentence of each */
export function requireChangeable(
  { pointer, change }: Step<{ readonly set: JsonObject }>,
  sentences: Readonly<Record<string, string>>,
): void {
  for (const key of Object.keys(change.set))
    if (Object.hasOwn(sentences, key)) throw refusal(`${pointer}/set/${key}`, 'read_only', sentences[key] ?? '');
}
