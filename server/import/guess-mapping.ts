// Guesses which column fills which field: by the names and the labels in all languages, and by what the cells hold.
import { distance } from 'fastest-levenshtein';
import { isFileType } from '../fields/file-limits.ts';
import type { Entity, Field, Registry, Relation } from '../metadata/registry.ts';
import type { ImportMappingMetadata } from '../metadata/types.ts';
import type { Context } from '../repository/context.ts';
import type { Repository } from '../repository/repository.ts';
import { columnWords } from './column-words.ts';
import { type Cell, cellText, type FileRow } from './formats/row-file.ts';
import { guessFormat } from './guess-format.ts';
import { guessMatch } from './guess-match.ts';
import { isFillable } from './mapping.ts';
import { rejectColumns } from './rejects.ts';

type Source = ImportMappingMetadata['fields'][string];
type BelongsTo = Extract<Relation, { kind: 'belongsTo' }>;

interface Target {
  /** `name`, `address.city` */
  readonly path: string;
  readonly field: Field;
  readonly part: string | undefined;
  /** What it may be called, as plain words; those of the whole field first. */
  readonly names: readonly string[];
}

/** A name less alike than this is another name. */
const leastAlike = 0.78;
/** Of the cells, at least so many must be values of the field. */
const leastReadable = 0.5;

/**
 * @param registry as the importer sees it, and `entity` of it
 * @param rows the first of the file
 * @returns a mapping that fits the file; with no fields at all when nothing looks like any of them
 */
export async function guessMapping(
  repository: Repository,
  context: Context,
  registry: Registry,
  entity: Entity,
  header: readonly string[],
  rows: readonly FileRow[],
): Promise<ImportMappingMetadata> {
  const cellsOf = (at: number): readonly Cell[] =>
    rows.map(({ cells }) => cells[at] ?? '').filter((cell) => cellText(cell).trim() !== '');
  const fields: Record<string, Source> = {};
  const typed = rows.some((row) => row.typed === true);
  for (const [column, target] of assigned(registry, entity, header, cellsOf, typed)) {
    const cells = cellsOf(header.indexOf(column));
    const relation = relationOf(entity, target.field);
    const format = relation === undefined ? guessFormat(target.field, cells) : undefined;
    fields[target.path] = {
      column,
      ...(format === undefined ? {} : { format }),
      ...(relation === undefined ? {} : { match: await guessMatch(repository, context, registry, relation, cells) }),
    };
  }
  return { id: 'guessed', entity: entity.name, upsertOn: 'external_id' in fields ? 'external_id' : null, fields };
}

const relationOf = (entity: Entity, field: Field): BelongsTo | undefined =>
  [...entity.relations.values()].find(
    (relation): relation is BelongsTo => relation.kind === 'belongsTo' && relation.field === field.name,
  );

/** The pairs that are most alike, each column and each target once. */
function assigned(
  registry: Registry,
  entity: Entity,
  header: readonly string[],
  cellsOf: (at: number) => readonly Cell[],
  typed: boolean,
): readonly (readonly [column: string, target: Target])[] {
  const columns = header.flatMap((name, at) =>
    name === '' || rejectColumns.some((own) => own === name) ? [] : [{ name, at, words: columnWords(name) }],
  );
  const pairs = targetsOf(registry, entity).flatMap((target, order) =>
    columns.flatMap(({ name, at, words }) => {
      const score = Math.max(0, ...target.names.map((own) => alike(words, own)));
      if (score < leastAlike || !holds(target, cellsOf(at), typed)) return [];
      return [{ name, target, score, order: order * columns.length + at }];
    }),
  );
  pairs.sort((one, other) => other.score - one.score || one.order - other.order);
  const taken = new Set<string>();
  const found = pairs.filter(({ name, target }) => {
    const whole = target.path.split('.')[0] ?? '';
    const clash =
      taken.has(`c ${name}`) || taken.has(`t ${target.path}`) || (target.part !== undefined && taken.has(`t ${whole}`));
    if (!clash) taken.add(`c ${name}`).add(`t ${target.path}`);
    return !clash;
  });
  return found
    .sort((one, other) => header.indexOf(one.name) - header.indexOf(other.name))
    .map(({ name, target }) => [name, target] as const);
}

/** 1: the same words; else by edits, where the words are long enough for one to be a slip. */
function alike(one: string, other: string): number {
  if (one === '' || other === '') return 0;
  if (one === other) return 1;
  const [left, right] = [one.replaceAll(' ', ''), other.replaceAll(' ', '')];
  if (left === right) return 0.98;
  const longest = Math.max(left.length, right.length);
  return longest < 5 ? 0 : 0.97 * (1 - distance(left, right) / longest);
}

/** Whether most of the cells are values of the field; options are mapped later, and references looked up. */
function holds({ field, part }: Target, cells: readonly Cell[], typed: boolean): boolean {
  const { type, meta } = field;
  if (cells.length === 0 || part !== undefined || meta.options !== undefined || field.relation !== undefined) return true;
  if (typed && type.kind === 'json') return true;
  if (cells.some((cell) => typeof cell === 'object')) return type.parts !== undefined || ['json', 'set'].includes(type.kind);
  if (type.parts !== undefined) return false;
  const format = guessFormat(field, cells) ?? {};
  const readable = cells.filter((cell) => 'value' in type.fromText(cellText(cell), meta, format)).length;
  return readable / cells.length >= leastReadable;
}

function targetsOf(registry: Registry, entity: Entity): readonly Target[] {
  return [...entity.fields.values()].filter(isFillable).flatMap((field): readonly Target[] => {
    // The bytes of a file do not stand in a cell.
    if (field.type.secret === true || isFileType(field.type.name)) return [];
    const labels = Object.values(field.meta.label);
    const whole: Target = {
      path: field.name,
      field,
      part: undefined,
      names: wordsOf([field.name, ...labels, ...more(registry, entity, field)]),
    };
    const parts = Object.entries(field.type.parts ?? {}).map(([part, { label }]): Target => {
      const own = [part, ...Object.values(label)];
      const long = [field.name, ...labels].flatMap((name) => own.map((one) => `${name} ${one}`));
      // "City" alone is of the first address; the others have to be named.
      return { path: `${field.name}.${part}`, field, part, names: wordsOf([...long, ...partWords(field, part), ...own]) };
    });
    return [whole, ...parts];
  });
}

const wordsOf = (names: readonly string[]): readonly string[] =>
  [...new Set(names.map(columnWords))].filter((words) => words !== '');

/** `BillingCity` is the city of the billing address. */
const partWords = (field: Field, part: string): readonly string[] => {
  const [first = '', ...rest] = field.name.split('_');
  return rest.length === 0 ? [] : [`${first} ${part}`];
};

/** What else a field is called: a reference by what it leads to, the external id by what exports call their own. */
function more(registry: Registry, entity: Entity, field: Field): readonly string[] {
  if (field.name === 'external_id') return ['id', 'key', 'record id', `${entity.singular} id`, 'المعرف', 'מזהה'];
  const relation = relationOf(entity, field);
  if (relation === undefined) return [];
  const target = registry.entities.get(relation.target);
  const labels = [...Object.values(relation.label ?? {}), ...Object.values(target?.meta.label ?? {}).map(({ one }) => one)];
  return [relation.name, ...labels].flatMap((name) => [name, `${name} id`, `${name} name`]);
}
