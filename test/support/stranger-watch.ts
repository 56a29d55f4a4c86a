// A stranger's records, one of every shipped entity, with canaries in all their fields: whoever is restricted sees of them what the role files say, in no answer more.
import { Canaries } from '../access/canaries.ts';
import { entities, roles } from '../access/metadata.ts';
import { fieldOf, visible } from '../access/oracle.ts';
import { linksOf, parentOf, plainValues, type Seed } from '../access/records.ts';
import type { WatchedAnswer } from './watched-fetch.ts';

/** What the watch needs of an application. */
export interface Watched {
  /** As the engine, in the name of a user. */
  create(entity: string, input: object, owner: string | null): Promise<string>;
  /** Of the caller behind an Authorization header; undefined for nobody. */
  rolesOf(authorization: string): Promise<{ readonly id: string; readonly roles: readonly string[] } | undefined>;
}

/** What stands for metadata, or is only written by the engine. */
const none = new Set(['custom_fields', 'workflows', 'auditlog', 'timeline', 'gadgets']);

export class StrangerWatch {
  readonly #app: Watched;
  readonly #canaries = new Canaries();
  /** Who is not restricted, so that it is asked once. */
  readonly #free = new Set<string>();
  #planted: Promise<void> | undefined;

  constructor(app: Watched) {
    this.#app = app;
  }

  /** The records come when somebody restricted first asks: most tests only know an administrator, and count what there is. */
  async before(authorization: string): Promise<void> {
    if (this.#planted !== undefined || !(await this.#restricted(authorization))) return;
    this.#planted ??= this.#plant();
    await this.#planted;
  }

  async after(authorization: string, request: string, answer: WatchedAnswer): Promise<void> {
    if (this.#planted === undefined) return;
    await this.#planted;
    const words = this.#canaries.found(`${answer.body} ${JSON.stringify([...answer.headers])}`, request);
    if (words.length === 0) return;
    const caller = await this.#app.rolesOf(authorization);
    if (caller !== undefined && !isRestricted(caller.roles)) return;
    const people = [...(caller?.roles ?? [])].map((role) => ({
      ...{ id: caller?.id ?? '', role },
      ...{ people: new Set([caller?.id ?? '']), teams: new Set<string>() },
    }));
    for (const { record, field } of words) {
      if (people.some((person) => visible(person, record) && fieldOf(person.role, record.entity, field) === 'open')) continue;
      throw new Error(`${caller?.roles.join(', ') ?? 'Nobody'} sees ${record.entity}.${field} of a stranger: ${request}`);
    }
  }

  async #restricted(authorization: string): Promise<boolean> {
    if (this.#free.has(authorization)) return false;
    const caller = await this.#app.rolesOf(authorization);
    if (caller !== undefined && isRestricted(caller.roles)) return true;
    this.#free.add(authorization);
    return false;
  }

  async #plant(): Promise<void> {
    const hubs = new Map<string, Promise<Seed>>();
    let owner: string | null = null;
    const hub = (entity: string): Promise<Seed> => {
      const known = hubs.get(entity) ?? this.#record(entity, owner, hub);
      hubs.set(entity, known);
      return known;
    };
    owner = (await hub('users')).id;
    for (const entity of entities.keys()) if (!none.has(entity)) await hub(entity);
  }

  async #record(entity: string, owner: string | null, hub: (entity: string) => Promise<Seed>): Promise<Seed> {
    const { ownership = {} } = entities.get(entity) ?? {};
    const references =
      owner === null ? [] : await linksOf({ hub, fresh: (name) => this.#record(name, owner, hub) }, entity, false);
    const [parentEntity = '', parentField = '', parentType] = parentOf[entity] ?? [];
    const parent = parentEntity === '' ? undefined : await hub(parentEntity);
    const { values, planted } = this.#canaries.fill(entity, {
      ...plainValues(entity, true),
      ...Object.fromEntries(references.map(([field, { id }]) => [field, id])),
      ...(ownership.owner === undefined ? {} : { [ownership.owner]: owner }),
      ...(parent === undefined
        ? {}
        : { [parentField]: parent.id, ...(parentType === undefined ? {} : { [parentType]: parentEntity }) }),
    });
    const id = await this.#app.create(entity, values, owner);
    const facts = { id, entity, kind: 'stranger', shares: [], deleted: false, parent, team: null, values: {}, references: 0 };
    const found: Seed = { ...facts, owner: entity === 'users' ? id : (owner ?? id) };
    this.#canaries.plant(found, planted);
    return found;
  }
}

/** Of roles that a test has made, no file says what they see. */
const isRestricted = (names: readonly string[]): boolean => !names.includes('admin') && names.every((name) => roles.has(name));
