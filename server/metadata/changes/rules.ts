// Indexes and rules of an entity: lists that are changed item by item.

import { didYouMean } from '../../conditions/did-you-mean.ts';
import { isObject, type JsonObject } from '../pointer.ts';
import { entityFor } from './find.ts';
import { idFor } from './ids.ts';
import { objectKey } from './layers.ts';
import { memberStep, noteOrigin } from './origins.ts';
import { withoutNulls } from './overlay.ts';
import { refusal } from './refusal.ts';
import { labelOf } from './texts.ts';
import type { RuleChange } from './types.ts';
import { putObject, type Step, type WorkObject } from './work.ts';

type Of<Op> = Extract<RuleChange, { readonly op: Op }>;
type List = 'indexes' | 'validationRules' | 'duplicateRules';

const itemsOf = ({ value }: WorkObject, list: List): readonly JsonObject[] =>
  Array.isArray(value[list]) ? (value[list] as JsonObject[]) : [];

/** An empty list is none. */
function putItems({ work }: Step<unknown>, entity: WorkObject, list: List, items: readonly JsonObject[]): void {
  const { [list]: _, ...rest } = entity.value;
  putObject(work, { ...entity, value: items.length === 0 ? rest : { ...rest, [list]: items } });
}

export function addIndex(step: Step<Of<'addIndex'>>): void {
  const { pointer, change } = step;
  const entity = entityFor(step, change.entity);
  const [first = ''] = change.index.fields;
  const name = first.replace(/^-/, '');
  const home = objectKey('entities', entity.id);
  const id = idFor(step, { prefix: 'index', name, given: change.index.id, pointer: `${pointer}/index/id`, home });
  putItems(step, entity, 'indexes', [...itemsOf(entity, 'indexes'), withoutNulls({ ...change.index, id })]);
  noteOrigin(step, entity, ['indexes', memberStep(id)], ['index']);
}

export function retireIndex(step: Step<Of<'retireIndex'>>): void {
  const { pointer, change } = step;
  const entity = entityFor(step, change.entity);
  const { id, fields } = change;
  if (id === undefined && fields === undefined) throw refusal(pointer, 'required', '"id" or "fields" is missing.');
  const isIt = (index: JsonObject): boolean =>
    id === undefined ? JSON.stringify(index['fields']) === JSON.stringify(fields) : index['id'] === id;
  const left = itemsOf(entity, 'indexes').filter((index) => !isIt(index));
  if (left.length === itemsOf(entity, 'indexes').length) {
    const named = id === undefined ? `over ${(fields ?? []).join(', ')}` : `"${id}"`;
    throw refusal(
      `${pointer}/${id === undefined ? 'fields' : 'id'}`,
      'unknown',
      `${String(entity.value['plural'])} has no index ${named}.`,
    );
  }
  putItems(step, entity, 'indexes', left);
}

/** A rule says of itself what most rules say when it is not given. */
const rules = {
  validationRules: (rule: JsonObject, languages: readonly string[]): JsonObject => ({
    on: ['create', 'update'],
    ...rule,
    message: labelOf(rule['message'], languages, rule['name']),
  }),
  duplicateRules: (rule: JsonObject): JsonObject => ({ action: 'warn', ...rule }),
} as const;

export function setRule(list: 'validationRules' | 'duplicateRules') {
  return (step: Step<Of<'setValidationRule' | 'setDuplicateRule'>>): void => {
    const entity = entityFor(step, step.change.entity);
    const { name, ...settings } = step.change.rule;
    const made = rules[list]({ name, ...settings }, step.work.languages);
    const rule = Object.fromEntries(Object.entries(made).filter(([, value]) => value !== null));
    const items = itemsOf(entity, list);
    const at = items.findIndex((item) => isObject(item) && item['name'] === name);
    putItems(step, entity, list, at < 0 ? [...items, rule] : items.with(at, rule));
    noteOrigin(step, entity, [list, memberStep(name)], ['rule'], ['rule', 'name']);
  };
}

export function retireRule(list: 'validationRules' | 'duplicateRules') {
  return (step: Step<Of<'retireValidationRule' | 'retireDuplicateRule'>>): void => {
    const entity = entityFor(step, step.change.entity);
    const { name } = step.change;
    const items = itemsOf(entity, list);
    const left = items.filter((item) => item['name'] !== name);
    if (left.length === items.length) {
      const hint = didYouMean(
        name,
        items.map((item) => String(item['name'])),
      );
      throw refusal(`${step.pointer}/name`, 'unknown', `${String(entity.value['plural'])} has no such rule "${name}".${hint}`);
    }
    putItems(step, entity, list, left);
  };
}
