// Relations: their targets, the link entities between them, and what a delete may do.
import { didYouMean } from '../../conditions/did-you-mean.ts';
import { pointerOf, step } from '../pointer.ts';
import { usersEntity } from '../system-fields.ts';
import type { BelongsToAnyMetadata, EntityMetadata, ManyToManyMetadata, RelationMetadata } from '../types.ts';
import { type Check, type CheckSubject, entityNamed } from './subject.ts';

export const checkRelations: Check = (subject) => {
  for (const entity of subject.source.entities) {
    for (const [name, relation] of Object.entries(entity.relations ?? {})) {
      const pointer = pointerOf('relations', name);
      if (relation.kind === 'belongsToAny') checkAny(subject, entity, relation, pointer);
      else checkTarget(subject, entity, relation.entity, step(pointer, 'entity'));
      if (relation.kind === 'manyToMany') checkLink(subject, entity, relation, pointer);
      else if (relation.required === true && relation.onDelete === 'detach') {
        subject.report(entity, step(pointer, 'onDelete'), 'A required relation cannot be let go: choose restrict or cascade.');
      }
      if (relation.kind === 'belongsTo' && relation.unique === true && entity.storage !== undefined) {
        subject.report(entity, step(pointer, 'unique'), 'A table in monthly partitions cannot keep a field unique.');
      }
      if (relation.inverseLabel !== undefined && relation.inverse === undefined) {
        subject.report(entity, step(pointer, 'inverseLabel'), 'There is no "inverse" that this could be the label of.');
      }
    }
    checkOwnership(subject, entity);
  }
};

function checkTarget({ source, doubtful, report }: CheckSubject, entity: EntityMetadata, name: string, pointer: string): void {
  if (entityNamed(source, name) !== undefined || doubtful(name)) return;
  report(
    entity,
    pointer,
    `There is no entity "${name}".${didYouMean(
      name,
      source.entities.map((other) => other.name),
    )}`,
  );
}

function checkAny(subject: CheckSubject, entity: EntityMetadata, relation: BelongsToAnyMetadata, pointer: string): void {
  const { entities, via } = relation;
  if (entities !== undefined && via !== undefined) {
    subject.report(entity, step(pointer, 'via'), 'The targets are named by "entities" or by "via", not by both.');
  }
  for (const [at, name] of (entities ?? []).entries()) checkTarget(subject, entity, name, step(step(pointer, 'entities'), at));
}

/** `from` must be the link's reference to this entity, `to` the one to the target. */
function checkLink(subject: CheckSubject, entity: EntityMetadata, relation: ManyToManyMetadata, pointer: string): void {
  const { source, doubtful, report } = subject;
  checkTarget(subject, entity, relation.through, step(pointer, 'through'));
  const link = entityNamed(source, relation.through);
  if (link === undefined) return;
  for (const [key, target] of [
    ['from', entity.name],
    ['to', relation.entity],
  ] as const) {
    const end = link.relations?.[relation[key]];
    if (end?.kind === 'belongsTo' && end.entity === target) continue;
    if (doubtful(relation[key]) || doubtful(link.name)) continue;
    const found = end === undefined ? 'has no such relation' : 'has one that points elsewhere';
    report(
      entity,
      step(pointer, key),
      `"${relation[key]}" must be a belongsTo relation of ${link.name} to ${target}; it ${found}.`,
    );
  }
}

/** The owner is a user; the team is any reference; what belongs to another record says through which relation. */
function checkOwnership({ source, doubtful, report }: CheckSubject, entity: EntityMetadata): void {
  const { through } = entity.ownership ?? {};
  const to = through === undefined ? undefined : entity.relations?.[through];
  if (through !== undefined && !doubtful(through)) {
    if (to?.kind !== 'belongsTo' && to?.kind !== 'belongsToAny')
      report(entity, '/ownership/through', `"${through}" is not a relation to one record.`);
    else if (to.kind === 'belongsTo' && belongsToItself(source, entity))
      report(entity, '/ownership/through', `The records of ${entity.name} would belong to themselves.`);
  }
  for (const [name, { relation }] of Object.entries(entity.about ?? {})) {
    const about = entity.relations?.[relation];
    if (entity.fields[name] === undefined && !doubtful(name))
      report(entity, pointerOf('about', name), `${entity.name} has no field "${name}".`);
    if (about?.kind !== 'belongsToAny' && !doubtful(relation))
      report(entity, pointerOf('about', name, 'relation'), `"${relation}" is not a relation to a record of any kind.`);
  }
  for (const key of ['owner', 'team'] as const) {
    const field = entity.ownership?.[key];
    if (field === undefined || doubtful(field)) continue;
    const relation = Object.values(entity.relations ?? {}).find((other) => other.kind === 'belongsTo' && other.field === field);
    const pointer = pointerOf('ownership', key);
    if (relation === undefined) report(entity, pointer, `"${field}" is not the reference field of a belongsTo relation.`);
    else if (
      key === 'owner' &&
      relation.kind === 'belongsTo' &&
      relation.entity !== usersEntity &&
      entityNamed(source, usersEntity)
    ) {
      report(entity, pointer, `The owner must be one of ${usersEntity}; "${field}" points to ${relation.entity}.`);
    }
  }
}

function belongsToItself(source: CheckSubject['source'], entity: EntityMetadata): boolean {
  const seen = new Set<EntityMetadata>();
  let at: EntityMetadata | undefined = entity;
  while (at !== undefined && !seen.has(at)) {
    seen.add(at);
    const relation: RelationMetadata | undefined = at.relations?.[at.ownership?.through ?? ''];
    at = relation?.kind === 'belongsTo' ? entityNamed(source, relation.entity) : undefined;
  }
  return at !== undefined;
}
