// Ids of demo records: the same for the same seed and key, and rising with the number of their account, as indexes like it.
import { createHash } from 'node:crypto';

/** Where the ids begin: their time part is no time that means anything. */
const origin = Date.UTC(2020, 0, 1);

/** A UUID of version 7 (RFC 9562) from a hash. */
export function idOf(seed: string, entity: string, group: number, key: string | number = 0): string {
  const bytes = createHash('sha256').update(`${seed}\n${entity}\n${group}\n${key}`).digest().subarray(0, 16);
  bytes.writeUIntBE(origin + group * 1000, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
