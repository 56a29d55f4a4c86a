// Entities that are there: changed, renamed, retired.
import type { JsonObject } from '../pointer.ts';
import { entityFor } from './find.ts';
import { clearFormerNames, withEndedName, withFormerName } from './former-names.ts';
import { objectKey } from './layers.ts';
import { requireChangeable } from './members.ts';
import { requireFreeWord, requireNotEngine } from './names.ts';
import { noteName, noteOrigin } from './origins.ts';
import { patched } from './overlay.ts';
import { renameEverywhere, withFollowing } from './rename.ts';
import { withdrawUses } from './retire.ts';
import { pluralLabelOf, withLabels } from './texts.ts';
import { touch } from './touched-things.ts';
import type { EntityChange } from './types.ts';
import { objectsOf, putObject, removeObject, type Step, type WorkObject } from './work.ts';

type Of<Op extends EntityChange['op']> = Extract<EntityChange, { readonly op: Op }>;

const kept: Readonly<Record<string, string>> = {
  id: 'The id of an entity stays.',
  name: 'An entity is renamed with renameEntity.',
  plural: 'An entity is renamed with renameEntity.',
  singular: 'An entity is renamed with renameEntity.',
  fields: 'Fields have operations of their own, such as addField and changeField.',
  relations: 'Relations have operations of their own, such as addRelation and changeRelation.',
  storage: 'How the rows are stored stays as it is.',
  retired: 'An entity is retired with retireEntity.',
};

export function changeEntity(step: Step<Of<'changeEntity'>>): void {
  const { work, change } = step;
  const entity = entityFor(step, change.entity);
  requireChangeable(step, kept);
  const texts = withLabels(change.set, ['description'], work.languages);
  const label = change.set['label'] === undefined ? {} : { label: pluralLabelOf(change.set['label'], work.languages) };
  putObject(work, { ...entity, value: patched(entity.value, { ...texts, ...label }) });
  noteOrigin(step, entity, [], ['set']);
  touch(work, { action: 'changed', kind: 'entity', id: entity.id });
}

export function renameEntity(step: Step<Of<'renameEntity'>>): void {
  const { work } = step;
  const taken = new Set(objectsOf(work, 'entities').map(({ value }) => value['plural']));
  const named = (change: JsonObject): JsonObject =>
    change['op'] === 'renameEntity' ? { ...change, name: change['entity'] } : change;
  const changes = step.changes.map(named);
  const all = withFollowing(
    { ...step, changes, change: { ...step.change, name: step.change.entity } },
    (name) => taken.has(name),
    ({ op }) => op === 'renameEntity',
  );
  const renamed = all.map((one) => ({ one, entity: entityFor(one, one.change.entity) }));
  const going = new Set(renamed.map(({ entity }) => entity.id));
  for (const { one, entity } of renamed) {
    const { to, singular } = one.change;
    requireNotEngine(one, entity.id, '/entity', `the entity "${String(entity.value['plural'])}"`);
    requireFreeWord(one, to, '/to', going);
    if (singular !== undefined) requireFreeWord(one, singular, '/singular', going);
  }
  renameEverywhere(
    step,
    renamed.map(({ one: { change }, entity }) => ({
      kind: 'entity',
      name: String(entity.value['plural']),
      to: change.to,
      ...(change.singular === undefined ? {} : { singular: change.singular }),
    })),
  );
  for (const { one, entity } of renamed) {
    work.done.add(one.index);
    settle(one, entity);
  }
}

/** @param before as it was: its plural and its singular are both former names now, as far as they changed */
function settle(step: Step<Of<'renameEntity'>>, { id, value: before }: WorkObject): void {
  const { work, change } = step;
  const entity = work.objects.get(objectKey('entities', id));
  if (entity === undefined) return;
  const named = (['plural', 'singular'] as const)
    .filter((key) => entity.value[key] !== before[key])
    .reduce((value, key) => {
      const name = String(before[key]);
      return change.aliasDays === 0
        ? withEndedName(value, name, work.now)
        : withFormerName(value, name, work.now, change.aliasDays);
    }, entity.value);
  const label = change.label === undefined ? named : patched(named, { label: pluralLabelOf(change.label, work.languages) });
  putObject(work, { ...entity, value: label });
  clearFormerNames(work, new Set([id]));
  for (const key of ['name', 'plural']) noteName(step, entity, [key], ['to']);
  if (change.singular !== undefined) noteName(step, entity, ['singular'], ['singular']);
  if (change.label !== undefined) noteOrigin(step, entity, ['label'], ['label']);
  touch(work, { action: 'renamed', kind: 'entity', id });
}

export function retireEntity(step: Step<Of<'retireEntity'>>): void {
  const { work } = step;
  const entity = entityFor(step, step.change.entity);
  const plural = String(entity.value['plural']);
  requireNotEngine(step, entity.id, '/entity', `the entity "${plural}"`);
  withdrawUses(step, [{ kind: 'entity', name: plural }]);
  removeObject(work, entity);
  touch(work, { action: 'retired', kind: 'entity', id: entity.id });
}
