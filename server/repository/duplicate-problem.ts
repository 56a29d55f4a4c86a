// The problem of a record that is refused as a duplicate: the fields that tell, and what the caller may know of the others.
import type { Entity } from '../metadata/registry.ts';
import { type Issue, type Problem, problem } from '../problem.ts';
import type { Context } from './context.ts';
import type { DuplicateFinding } from './repository.ts';

export function duplicateProblem(
  code: 'duplicate' | 'possible_duplicate',
  context: Context,
  entity: Entity,
  findings: readonly DuplicateFinding[],
): Problem {
  const [first] = findings.flatMap(({ records }) => records);
  const name = first?.display_name ?? '';
  const detail =
    code === 'duplicate'
      ? `There is such a ${entity.singular} already${name === '' ? '' : `: ${name}`}.`
      : `There may be such a ${entity.singular} already${name === '' ? '' : `: ${name}`}.`;
  const errors = findings.flatMap(({ rule, pointers }): Issue[] =>
    pointers.map((pointer) => ({
      pointer: writablePointer(entity, pointer),
      code: rule,
      detail: ruleText(context, entity, rule) ?? detail,
    })),
  );
  const distinct = [...new Map(errors.map((issue) => [`${issue.pointer} ${issue.code}`, issue])).values()];
  return problem(code, { detail, errors: distinct, extra: { duplicates: findings } });
}

/** What the record is called is made of its name fields: the first of them is where it can be changed. */
const writablePointer = (entity: Entity, pointer: string): string =>
  pointer === '/display_name' ? `/${entity.meta.display.nameFields[0] ?? 'display_name'}` : pointer;

function ruleText(context: Context, entity: Entity, name: string): string | undefined {
  const label = entity.meta.duplicateRules?.find((rule) => rule.name === name)?.label;
  return label?.[context.language] ?? label?.[context.registry.app.languages[0] ?? 'en'];
}
