// Formulas and roll-ups: what they read exists and fits, the result is of its kind, and nothing is worked out from itself.
import { checkCondition } from '../../conditions/check.ts';
import { didYouMean } from '../../conditions/did-you-mean.ts';
import { baseSuffix } from '../../fields/money.ts';
import { checkFormula } from '../../formulas/check.ts';
import { type FormulaKind, formulaKind } from '../../formulas/kinds.ts';
import { literalsInText } from '../../formulas/literals-in-text.ts';
import { formulaScope } from '../compile-computed.ts';
import { feedOf, inOwnCurrency, type RollupField } from '../computed.ts';
import { inputsOf, type PlacedField } from '../computed-order.ts';
import { pointerOf, step } from '../pointer.ts';
import { type Entity, type Field, isToMany, type Registry } from '../registry.ts';
import { vocabularyOf } from '../vocabulary.ts';
import type { CheckSubject, CompiledCheck } from './subject.ts';

export const checkComputed: CompiledCheck = (subject, registry) => {
  for (const entity of registry.entities.values()) {
    for (const field of entity.fields.values()) {
      if (field.meta.type === 'formula') checkExpression(subject, entity, field);
      if (field.meta.type === 'rollup') checkRollup(subject, registry, entity, field);
      checkRateDate(subject, entity, field);
      checkCurrencyFrom(subject, registry, entity, field);
    }
  }
  checkCircles(subject, registry);
};

const kindOf = (field: Field): FormulaKind | undefined => formulaKind(field.columns[0]?.kind ?? 'json');

function checkExpression({ report, doubtful }: CheckSubject, entity: Entity, field: Field): void {
  const pointer = pointerOf('fields', field.name);
  const scope = formulaScope(entity.fields);
  const checked = checkFormula(String(field.meta['expression']), scope);
  if ('issue' in checked) {
    const name = /no field "([^".]+)/.exec(checked.issue.detail)?.[1];
    if (name === undefined || !doubtful(name)) report(entity.meta, step(pointer, 'expression'), checked.issue.detail);
    return;
  }
  checkOptions(report, entity, String(field.meta['expression']), step(pointer, 'expression'));
  const { kind } = checked.formula;
  if (kind !== kindOf(field))
    report(
      entity.meta,
      step(pointer, 'returns'),
      `The formula results in ${kind === 'none' ? 'nothing' : kind}, which a field of type ${field.type.name} does not hold.`,
    );
}

/** A text that is compared with a choice is one of its options: another would never be equal. */
function checkOptions(report: CheckSubject['report'], entity: Entity, expression: string, pointer: string): void {
  for (const { path, value } of literalsInText(expression)) {
    const values = entity.fields.get(path)?.meta.options?.map((option) => option.value) ?? [];
    if (values.length > 0 && !values.includes(value))
      report(entity.meta, pointer, `"${value}" is no option of ${path}.${didYouMean(value, values)}`);
  }
}

/** A currency field of the record, or of one that it belongs to. */
function checkCurrencyFrom({ report, doubtful }: CheckSubject, registry: Registry, entity: Entity, field: Field): void {
  if (field.type.name !== 'money' || field.meta['currencyFrom'] === undefined) return;
  const from = String(field.meta['currencyFrom']);
  const [first = '', second, ...more] = from.split('.');
  const relation = entity.relations.get(first);
  const target = relation?.kind === 'belongsTo' ? registry.entities.get(relation.target) : undefined;
  const found = second === undefined ? entity.fields.get(first) : target?.fields.get(second);
  if (found?.type.name === 'currency' && more.length === 0) return;
  if (!from.split('.').some(doubtful))
    report(entity.meta, pointerOf('fields', field.name, 'currencyFrom'), `"${from}" is no currency field.`);
}

function checkRateDate({ report }: CheckSubject, entity: Entity, field: Field): void {
  const given = field.meta['rateDate'];
  if (given === undefined) return;
  if (!['date', 'dateTime'].includes(entity.fields.get(String(given))?.type.name ?? ''))
    report(entity.meta, pointerOf('fields', field.name, 'rateDate'), `"${String(given)}" is no date field.`);
}

function checkRollup(subject: CheckSubject, registry: Registry, entity: Entity, field: Field): void {
  const { report, doubtful } = subject;
  if (field.computed?.kind !== 'rollup') return;
  const pointer = pointerOf('fields', field.name);
  const { relation: name, calculate, field: summed, filter } = field.computed;
  const relation = entity.relations.get(name);
  const many = [...entity.relations.values()].filter(isToMany);
  if (relation === undefined || !isToMany(relation) || !('target' in relation)) {
    const hint = didYouMean(
      name,
      many.map((one) => one.name),
    );
    if (!doubtful(name))
      report(entity.meta, step(pointer, 'relation'), `${entity.name} has no to-many relation "${name}".${hint}`);
    return;
  }
  const source = registry.entities.get(relation.target);
  if (source === undefined) return;
  if (source.partitioned)
    report(
      entity.meta,
      step(pointer, 'relation'),
      `${source.name} is kept in monthly partitions, old ones of which go: it cannot be summed up.`,
    );
  if (calculate !== 'count') checkSummed(subject, registry, entity, field, source, summed);
  if (filter === undefined) return;
  const whole = vocabularyOf(registry, source);
  // The record's own fields only: nothing else tells when the roll-up changes.
  const own = {
    facts: [...source.fields.keys()].filter((one) => whole.describe(one) !== undefined),
    describe: (path: string) => (source.fields.has(path.split('.')[0] ?? path) ? whole.describe(path) : undefined),
  };
  const result = checkCondition(filter, own);
  if ('issues' in result)
    for (const issue of result.issues) report(entity.meta, `${pointer}/filter${issue.pointer}`, issue.detail);
}

function checkSummed(
  { report, doubtful }: CheckSubject,
  registry: Registry,
  entity: Entity,
  field: Field,
  source: Entity,
  name: string | undefined,
): void {
  const pointer = pointerOf('fields', field.name);
  const summed = source.fields.get(name ?? '');
  if (summed === undefined || summed.hidden || summed.type.secret === true) {
    if (!doubtful(name ?? ''))
      report(
        entity.meta,
        step(pointer, 'field'),
        `${source.name} has no field "${name}".${didYouMean(name ?? '', source.fields.keys())}`,
      );
    return;
  }
  if (summed.type.name === 'money' && inOwnCurrency(field as RollupField)) {
    if (!isInParentsCurrency(source, summed, entity, field)) {
      const detail = `${source.name}.${summed.name} must be in the currency of its ${entity.singular}: it needs "currencyFrom" with the same field.`;
      report(entity.meta, step(pointer, 'currencyFrom'), detail);
      return;
    }
  } else if (summed.type.name === 'money' && !source.fields.has(`${summed.name}${baseSuffix}`)) {
    const detail = `Amounts of several currencies are not added up: ${source.name}.${summed.name} needs "converted": true.`;
    report(entity.meta, step(pointer, 'field'), detail);
    return;
  }
  const [kind, calculate] = [kindOf(summed), String(field.meta['function'])];
  const fits = kind === 'number' || (['min', 'max'].includes(calculate) && (kind === 'date' || kind === 'dateTime'));
  if (!fits) report(entity.meta, step(pointer, 'field'), `A field of type ${summed.type.name} has no ${calculate}.`);
  else if (calculate === 'sum' && scaleOf(field) < scaleOf(feedOf(registry, entity, field as RollupField)?.value ?? summed))
    report(entity.meta, step(pointer, 'scale'), `The sum needs as many digits after the point as ${source.name}.${summed.name}.`);
  else if (kindOf(field) !== kind)
    report(
      entity.meta,
      step(pointer, 'returns'),
      `The ${calculate} of a field of type ${summed.type.name} is not of type ${field.type.name}.`,
    );
}

/** Whether the amount takes its currency from where the roll-up of the record above it does. */
function isInParentsCurrency(source: Entity, summed: Field, entity: Entity, field: Field): boolean {
  const relation = entity.relations.get(String(field.meta['relation']));
  const taken = source.fields.get(`${summed.name}_currency`)?.computed;
  return (
    relation?.kind === 'hasMany' &&
    taken?.kind === 'inherited' &&
    taken.reference === relation.field &&
    taken.field === field.meta['currencyFrom']
  );
}

/** Digits after the point that the column keeps. */
const scaleOf = (field: Field): number => Number(/,(\d+)\)$/.exec(field.columns[0]?.type ?? '')?.[1] ?? 0);

/** Over all entities: a formula reads a roll-up over a formula … */
function checkCircles({ report }: CheckSubject, registry: Registry): void {
  const done = new Set<Field>();
  const visit = ({ entity, field }: PlacedField, path: readonly Field[]): void => {
    if (done.has(field) || field.computed === undefined) return;
    if (path.includes(field)) {
      const circle = [...path.slice(path.indexOf(field)), field].map(({ name }) => name).join(' ← ');
      report(entity.meta, pointerOf('fields', field.name), `It would be worked out from itself: ${circle}.`);
      return;
    }
    for (const input of inputsOf(registry, { entity, field })) visit(input, [...path, field]);
    done.add(field);
  };
  for (const entity of registry.entities.values()) for (const field of entity.fields.values()) visit({ entity, field }, []);
}
