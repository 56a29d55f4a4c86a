// Ids of new things: the one that is given while nothing else has it, else one made from the request.
import { createHash } from 'node:crypto';
import type { JsonObject } from '../pointer.ts';
import { idsIn, objectKey } from './layers.ts';
import { refusal } from './refusal.ts';
import type { ObjectKind, Step, Work } from './work.ts';

/** What ids of each kind begin with. */
export const prefixes = {
  app: 'app',
  entities: 'ent',
  optionSets: 'opt',
  roles: 'role',
  layouts: 'lay',
  views: 'view',
  dashboards: 'dash',
  workflows: 'wf',
  importMappings: 'imp',
  field: 'fld',
  relation: 'rel',
  index: 'idx',
} as const satisfies Readonly<Record<ObjectKind | 'field' | 'relation' | 'index', string>>;

export interface GivenId {
  readonly prefix: keyof typeof prefixes;
  readonly name: unknown;
  readonly given: unknown;
  /** Where it was given. */
  readonly pointer: string;
  /** Key of the object that a member belongs to; a retired member may only come back there. */
  readonly home?: string;
}

/** @throws Refused when something else has the id that is given, or had it in the files */
export function idFor({ work, pointer }: Step<unknown>, { prefix, name, given, pointer: at, home }: GivenId): unknown {
  const taken = takenIds(work);
  if (given === undefined || given === null) return newId(work, `${pointer} ${at}`, prefix, name, taken);
  if (typeof given !== 'string') return given;
  const before = work.layers.homes.get(given);
  const elsewhere = before !== undefined && before !== (home ?? objectKey(prefix as ObjectKind, given));
  if (taken.has(given) || elsewhere) throw refusal(at, 'taken', `The id "${given}" is already that of something else.`);
  return given;
}

const takenIds = (work: Work): ReadonlySet<string> =>
  new Set([...work.objects.values()].flatMap(({ value }) => [...idsIn(value satisfies JsonObject)]));

/** Readable for people who look at exports; the name in it may become a former one. */
function newId(work: Work, place: string, prefix: GivenId['prefix'], name: unknown, taken: ReadonlySet<string>): string {
  const readable = typeof name === 'string' && /^[a-z][a-z0-9_]*$/.test(name) ? `_${name.slice(0, 30)}` : '';
  for (let round = 0; ; round += 1) {
    const digest = createHash('sha256').update(`${work.seed} ${place} ${round}`).digest('hex').slice(0, 10);
    const id = `${prefixes[prefix]}${readable}_${digest}`;
    if (!taken.has(id) && !work.layers.homes.has(id)) return id;
  }
}
