// The compiler: what small entities become, piece by piece.
import { describe, expect, test } from '@jest/globals';
import { fieldTypeCatalogue, fieldTypes } from '../../server/fields/index.ts';
import { text } from '../../server/fields/text.ts';
import { canonicalConditions } from '../../server/metadata/canonical.ts';
import { compileRegistry } from '../../server/metadata/compile.ts';
import { resolveFact } from '../../server/metadata/facts.ts';
import { type Entity, type Field, perRegistry, type Registry, registryHolder } from '../../server/metadata/registry.ts';
import type { EntityMetadata, MetadataSource } from '../../server/metadata/types.ts';

const label = { en: 'x' };
const app: MetadataSource['app'] = {
  ...{ id: 'app', name: 'app', label, prefix: 'x_', schema: 'xs', basePath: '/x', flagPrefix: 'x_', telemetryNamespace: 'x' },
  ...{ baseCurrency: 'EUR', defaultRegion: 'DE', languages: ['en', 'ar'], navigation: [] },
};

const source = (...entities: readonly Partial<EntityMetadata>[]): MetadataSource => ({
  app,
  entities: entities.map(
    (entity) =>
      ({
        ...{ id: `ent_${entity.name}`, singular: `one_${entity.name}`, plural: entity.name, fields: {}, operations: ['read'] },
        ...{ label: { en: { one: 'One', other: 'Many' } }, display: { nameFields: ['id'] }, ...entity },
      }) as EntityMetadata,
  ),
  ...{ optionSets: [], roles: [], layouts: [], views: [], dashboards: [], workflows: [], importMappings: [] },
});

const compiled = (...entities: readonly Partial<EntityMetadata>[]): Registry => compileRegistry(source(...entities), fieldTypes);

function entityOf(registry: Registry, name: string): Entity {
  const entity = registry.entities.get(name);
  if (entity === undefined) throw new Error(`There is no entity ${name}`);
  return entity;
}

const textField = (id: string) => ({ id, type: 'text', label });

describe('system fields', () => {
  const names = (meta: Partial<EntityMetadata>): readonly string[] => [
    ...entityOf(compiled({ name: 'things', fields: { a: textField('fld_a') }, ...meta }), 'things').fields.keys(),
  ];
  const stamps = ['created_at', 'created_by', 'updated_at', 'updated_by', 'deleted_at', 'deleted_by', 'deletion_id'];

  test('stand around the declared ones', () => {
    expect(names({})).toEqual(['id', 'a', 'display_name', 'version', ...stamps]);
  });

  test('for imports and search are there only with the feature', () => {
    const found = names({ features: { import: true }, search: { fields: [{ name: 'a', weight: 'A' }] } });
    expect(found).toEqual(['id', 'a', 'external_id', 'display_name', 'search_text', 'version', ...stamps]);
  });

  test('take no input, but the external id', () => {
    const { fields } = entityOf(compiled({ name: 'things', features: { import: true } }), 'things');
    const open = [...fields.values()].filter((field) => field.system && !field.readOnly).map(({ name }) => name);
    expect(open).toEqual(['external_id']);
  });

  test('that are no output are hidden', () => {
    const { fields } = entityOf(compiled({ name: 'things', search: { fields: [{ name: 'id', weight: 'A' }] } }), 'things');
    expect([...fields.values()].filter((field) => field.hidden).map(({ name }) => name)).toEqual(['search_text', 'deletion_id']);
  });
});

describe('fields', () => {
  test('bring the fields and the columns of their type', () => {
    const price = { id: 'fld_price', type: 'money', label };
    const home = { id: 'fld_home', type: 'address', label };
    const { fields } = entityOf(compiled({ name: 'things', fields: { price, home } }), 'things');
    expect(fields.get('price_currency')?.type.name).toBe('currency');
    expect(fields.get('home')?.columns.map(({ name }) => name)).toContain('home_city');
  });

  test('take their options from option sets, roles, entities and languages', () => {
    const from = (optionsFrom: 'roles' | 'entities' | 'languages') => ({
      id: `fld_${optionsFrom}`,
      type: 'select',
      label,
      optionsFrom,
    });
    const size = { id: 'fld_size', type: 'select', label, optionSet: 'sizes' };
    const fields = { size, who: from('roles'), what: from('entities'), tongue: from('languages') };
    const registry = compileRegistry(
      {
        ...source({ name: 'things', fields }),
        optionSets: [{ id: 'opt_sizes', name: 'sizes', label, options: [{ value: 'small', label }] }],
        roles: [{ id: 'role_reader', name: 'reader', label: { en: 'Reader' }, entities: {} }],
      },
      fieldTypes,
    );
    const options = (name: string) => entityOf(registry, 'things').fields.get(name)?.meta.options;
    expect(options('size')).toEqual([{ value: 'small', label }]);
    expect(options('who')).toEqual([{ value: 'reader', label: { en: 'Reader' } }]);
    expect(options('what')).toEqual([{ value: 'things', label: { en: 'Many' } }]);
    expect(options('tongue')?.map(({ value }) => value)).toEqual(['en', 'ar']);
  });

  test('may be of the types that a plugin brings', () => {
    const catalogue = fieldTypeCatalogue([{ ...text, name: 'shout' }]);
    const registry = compileRegistry(
      source({ name: 'things', fields: { a: { ...textField('fld_a'), type: 'shout' } } }),
      catalogue,
    );
    expect(entityOf(registry, 'things').fields.get('a')?.type.name).toBe('shout');
  });

  test('of an unknown type stop the compiler', () => {
    const broken = { name: 'things', fields: { a: { ...textField('fld_a'), type: 'nothing' } } };
    expect(() => compiled(broken)).toThrow('There is no field type "nothing" (field a)');
  });
});

describe('relations', () => {
  test('lead from every record to who made and changed it, without a foreign key', () => {
    const things = entityOf(compiled({ name: 'things' }, { name: 'users' }), 'things');
    const toUser = { kind: 'belongsTo', target: 'users', foreignKey: false, required: false };
    expect(things.relations.get('creator')).toMatchObject({ ...toUser, field: 'created_by' });
    expect(things.relations.get('updater')).toMatchObject({ ...toUser, field: 'updated_by' });
    expect(things.fields.get('created_by')?.relation).toBe('creator');
  });

  test('in and to partitioned tables have no foreign key', () => {
    const to = (entity: string, field: string) =>
      ({ id: `rel_${field}`, kind: 'belongsTo', entity, field, onDelete: 'detach' }) as const;
    const registry = compiled(
      { name: 'events', storage: { partitionBy: 'month' }, relations: { thing: to('things', 'thing_id') } },
      { name: 'things', relations: { event: to('events', 'event_id'), other: to('things', 'other_id') } },
    );
    const foreignKey = (entity: string, name: string): unknown => {
      const relation = entityOf(registry, entity).relations.get(name);
      return relation?.kind === 'belongsTo' && relation.foreignKey;
    };
    expect([foreignKey('events', 'thing'), foreignKey('things', 'event'), foreignKey('things', 'other')]).toEqual([
      false,
      false,
      true,
    ]);
  });

  test('to any of several entities name them, follow a feature or take all', () => {
    const on = {
      id: 'rel_on',
      kind: 'belongsToAny',
      typeField: 'on_type',
      idField: 'on_id',
      inverse: 'notes',
      onDelete: 'cascade',
    } as const;
    const targets = (more: { entities?: readonly string[]; via?: 'comments' }): readonly string[] => {
      const registry = compiled(
        { name: 'notes', relations: { on: { ...on, ...more } } },
        { name: 'a', features: { comments: true } },
        { name: 'b' },
      );
      const relation = entityOf(registry, 'notes').relations.get('on');
      const found = relation?.kind === 'belongsToAny' ? relation.targets : [];
      expect(
        entityOf(registry, 'notes')
          .fields.get('on_type')
          ?.meta.options?.map(({ value }) => value),
      ).toEqual(found);
      const inverses = [...registry.entities.values()].filter((entity) => entity.relations.get('notes')?.kind === 'hasManyAny');
      expect(inverses.map(({ name }) => name)).toEqual(found);
      return found;
    };
    expect(targets({ entities: ['b'] })).toEqual(['b']);
    expect(targets({ via: 'comments' })).toEqual(['a']);
    expect(targets({})).toEqual(['notes', 'a', 'b']);
  });
});

describe('the whole', () => {
  test('takes no change in its maps', () => {
    const registry = compiled({ name: 'things' });
    expect(() => (registry.entities as Map<string, Entity>).clear()).toThrow('The registry is immutable');
    expect(() => (entityOf(registry, 'things').fields as Map<string, Field>).delete('id')).toThrow('The registry is immutable');
  });

  test('can have its conditions in canonical form, the rest untouched', () => {
    const requiredWhen = { all: [{ fact: 'price', operator: 'greaterThan', value: 10000 }] };
    const fields = { price: { id: 'fld_price', type: 'decimal', label }, why: { ...textField('fld_why'), requiredWhen } };
    const given = source({ name: 'things', fields }, { name: 'others' });
    const canonical = canonicalConditions(given, compileRegistry(given, fieldTypes));
    expect(canonical.entities[0]?.fields['why']?.requiredWhen).toEqual({
      all: [{ fact: 'price', operator: 'greaterThan', value: '10000' }],
    });
    expect(canonical.entities[0]?.fields['price']).toEqual(fields.price);
    expect(canonical.entities[1]).toBe(given.entities[1]);
  });

  test('is built on once, by those that derive from it', () => {
    const built: Registry[] = [];
    const sizeOf = perRegistry((registry) => {
      built.push(registry);
      return registry.entities.size;
    });
    const [one, two] = [compiled({ name: 'a' }), compiled({ name: 'a' }, { name: 'b' })];
    expect([sizeOf(one), sizeOf(two), sizeOf(one)]).toEqual([1, 2, 1]);
    expect(built).toEqual([one, two]);
  });

  test('is swapped by one reference; who holds the old one keeps it', () => {
    const [one, two] = [compiled({ name: 'a' }), compiled({ name: 'b' })];
    const holder = registryHolder(one);
    const kept = holder.current();
    holder.replace(two);
    expect([kept, holder.current()]).toEqual([one, two]);
  });
});

describe('facts', () => {
  const registry = compiled(
    {
      name: 'things',
      fields: {
        serial: { id: 'fld_serial', type: 'integer', label, big: true },
        home: { id: 'fld_home', type: 'address', label },
        key: { id: 'fld_key', type: 'secret', label },
      },
      relations: { maker: { id: 'rel_maker', kind: 'belongsTo', entity: 'makers', field: 'maker_id', onDelete: 'detach' } },
    },
    {
      name: 'makers',
      relations: { boss: { id: 'rel_boss', kind: 'belongsTo', entity: 'makers', field: 'boss_id', onDelete: 'detach' } },
    },
  );
  const fact = (path: string) => resolveFact(registry, entityOf(registry, 'things'), path);

  test('have the kind of their column: 64 bits are a decimal', () => expect(fact('serial')?.kind).toBe('decimal'));

  test('may be a part, or a field of what the record refers to', () => {
    expect(fact('home.city')).toMatchObject({ suffix: '_city', kind: 'text' });
    expect(fact('maker.boss.boss.id')?.through.map(({ name }) => name)).toEqual(['maker', 'boss', 'boss']);
  });

  test.each([
    'maker.boss.boss.boss.id',
    'maker',
    'home.city.name',
    'home.planet',
    'home.constructor',
    'key',
    'deletion_id',
    'loans.id',
    '',
  ])('are not %j', (path) => expect(fact(path)).toBeUndefined());
});
