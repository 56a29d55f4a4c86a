// A registry → one TypeScript file: types of every entity, unions of options, and the client that uses them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Field, Registry } from '../metadata/registry.ts';
import { packageRoot } from '../package-root.ts';
import { problems } from '../problem.ts';
import { type EntityText, english, entityTypes, type GiveName, type OptionsName } from './entity-types.ts';
import { filterTypeNames, filterTypes, operatorNames } from './filter-types.ts';
import { nameGiver } from './type-names.ts';
import { comment, literal, union } from './type-text.ts';

/** What the file declares or uses beside the types of entities and options. */
const globals = [
  'Array',
  'AbortSignal',
  'AsyncGenerator',
  'Error',
  'Number',
  'Object',
  'Pick',
  'Promise',
  'Readonly',
  'Record',
  'String',
];
const own = ['Entities', 'ProblemCode', 'Sort', 'URLSearchParams', 'JSON', ...filterTypeNames];

/** The whole text; the same for the same registry. */
export async function clientFile(registry: Registry): Promise<string> {
  const client = [await sourceOf('client-shapes.ts'), await sourceOf('client-runtime.ts')].join('\n');
  const declared = [...client.matchAll(/^(?:export )?(?:interface|type|class|function|const) (\w+)/gm)].map(
    ([, name = '']) => name,
  );
  const name = nameGiver([...globals, ...own, ...declared]);
  const entities = [...registry.entities.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const options = optionTypes(registry, name);
  const types = entities.map((entity) => entityTypes(entity, name, options.nameOf(entity.singular)));
  return [
    header(registry),
    options.texts().join('\n'),
    ...types.map(({ text }) => text),
    mapOf(types),
    filterTypes(),
    `export type ProblemCode = ${lines(union(Object.keys(problems).map(literal)))};\n`,
    client,
    `${operatorNames()}
const entityNames = [${entities.map((entity) => literal(entity.name)).join(', ')}] as const;

/** One member for each entity, with the methods that the entity offers. */
export const createClient = (options: ClientOptions): Client<Entities> => clientOf<Entities>(options, entityNames, operatorNames);
`,
  ].join('\n');
}

function header({ app, number, version }: Registry): string {
  const of = number === 0 ? `metadata ${version}` : `metadata version ${number} (${version})`;
  const label = comment([
    `Typed client of ${english(app.label) ?? app.name}, ${of}`,
    'Written by `formwork types`: changes made here are lost',
  ]);
  return `${label}
export const metadata = { app: ${literal(app.name)}, basePath: ${literal(app.basePath)}, version: ${number}, hash: ${literal(version)} } as const;
`;
}

const mapOf = (types: readonly EntityText[]): string => `type Sort<F extends string> = F | \`-\${F}\`;

export interface Entities {
${types.map(({ member }) => member).join('')}}
`;

/** Unions of options are declared when the first field asks for one: shared ones by the option set, others by entity and field. */
function optionTypes(registry: Registry, name: GiveName) {
  const known = new Map<string, string>();
  const texts: string[] = [];
  const declare = (field: Field, key: string, words: string): string => {
    const declared = known.get(key) ?? name(words, 'Option');
    if (known.has(key)) return declared;
    known.set(key, declared);
    const label = registry.optionSets.get(words)?.label ?? field.meta.label;
    const values = (field.meta.options ?? []).map(({ value }) => literal(value));
    texts.push(`${comment([english(label)])}export type ${declared} = ${lines(union(values))};\n`);
    return declared;
  };
  const nameOf =
    (singular: string): OptionsName =>
    (field) => {
      const { options, optionSet } = field.meta;
      if (options === undefined) return undefined;
      const words = optionSet ?? `${singular}_${field.name}`;
      return declare(field, optionSet === undefined ? `field ${words}` : `set ${words}`, words);
    };
  return { nameOf, texts: (): readonly string[] => texts };
}

/** A union too long for a line has one for each member. */
const lines = (type: string): string => (type.length <= 100 ? type : `\n  | ${type.split(' | ').join('\n  | ')}`);

/** A source of this folder without its first line and its imports. */
async function sourceOf(file: string): Promise<string> {
  const text = await readFile(join(packageRoot(), 'server', 'client-types', file), 'utf8');
  return text
    .replace(/^\/\/.*\n/, '')
    .replace(/^import [^;]*;\n/gm, '')
    .trimStart();
}
