// Input under former or coming names: the write knows current names only, its findings are told under the names that were given.
import { currentMember, currentName, entityNamed } from '../metadata/aliases.ts';
import type { Entity } from '../metadata/registry.ts';
import { type Issue, Problem, problem } from '../problem.ts';
import type { Context } from './context.ts';
import type { RecordValues } from './records.ts';

/**
 * Runs a write with its input in current names.
 * @throws problem `validation_failed` where a field is given under two names; what `write` throws, with pointers into the input
 */
export async function underCurrentNames<T>(
  context: Context,
  entityName: string,
  input: RecordValues,
  write: (current: RecordValues) => Promise<T>,
): Promise<T> {
  const entity = entityNamed(context.registry, entityName);
  if (entity === undefined) return write(input);
  const given = new Map<string, string>();
  const current = currentInput(context, entity, input, given);
  try {
    return await write(current);
  } catch (error) {
    throw given.size > 0 && error instanceof Problem ? pointingBack(error, given) : error;
  }
}

/** @param given is filled: current name → the name that the input has */
export function currentInput(
  context: Context,
  entity: Entity,
  input: RecordValues,
  given = new Map<string, string>(),
): RecordValues {
  const kinds = entityValues(context, entity, input);
  if (entity.aliases.size === 0) return kinds.length === 0 ? input : { ...input, ...Object.fromEntries(kinds) };
  const issues: Issue[] = [];
  const current: [string, unknown][] = [];
  for (const [name, value] of Object.entries(input)) {
    const now = currentMember(entity, name);
    if (now === name) current.push([name, value]);
    else if (Object.hasOwn(input, now) || given.has(now)) issues.push(twice(name, now));
    else {
      given.set(now, name);
      current.push([now, value]);
    }
  }
  if (issues.length > 0) throw problem('validation_failed', { errors: issues });
  return Object.fromEntries([...current, ...kinds]);
}

const twice = (name: string, now: string): Issue => ({
  pointer: `/${name}`,
  code: 'given_twice',
  detail: `"${name}" is another name of "${now}"; give one of them.`,
});

/** The kind of a "record of any kind" by its current name. */
function entityValues({ registry }: Context, entity: Entity, input: RecordValues): [string, unknown][] {
  if (registry.aliases.size === 0) return [];
  return [...entity.relations.values()].flatMap((relation): [string, unknown][] => {
    if (relation.kind !== 'belongsToAny') return [];
    const value = input[relation.typeField];
    if (typeof value !== 'string' || registry.entities.has(value)) return [];
    return [[relation.typeField, currentName(registry.aliases, value)]];
  });
}

function pointingBack(error: Problem, given: ReadonlyMap<string, string>): Problem {
  const errors = error.errors.map((issue) => {
    const [, name = '', ...rest] = issue.pointer.split('/');
    const told = given.get(name);
    return told === undefined ? issue : { ...issue, pointer: ['', told, ...rest].join('/') };
  });
  const { code, detail, headers, extra } = error;
  return problem(code, { ...(detail === undefined ? {} : { detail }), errors, headers, extra, cause: error });
}
