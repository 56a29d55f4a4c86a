// A mark of the features that are on for somebody, by which an open page learns that others are.
import { createHash } from 'node:crypto';
import { featuresOf } from '../metadata/features.ts';
import type { Registry } from '../metadata/registry.ts';
import type { Actor } from '../repository/actor.ts';

/** Another text when other features are off for the actor. */
export function featureMark(registry: Registry, actor: Actor): string {
  const off = [...featuresOf(registry).keys()].filter((name) => !actor.isOn(name));
  return createHash('sha256').update(off.join()).digest('base64url').slice(0, 16);
}
