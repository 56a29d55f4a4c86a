// What every request of the matrix must be answered with, worked out from the role files by the words of their documentation.
import { type EntityFile, entityFile, type Level, roles, type Word } from './metadata.ts';

/** Who asks. */
export interface Person {
  readonly id: string;
  readonly role: string;
  /** The people whose records `team` means: members of one's teams and of those below the ones one leads, reports, oneself. */
  readonly people: ReadonlySet<string>;
  readonly teams: ReadonlySet<string>;
}

/** A record, as far as rights look at it. */
export interface Facts {
  readonly entity: string;
  /** The owner; whoever made it where the entity has none; the user for a user. */
  readonly owner: string;
  readonly team: string | null;
  readonly shares: readonly { readonly user: string; readonly access: 'read' | 'write' }[];
  readonly deleted: boolean;
  /** The record that it belongs to (`ownership.through`). */
  readonly parent?: Facts | undefined;
  readonly values: Readonly<Record<string, unknown>>;
}

const order: readonly Level[] = ['none', 'own', 'team', 'all'];

function wordOf(role: string, entity: EntityFile): Word {
  const said = roles.get(role)?.entities ?? {};
  return said[entity.name] ?? (entity.custom === true ? said['*custom'] : undefined) ?? said['*'] ?? {};
}

export function levelOf(role: string, name: string, right: string): Level {
  const word = wordOf(role, entityFile(name));
  const plain = (of: string): Level => {
    const said = word[of] ?? 'none';
    return said === true ? 'all' : said === false ? 'none' : (said as Level);
  };
  if (word[right] !== undefined) return plain(right);
  if (right === 'merge') return order[Math.min(order.indexOf(plain('update')), order.indexOf(plain('delete')))] ?? 'none';
  if (right === 'assign') return plain('update') === 'none' ? 'none' : 'own';
  return 'none';
}

export const open = (role: string, entity: string): boolean => levelOf(role, entity, 'read') !== 'none';

export type Openness = 'open' | 'masked' | 'closed';

export function fieldOf(role: string, entity: string, field: string): Openness {
  const fields = wordOf(role, entityFile(entity)).fields ?? {};
  // The currency of an amount is a field beside it: as far as the files say nothing of it, it is open.
  const said = fields[field]?.read;
  return said === false ? 'closed' : said === 'masked' ? 'masked' : 'open';
}

function passes(word: Word, values: Facts['values']): boolean {
  if (word.filter === undefined) return true;
  const { fact, operator, value } = word.filter;
  if (operator === 'equal') return values[fact] === value;
  if (operator !== 'isEmpty') throw new Error(`The oracle does not know the operator "${operator}" of a record filter`);
  return ((values[fact] ?? null) === null) === value;
}

/** Whether `right` reaches the record, deleted or not. */
export function reaches(who: Person, right: string, record: Facts): boolean {
  const entity = entityFile(record.entity);
  const level = levelOf(who.role, record.entity, right);
  if (level === 'none') return false;
  if (passes(wordOf(who.role, entity), record.values) && within(who, level, right, record)) return true;
  if (entity.ownership?.through !== undefined || !['read', 'export', 'update'].includes(right)) return false;
  return record.shares.some(({ user, access }) => user === who.id && (right !== 'update' || access === 'write'));
}

function within(who: Person, level: Level, right: string, { entity, parent, owner, team }: Facts): boolean {
  if (level === 'all') return true;
  if (entityFile(entity).ownership?.through !== undefined) {
    if (parent === undefined) return false;
    // What is deleted may be read by those who may restore it.
    if (right === 'read' || right === 'export') return visible(who, parent);
    // What is shared with somebody is not theirs to share.
    return reaches(who, 'update', entity === 'shares' ? { ...parent, shares: [] } : parent);
  }
  if (level === 'own') return owner === who.id;
  return who.people.has(owner) || (team !== null && who.teams.has(team));
}

/** Whether the record shows at all: deleted ones only to those who may restore them. */
export const visible = (who: Person, record: Facts): boolean =>
  reaches(who, 'read', record) && (!record.deleted || reaches(who, 'restore', record));

export const listed = (who: Person, record: Facts, deleted: boolean): boolean =>
  record.deleted === deleted && visible(who, record);

export const exported = (who: Person, record: Facts): boolean => listed(who, record, false) && reaches(who, 'export', record);

/** Of a request about a whole entity, before any record is looked for; 200: go on. */
export function entityStatus(who: Person, entity: string, operation: string): 200 | 403 | 404 | 405 {
  if (!open(who.role, entity)) return 404;
  if (!entityFile(entity).operations.includes(operation)) return 405;
  return levelOf(who.role, entity, operation) === 'none' ? 403 : 200;
}

/** 200 stands for whatever success is. */
export function recordStatus(who: Person, operation: string, record: Facts): 200 | 403 | 404 | 405 {
  const status = entityStatus(who, record.entity, operation);
  if (status !== 200) return status;
  if (operation !== 'purge' && record.deleted !== (operation === 'restore')) return 404;
  if (!reaches(who, 'read', record)) return 404;
  return reaches(who, operation, record) ? 200 : 403;
}

/** @param wanted the record as it would be; @param references what it refers to */
export function createStatus(who: Person, wanted: Facts, references: readonly Facts[]): 200 | 403 | 404 | 405 | 422 {
  const status = entityStatus(who, wanted.entity, 'create');
  if (status !== 200) return status;
  if (!mayGive(who, wanted) || references.some((record) => !listed(who, record, false))) return 422;
  return reaches(who, 'create', wanted) ? 200 : 403;
}

/** A new record belongs to its maker; `assign` says to whom else it may be given. */
function mayGive(who: Person, { entity, owner, team }: Facts): boolean {
  const { ownership } = entityFile(entity);
  const level = levelOf(who.role, entity, 'assign');
  const among = (mine: boolean, near: boolean): boolean =>
    level === 'all' || (level === 'team' && near) || (level === 'own' && mine);
  if (ownership?.owner !== undefined && owner !== who.id && !among(false, who.people.has(owner))) return false;
  return ownership?.team === undefined || team === null || among(who.teams.has(team), who.teams.has(team));
}
