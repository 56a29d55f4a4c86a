// Conditions: facts that exist, operators that fit them, operands of their kind, sizes that stay small.
import { type ConditionIssue, checkCondition } from '../../conditions/check.ts';
import { conditionsOf } from '../conditions.ts';
import { stepsOf } from '../pointer.ts';
import type { CompiledCheck } from './subject.ts';

export const checkConditions: CompiledCheck = ({ doubtful, report }, registry) => {
  for (const { value, pointer, condition, vocabulary, variables } of conditionsOf(registry)) {
    const result = checkCondition(condition, vocabulary);
    if ('condition' in result) continue;
    for (const issue of result.issues) {
      const name = issue.code.startsWith('unknown_') ? named(condition, issue) : undefined;
      if (name?.split('.').some(doubtful) === true) continue;
      // Variables are `group.name`, where the group is no field or relation of the record.
      if (variables === true && name?.includes('.') === true && vocabulary.facts?.includes(name.split('.')[0] ?? '') === false)
        continue;
      report(value, pointer + issue.pointer, issue.detail);
    }
  }
};

/** The fact or relation that the issue is about. */
function named(condition: unknown, issue: ConditionIssue): string | undefined {
  let at = condition;
  for (const key of stepsOf(issue.pointer)) at = (at as Record<string, unknown> | undefined)?.[key];
  return typeof at === 'string' ? at : undefined;
}
