// Layouts, views, dashboards, workflows, roles and import mappings: set as a whole or by a patch, retired.
import type { JsonObject } from '../pointer.ts';
import type { Named } from '../uses/targets.ts';
import { objectFor, objectNamed } from './find.ts';
import { idFor } from './ids.ts';
import { objectKey } from './layers.ts';
import { requireNotEngine } from './names.ts';
import { withObjectDefaults, withObjectLabels } from './object-defaults.ts';
import { noteName, noteOrigin } from './origins.ts';
import { patched, withoutNulls } from './overlay.ts';
import { refusal } from './refusal.ts';
import { renameEverywhere } from './rename.ts';
import { withdrawUses } from './retire.ts';
import { noteRoles } from './role-values.ts';
import { touch } from './touched-things.ts';
import { objectsOf, putObject, removeObject, type Step, type WorkObject } from './work.ts';

export type ScreenKind = 'layouts' | 'views' | 'dashboards' | 'workflows' | 'roles' | 'importMappings';

/** What one is called in sentences, and as what it is named elsewhere. */
export const titles = {
  layouts: { title: 'layout', named: 'layout' },
  views: { title: 'view', named: 'view' },
  dashboards: { title: 'dashboard', named: 'dashboard' },
  workflows: { title: 'workflow', named: 'workflow' },
  roles: { title: 'role', named: 'role' },
  importMappings: { title: 'import mapping', named: undefined },
} as const satisfies Readonly<
  Record<
    ScreenKind,
    { readonly title: string; readonly named: Exclude<Named['kind'], 'field' | 'relation' | 'option'> | undefined }
  >
>;

/** `setView` takes `view`, or the name of one that is there and a patch. */
export function setObject(kind: ScreenKind, payload: string) {
  return (step: Step): void => {
    const { change, pointer } = step;
    const whole = change[payload];
    const by = { name: change['name'], set: change['set'] };
    if (whole !== undefined) {
      if (by.name !== undefined || by.set !== undefined)
        throw refusal(
          `${pointer}/${payload}`,
          'invalid',
          `Either the whole "${payload}" is given, or a "name" and what to "set".`,
        );
      placeObject(step, kind, whole as JsonObject, payload);
      return;
    }
    if (typeof by.name !== 'string' || by.set === undefined)
      throw refusal(pointer, 'required', `"${payload}" is missing, or a "name" and what to "set".`);
    patchObject(step, kind, by.name, by.set as JsonObject);
  };
}

/** Puts a whole object in the place of the one with its id, or else its name; `payload` is the member that gives it. */
export function placeObject(step: Step<unknown>, kind: ScreenKind, given: JsonObject, payload: string): void {
  const { work, pointer } = step;
  const { id: givenId, name, $schema: _, ...settings } = given;
  const same = givenId === undefined ? undefined : objectsOf(work, kind).find(({ id }) => id === givenId);
  const twin = name === undefined ? undefined : objectsOf(work, kind).find(({ value }) => value['name'] === name);
  const found = same ?? (givenId === undefined ? twin : undefined);
  if (twin !== undefined && twin !== found)
    throw refusal(`${pointer}/${payload}/name`, 'taken', `"${String(name)}" is already the name of a ${titles[kind].title}.`);
  const id =
    found?.id ??
    idFor(step, { prefix: kind, name: name ?? settings['entity'], given: givenId, pointer: `${pointer}/${payload}/id` });
  if (found !== undefined && name !== undefined) renameObject(step, found, String(name), [payload, 'name']);
  const before = found === undefined ? undefined : work.objects.get(objectKey(kind, found.id))?.value;
  const named = name ?? before?.['name'];
  const value = withObjectDefaults(
    kind,
    { id, ...(named === undefined ? {} : { name: named }), ...settings },
    work.languages,
    before,
  );
  const object: WorkObject = { kind, id: String(id), value: withoutNulls(value) };
  putObject(work, object);
  noteOrigin(step, object, [], [payload], [payload, 'name']);
  note(step, object, found === undefined ? 'added' : 'changed');
}

function patchObject(step: Step, kind: ScreenKind, name: string, set: JsonObject): void {
  const { work, pointer } = step;
  const found = objectFor(step, kind, titles[kind].title, name, '/name');
  for (const key of ['id', 'retired'])
    if (Object.hasOwn(set, key))
      throw refusal(`${pointer}/set/${key}`, 'read_only', `The "${key}" of a ${titles[kind].title} cannot be set.`);
  const to = set['name'];
  if (typeof to === 'string' && to !== found.value['name']) {
    if (objectNamed(step, kind, to) !== undefined)
      throw refusal(`${pointer}/set/name`, 'taken', `"${to}" is already the name of a ${titles[kind].title}.`);
    renameObject(step, found, to, ['set', 'name']);
  }
  const current = work.objects.get(objectKey(kind, found.id)) ?? found;
  putObject(work, { ...current, value: patched(current.value, withObjectLabels(kind, set, work.languages)) });
  noteOrigin(step, current, [], ['set'], ['set', 'name']);
  note(step, current, 'changed');
}

/** Roles are named by others, and in records. */
function renameObject(step: Step<unknown>, object: WorkObject, to: string, at: readonly string[]): void {
  const before = object.value['name'];
  const named = titles[object.kind as ScreenKind].named;
  if (before === to || named === undefined) return;
  requireNotEngine(step, object.id, `/${at.join('/')}`, `the ${titles[object.kind as ScreenKind].title} "${String(before)}"`);
  renameEverywhere(step, [{ kind: named, name: String(before), to }]);
  if (named === 'role') noteRoles(step, { [String(before)]: to });
  noteName(step, object, ['name'], at);
  note(step, object, 'renamed');
}

function note({ work }: Step<unknown>, { kind, id }: WorkObject, action: 'added' | 'changed' | 'renamed' | 'retired'): void {
  const { named } = titles[kind as ScreenKind];
  if (named !== undefined) touch(work, { action, kind: named, id });
}

export function retireObject(kind: ScreenKind) {
  return (step: Step<{ readonly name: string; readonly cascade?: boolean }>): void => {
    const { title, named } = titles[kind];
    const found = objectFor(step, kind, title, step.change.name, '/name');
    const name = String(found.value['name'] ?? found.id);
    requireNotEngine(step, found.id, '/name', `the ${title} "${name}"`);
    if (named !== undefined) withdrawUses(step, [{ kind: named, name }]);
    removeObject(step.work, found);
    if (named === 'role') noteRoles(step, {});
    note(step, found, 'retired');
  };
}
