// The catalogue of checks, and the run over all of them: every finding of every file at once.
import type { FieldType } from '../fields/field-type.ts';
import { checkApp } from './checks/app.ts';
import { checkComputed } from './checks/computed.ts';
import { checkConditions } from './checks/conditions.ts';
import { checkDashboards } from './checks/dashboards.ts';
import { checkFields } from './checks/fields.ts';
import { checkFormerNames } from './checks/former-names.ts';
import { checkGraphqlNames } from './checks/graphql-names.ts';
import { checkIds } from './checks/ids.ts';
import { checkImports } from './checks/imports.ts';
import { checkInverses } from './checks/inverses.ts';
import { checkLimits } from './checks/limits.ts';
import { checkNames } from './checks/names.ts';
import { checkRelations } from './checks/relations.ts';
import { checkRequiredCycles } from './checks/required-cycles.ts';
import { checkRoles } from './checks/roles.ts';
import { checkScreens } from './checks/screens.ts';
import type { Check, CheckSubject, CompiledCheck } from './checks/subject.ts';
import { checkTexts } from './checks/texts.ts';
import { checkUses } from './checks/uses.ts';
import { checkWorkflows } from './checks/workflows.ts';
import { compiling } from './compile.ts';
import type { MetadataFinding } from './finding.ts';
import { layerAt, type MetadataObject, placeOf } from './layer.ts';
import type { CheckShape } from './schema.ts';
import { drained, type Parts } from './slices.ts';
import { type ObjectFinding, type SoundMetadata, soundMetadata } from './sound.ts';
import type { MetadataSource } from './types.ts';

export const checks: readonly Check[] = [
  checkApp,
  checkNames,
  checkFormerNames,
  checkGraphqlNames,
  checkLimits,
  checkIds,
  checkTexts,
  checkFields,
  checkRelations,
  checkInverses,
  checkRequiredCycles,
  checkRoles,
];

const compiledChecks: readonly CompiledCheck[] = [
  checkComputed,
  checkUses,
  checkConditions,
  checkScreens,
  checkDashboards,
  checkWorkflows,
  checkImports,
];

export interface CheckedMetadata {
  /** The whole metadata when there are no findings, else what of it is sound. */
  readonly source: MetadataSource;
  readonly findings: readonly MetadataFinding[];
  readonly layerOf: (entityId: string) => MetadataObject['layer'];
}

/**
 * Shapes first, then meanings. What has findings is left out of the next round, and names that went with it are not missed
 * there, so one mistake gives one finding and hides no other.
 */
export const checkMetadata = (...input: Parameters<typeof checking>): CheckedMetadata => drained(checking(...input));

/** The same object by object, then check by check. */
export function* checking(
  objects: readonly MetadataObject[],
  fieldTypes: ReadonlyMap<string, FieldType>,
  checkShape: CheckShape,
): Parts<CheckedMetadata> {
  const found: ObjectFinding[] = [];
  for (const object of objects) {
    found.push(...checkShape(object.kind, object.value).map((finding) => ({ object, ...finding })));
    yield;
  }
  const shaped = soundMetadata(objects, found);
  for (const check of checks) {
    check(subjectOf(shaped, fieldTypes, found));
    yield;
  }
  const sound = soundMetadata(objects, found);
  const layers = new Map([...sound.objectOf.values()].map((object) => [object.value['id'], object.layer]));
  const layerOf = (id: string): MetadataObject['layer'] => layers.get(id) ?? 'application';
  const registry = yield* compiling(sound.source, fieldTypes, { layerOf, version: '' });
  for (const check of compiledChecks) {
    check(subjectOf(sound, fieldTypes, found), registry);
    yield;
  }
  return { source: sound.source, layerOf, findings: found.map(toFinding) };
}

function subjectOf(sound: SoundMetadata, fieldTypes: ReadonlyMap<string, FieldType>, found: ObjectFinding[]): CheckSubject {
  return {
    source: sound.source,
    fieldTypes,
    doubtful: (name) => sound.doubtful.has(name),
    layerOf: (value) => sound.objectOf.get(value)?.layer ?? 'application',
    layerAt: (value, pointer) => {
      const object = sound.objectOf.get(value);
      return object === undefined ? 'application' : layerAt(object, pointer);
    },
    report: (value, pointer, message, about) => {
      const object = sound.objectOf.get(value);
      const told = found.some((other) => other.object === object && other.pointer === pointer && other.message === message);
      if (object !== undefined && !told) found.push({ object, pointer, message, ...(about === undefined ? {} : { about }) });
    },
  };
}

const toFinding = ({ object, ...finding }: ObjectFinding): MetadataFinding => ({
  ...placeOf(object, finding.pointer),
  ...finding,
});
