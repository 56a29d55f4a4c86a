// Which entity and which methods a path means, by the registry of this very request: run-time entities appear at once.

import { didYouMean } from '../conditions/did-you-mean.ts';
import type { Method } from '../http/resource.ts';
import { entityNamed } from '../metadata/aliases.ts';
import type { Entity } from '../metadata/registry.ts';
import type { Operation } from '../metadata/types.ts';
import { problem } from '../problem.ts';
import { readableEntities, seenBy, seenEntity } from '../repository/access.ts';
import type { RestContext } from './services.ts';

/** As the caller sees it. @throws problem `not_found`, with the nearest name that the caller may read */
export function entityOf(ctx: RestContext): Entity {
  const { context } = ctx.state;
  const name = ctx.params['entity'] ?? '';
  const entity = entityNamed(seenBy(context), name);
  if (entity !== undefined) return seenEntity(context, entity.name);
  const known = readableEntities(context).map((readable) => readable.name);
  throw problem('not_found', { detail: `There is no "${name}".${didYouMean(name, known)}` });
}

export const idOf = (ctx: RestContext): string => ctx.params['id'] ?? '';

/** Methods by the operations they stand for; one is offered when the entity declares any of its operations. */
export const offered =
  (table: Readonly<Partial<Record<Method, readonly Operation[]>>>) =>
  (ctx: RestContext): readonly Method[] => {
    const { operations } = entityOf(ctx);
    return (Object.keys(table) as Method[]).filter((method) => table[method]?.some((operation) => operations.has(operation)));
  };
