// Formulas, roll-ups and converted amounts of an entity's fields, once all of its fields are known.
import type { Condition } from '../conditions/tree.ts';
import { baseSuffix } from '../fields/money.ts';
import type { RollupFunction } from '../fields/rollup.ts';
import { checkFormula, type FormulaScope } from '../formulas/check.ts';
import { formulaKind } from '../formulas/kinds.ts';
import type { FormulaNode } from '../formulas/tree.ts';
import type { Computed, Field } from './registry.ts';
import type { AppMetadata } from './types.ts';

type Fields = ReadonlyMap<string, Field>;

/** The fields with how they are worked out; nobody may set those. */
export function withComputed(app: AppMetadata, fields: Fields): Map<string, Field> {
  const scope = formulaScope(fields);
  const all = new Map(fields);
  for (const field of fields.values()) {
    const computed = computedOf(field, scope);
    const money = field.type.name === 'money';
    if (computed !== undefined) set(all, field, computed);
    const currency = fields.get(`${field.name}_currency`);
    if (computed !== undefined && money && currency !== undefined)
      set(all, currency, { kind: 'formula', formula: currencyOf(app, field, scope) });
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

function computedOf({ meta }: Field, scope: FormulaScope): Computed | undefined {
  if (meta.type === 'formula') {
    const checked = checkFormula(String(meta['expression']), scope);
    return { kind: 'formula', formula: 'formula' in checked ? checked.formula : nothing };
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

function currencyOf({ baseCurrency }: AppMetadata, { meta }: Field, scope: FormulaScope): FormulaNode {
  const from = meta['currencyFrom'];
  const checked = typeof from === 'string' ? checkFormula(from, scope) : undefined;
  return checked !== undefined && 'formula' in checked ? checked.formula : { node: 'literal', kind: 'text', value: baseCurrency };
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
