// What is known of an address, as it stands beside it in the record.
import type { Entity } from '../../server/metadata/registry.ts';
import type { Verdict } from './mail-domains.ts';

/** The field that an e-mail field with `checkMx` brings along. */
export const statusField = (name: string): string => `${name}_status`;

export const checkedFields = (entity: Entity): readonly string[] =>
  [...entity.fields.values()].filter(({ meta }) => meta.type === 'email' && meta['checkMx'] === true).map(({ name }) => name);

const statuses: Readonly<Record<Verdict, string>> = { accepted: 'valid', refused: 'undeliverable', unverified: 'unverified' };

/** Of what nobody has asked for yet: not verified. */
export const statusOf = (verdict: Verdict | undefined): string => statuses[verdict ?? 'unverified'];
