// Random small registries, for properties that hold between any two of them.
import fc from 'fast-check';
import type { Registry } from '../../../server/metadata/registry.ts';
import { type SmallEntity, smallRegistry } from './registry.ts';

const fieldTypes = ['text', 'integer', 'boolean', 'date'] as const;
const field = (id: string) =>
  fc.record(
    {
      id: fc.constant(id),
      type: fc.constantFrom(...fieldTypes),
      required: fc.boolean(),
      unique: fc.boolean(),
      index: fc.boolean(),
    },
    { requiredKeys: ['id', 'type'] },
  );
/** Fields by id under any of a few names, so that names move between ids. */
const fields = fc
  .uniqueArray(fc.tuple(fc.constantFrom('f1', 'f2', 'f3', 'f4'), fc.constantFrom('aa', 'bb', 'cc', 'dd')), {
    selector: ([id]) => id,
    maxLength: 4,
  })
  .filter((pairs) => new Set(pairs.map(([, name]) => name)).size === pairs.length)
  .chain((pairs) => fc.tuple(...pairs.map(([id, name]) => field(id).map((meta) => [name, meta] as const))))
  .map((entries) => Object.fromEntries(entries));
const relation = (targets: readonly string[]) =>
  fc
    .option(fc.constantFrom(...targets))
    .map((target): SmallEntity['relations'] =>
      target === null ? {} : { to: { id: 'rel_to', kind: 'belongsTo', entity: target, field: 'to_id', onDelete: 'restrict' } },
    );
/** Registries of one to three entities whose fields, names and references vary. */
export const world: fc.Arbitrary<Registry> = fc
  .uniqueArray(fc.tuple(fc.constantFrom('e1', 'e2', 'e3'), fc.constantFrom('ones', 'twos', 'threes')), {
    selector: ([id]) => id,
    minLength: 1,
  })
  .filter((pairs) => new Set(pairs.map(([, name]) => name)).size === pairs.length)
  .chain((pairs) => {
    const names = pairs.map(([, name]) => name);
    return fc.tuple(
      ...pairs.map(([id, name]) =>
        fc.record({ id: fc.constant(id), name: fc.constant(name), fields, relations: relation(names) }),
      ),
    );
  })
  .map((entities) => smallRegistry(entities));
