// The registry of the objects as they are between two changes: as far as it can be compiled, for what names what.
import { checkMetadata } from '../check.ts';
import { compileRegistry } from '../compile.ts';
import { kinds } from '../kinds.ts';
import type { MetadataObject } from '../layer.ts';
import type { Registry } from '../registry.ts';
import { type ObjectFinding, soundMetadata } from '../sound.ts';
import { referencesOf } from '../uses/references.ts';
import { objectKey } from './layers.ts';
import { refusal } from './refusal.ts';
import type { Step, Work } from './work.ts';

/**
 * What is not sound yet is left out: a change further on may mend it, and the end is checked as a whole.
 * @throws Refused when what the changes before have made cannot be read at all
 */
export function registryOf({ work, pointer }: Pick<Step, 'work' | 'pointer'>): Registry {
  work.registry ??= compiledQuickly(work) ?? compiledSoundly(work);
  if (work.registry === undefined)
    throw refusal(pointer, 'invalid', 'What the changes before this one make cannot be read. Ask for them alone first.');
  return work.registry;
}

/** With the shapes of new objects checked only: nearly always the metadata are sound between two changes. */
function compiledQuickly(work: Work): Registry | undefined {
  const objects = metadataObjects(work);
  const findings = objects
    .filter(({ value }) => !work.checked.has(value))
    .flatMap((object) => work.checkShape(object.kind, object.value).map((finding) => ({ object, ...finding })));
  if (findings.length > 0) return undefined;
  for (const { value } of objects) work.checked.add(value);
  return compiled(work, objects, []);
}

function compiledSoundly(work: Work): Registry | undefined {
  const objects = metadataObjects(work);
  const byFile = new Map(objects.map((object) => [object.files[0]?.file, object]));
  const findings = checkMetadata(objects, work.base.fieldTypes, work.checkShape).findings.flatMap(
    ({ file, pointer, message }): ObjectFinding[] => {
      const object = byFile.get(file);
      return object === undefined ? [] : [{ object, pointer, message }];
    },
  );
  return compiled(work, objects, findings);
}

/** Undefined where the metadata make no sense yet: nobody has promised that they do. */
function compiled(work: Work, objects: readonly MetadataObject[], findings: readonly ObjectFinding[]): Registry | undefined {
  try {
    const registry = compileRegistry(soundMetadata(objects, findings).source, work.base.fieldTypes);
    referencesOf(registry);
    return registry;
  } catch {
    return undefined;
  }
}

const layer = { name: 'custom', folder: '' } as const;

const metadataObjects = (work: Work): readonly MetadataObject[] =>
  [...work.objects.values()].flatMap(({ kind: key, id, value }) => {
    const kind = kinds.find((candidate) => candidate.key === key);
    if (kind === undefined) return [];
    const files = [{ kind, layer, file: objectKey(key, id), content: value, lines: new Map<string, number>() }];
    return [{ kind, layer: layer.name, value, files }];
  });
