// Whether stored formulas and roll-ups are what they should be, and their repair.
import { computedInOrder } from '../metadata/computed-order.ts';
import type { Registry } from '../metadata/registry.ts';
import { computedPass } from '../tables/computed-passes.ts';
import type { VersionServices } from './services.ts';
import { withSession } from './session.ts';
import { workOut } from './settle-computed.ts';

export interface ComputedDrift {
  readonly entity: string;
  readonly field: string;
  /** Records whose value is another than what it is worked out from says. */
  readonly total: number;
  /** Ids of some of them. */
  readonly examples: readonly string[];
}

/** Field by field, each in one statement, so that what is compared is of one moment. */
export async function driftOf(services: VersionServices, registry: Registry): Promise<readonly ComputedDrift[]> {
  return withSession(services.knex, async (session) => {
    const found: ComputedDrift[] = [];
    for (const { entity, field } of computedInOrder(registry)) {
      const pass = computedPass(registry, entity, field);
      if (pass === undefined) continue;
      const [row] = await session.query<{ total: number; examples: readonly string[] | null }>(pass.differing);
      if (row !== undefined && row.total > 0)
        found.push({ entity: entity.name, field: field.name, total: row.total, examples: row.examples ?? [] });
    }
    return found;
  });
}

/** Works everything out anew, each value after those that it builds on. @returns the fields of which records were changed */
export async function repairDrift(
  services: VersionServices,
  registry: Registry,
): Promise<readonly { readonly entity: string; readonly field: string; readonly changed: number }[]> {
  return withSession(services.knex, async (session) => {
    const repaired = [];
    for (const placed of computedInOrder(registry)) {
      const changed = await workOut({ session, services }, registry, placed);
      if (changed > 0) repaired.push({ entity: placed.entity.name, field: placed.field.name, changed });
    }
    return repaired;
  });
}
