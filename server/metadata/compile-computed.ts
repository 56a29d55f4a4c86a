// Formulas, roll-ups and converted amounts of an entity's fields, once all of its fields are known.
import type { Condition } from '../conditions/tree.ts';
import { baseSuffix } from '../fields/money.ts';
import type { RollupFunction } from '../fields/rollup.ts';
import { checkFormula, type FormulaScope } from '../formulas/check.ts';
import { formulaKind } from '../formulas/kinds.ts';
import type { FormulaNode } from '../formulas/tree.ts';
import type { Computed, Field } from './registry.ts';
import type { AppMetadata, EntityMetadata } from './types.ts';

type Fields = ReadonlyMap<string, Field>;

/** The fields with how they are worked out; nobody may set those. */
export function withComputed(app: AppMetadata, fields: Fields, relations: EntityMetadata['relations']): Map<string, Field> {
  const scope = formulaScope(fields);
  const all = new Map(fields);
  for (const field of fields.values()) {
    const computed = computedOf(field, scope, fields);
    const money = field.type.name === 'money';
    if (computed !== undefined) set(all, field, computed);
    const currency = money ? fields.get(`${field.name}_currency`) : undefined;
    if (currency !== undefined && (computed !== undefined || field.meta['currencyFrom'] !== undefined))
      set(all, currency, currencyOf(app, field, scope, relations));
    const base = fields.get(`${field.name}${baseSuffix}`);
    if (money && base !== undefined && field.meta['converted'] === true)
      set(all, base, {
        kind: 'converted',
        amount: field.name,
        currency: `${field.name}_currency`,
        date: String(field.meta['rateDate'] ?? 'created_at'),
      });
  }
  return all;
}

const set = (all: Map<string, Field>, field: Field, computed: Computed): void => {
  all.set(field.name, Object.freeze({ ...field, computed: Object.freeze(computed), readOnly: true }));
};

function computedOf({ name, meta, type }: Field, scope: FormulaScope, fields: Fields): Computed | undefined {
  if (meta.type === 'formula') {
    const checked = checkFormula(String(meta['expression']), scope);
    const currency = `${name}_currency`;
    return {
      kind: 'formula',
      formula: 'formula' in checked ? checked.formula : nothing,
      ...(type.name === 'money' && meta['fractions'] !== true && fields.has(currency) ? { currency } : {}),
    };
  }
  if (meta.type !== 'rollup') return undefined;
  const field = meta['field'] as string | undefined;
  const filter = meta['filter'] as Condition | undefined;
  return {
    kind: 'rollup',
    relation: String(meta['relation']),
    calculate: meta['function'] as RollupFunction,
    ...(field === undefined ? {} : { field }),
    ...(filter === undefined ? {} : { filter }),
  };
}

/** What is wrong with a formula, `checks/computed.ts` has told. */
const nothing: FormulaNode = { node: 'literal', kind: 'none', value: null };

function currencyOf(
  { baseCurrency }: AppMetadata,
  { name, meta }: Field,
  scope: FormulaScope,
  relations: EntityMetadata['relations'] = {},
): Computed {
  const from = String(meta['currencyFrom'] ?? '');
  const [relation = '', field] = from.split('.');
  const followed = Object.hasOwn(relations, relation) ? relations[relation] : undefined;
  if (field !== undefined && followed?.kind === 'belongsTo')
    return { kind: 'inherited', amount: name, relation, reference: followed.field, field };
  const checked = from === '' ? undefined : checkFormula(from, scope);
  const formula = checked !== undefined && 'formula' in checked ? checked.formula : undefined;
  return { kind: 'formula', formula: formula ?? { node: 'literal', kind: 'text', value: baseCurrency } };
}

/** What the engine keeps of a record changes without a word to its formulas, but for when it was made. */
const isStable = ({ name, system, hidden, type }: Field): boolean =>
  !hidden && type.secret !== true && (!system || ['created_at', 'external_id'].includes(name));

/** Fields of the record and their parts; secrets and what is only kept for searching are nothing to calculate with. */
export function formulaScope(fields: Fields): FormulaScope {
  return {
    names: [...fields.values()].filter(isStable).map(({ name }) => name),
    kindOf(path) {
      const [name = '', part, ...more] = path.split('.');
      const field = fields.get(name);
      if (field === undefined || !isStable(field) || more.length > 0) return undefined;
      if (part === undefined) {
        const main = field.columns.find(({ suffix }) => suffix === '');
        return main === undefined ? null : (formulaKind(main.kind) ?? null);
      }
      const { parts = {} } = field.type;
      return Object.hasOwn(parts, part) ? (formulaKind(parts[part]?.kind ?? 'json') ?? null) : undefined;
    },
  };
}
