// A place in the metadata where something else is named, and what it names.
import type { MetadataSource } from '../types.ts';

export type TargetKind =
  /** By its plural, as everything else names it. */
  | 'entity'
  /** The other name of an entity. */
  | 'singular'
  /** Declared fields, reference fields of relations and the engine's own. */
  | 'field'
  /** Declared relations and the inverses that they give. */
  | 'relation'
  | 'option'
  | 'optionSet'
  | 'role'
  | 'flag'
  | 'layout'
  | 'view'
  | 'dashboard'
  | 'workflow';

export interface Target {
  readonly kind: TargetKind;
  /** Stable id; for an option that of its option set or field, for a flag its name. Those of the engine begin with `sys_`. */
  readonly id: string;
  /** The name it has now; for an option its value. */
  readonly name: string;
  /** Plural of the entity that has the field or relation. */
  readonly entity?: string;
}

/** The object of the metadata that holds a place: one file's worth, all layers laid over each other. */
export interface Owner {
  readonly kind: keyof MetadataSource;
  readonly id: string;
  readonly name: string;
}

/** The characters from `start` to `end` of the text at `pointer`, or of the key that the pointer ends in, are the name. */
export interface Place {
  /** RFC 6901 pointer into the owner's object. */
  readonly pointer: string;
  readonly at: 'value' | 'key';
  /** The whole text or key: `-account.name`, `{{record.name}} was here`. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Use extends Place {
  readonly target: Target;
  /** The place that gives the target its name, not one that uses it. */
  readonly declares?: true;
}

export interface Reference extends Use {
  readonly owner: Owner;
}

/** Equal for all references to one thing, whatever it is called. */
export function keyOf({ kind, id, name, entity }: Target): string {
  if (kind === 'option') return `${kind} ${id} ${name}`;
  return id.startsWith('sys_') ? `${kind} ${id} ${entity}` : `${kind} ${id}`;
}

/** The target's name inside of `text`, which stands at the pointer. */
export const namedAt = (pointer: string, text: string, target: Target, start = 0): Use => ({
  pointer,
  at: 'value',
  text,
  start,
  end: start + target.name.length,
  target,
});

/** Text that is one name as a whole; none when it names nothing. */
export const nameUse = (pointer: string, text: unknown, target: Target | undefined): readonly Use[] =>
  target === undefined ? [] : [{ ...namedAt(pointer, String(text), target), end: String(text).length }];

export const declared = (uses: readonly Use[]): readonly Use[] => uses.map((use) => ({ ...use, declares: true }));

/** The same name as the last key of the pointer instead of the text there. */
export const asKey = (uses: readonly Use[]): readonly Use[] => uses.map((use) => ({ ...use, at: 'key' }));
