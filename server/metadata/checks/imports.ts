// Import mappings: target fields that take input, a key to match on, references with a field to match by.
import { didYouMean } from '../../conditions/did-you-mean.ts';
import { factNames } from '../facts.ts';
import { pointerOf } from '../pointer.ts';
import type { Entity, Field, Registry } from '../registry.ts';
import type { ImportMappingMetadata } from '../types.ts';
import { entityOf } from './screens.ts';
import type { CheckSubject, CompiledCheck } from './subject.ts';
import { fieldLookUp } from './uses.ts';

export const checkImports: CompiledCheck = (subject, registry) => {
  for (const mapping of registry.importMappings.values()) {
    const entity = entityOf(subject, registry, mapping, mapping.entity, '/entity');
    if (entity === undefined) continue;
    if (entity.meta.features?.import !== true)
      subject.report(mapping, '/entity', `The features of ${entity.name} do not name "import".`);
    const lookUp = fieldLookUp(subject, mapping, entity);
    const { upsertOn } = mapping;
    if (typeof upsertOn === 'string') {
      const key = lookUp(upsertOn, '/upsertOn');
      if (key !== undefined && key.meta.unique !== true && !['external_id', 'id'].includes(key.name))
        subject.report(mapping, '/upsertOn', `"${upsertOn}" is not unique.`);
      if (!Object.hasOwn(mapping.fields, upsertOn))
        subject.report(mapping, '/upsertOn', `"${upsertOn}" is not among the fields of the mapping.`);
    }
    for (const [path, source] of Object.entries(mapping.fields)) {
      const pointer = pointerOf('fields', path);
      const field = lookUp(path, pointer);
      const isKey = field?.name === 'id' && upsertOn === 'id';
      if (field?.system === true && field.readOnly && !isKey)
        subject.report(mapping, pointer, `"${path}" is set by the engine alone.`);
      if (source.column === undefined && source.value === undefined)
        subject.report(mapping, pointer, 'Give a "column" or a "value".');
      if (source.column !== undefined && source.value !== undefined)
        subject.report(mapping, pointer, 'Give a "column" or a "value", not both.');
      if (field !== undefined) checkOptions(subject, mapping, field, path);
      checkMatch(subject, registry, mapping, entity, path);
    }
  }
};

/** Constants, and what texts of a file stand for, are options that there are. */
function checkOptions({ report }: CheckSubject, mapping: ImportMappingMetadata, { type, meta }: Field, path: string): void {
  const { value, map = {}, format } = mapping.fields[path] ?? {};
  if (meta.options === undefined) return;
  const refuse = (given: unknown, ...steps: readonly string[]): void => {
    const parsed = type.parse(given, meta, { defaultRegion: '', baseCurrency: '', value: () => undefined });
    if (parsed instanceof Promise || !('issues' in parsed)) return;
    for (const { detail } of parsed.issues) report(mapping, pointerOf('fields', path, ...steps), detail);
  };
  if (value !== undefined && value !== null) refuse(value, 'value');
  for (const [text, meant] of Object.entries(map)) {
    const read = type.fromText(meant, meta, { ...mapping.format, ...format });
    if ('value' in read) refuse(read.value, 'map', text);
  }
}

function checkMatch(
  { doubtful, report }: CheckSubject,
  registry: Registry,
  mapping: ImportMappingMetadata,
  entity: Entity,
  path: string,
): void {
  const match = mapping.fields[path]?.match;
  if (match === undefined || doubtful(path)) return;
  const pointer = pointerOf('fields', path, 'match');
  const relation = entity.relations.get(entity.fields.get(path)?.relation ?? '');
  if (relation === undefined) {
    report(mapping, pointer, `"${path}" is not a reference, so there is nothing to match by.`);
    return;
  }
  for (const name of relation.kind === 'belongsToAny' ? relation.targets : [relation.target]) {
    const target = registry.entities.get(name);
    if (target === undefined || target.fields.has(match) || doubtful(match)) continue;
    report(mapping, pointer, `${name} has no field "${match}".${didYouMean(match, factNames(target))}`);
  }
}
