// A DNS server on loopback (RFC 1035) that answers from a table, for tests of code that asks the DNS.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** `A`: an IPv4 address, `AAAA`: 16 bytes as hex, `MX`: a host ('' for a null MX). A code instead of records is an error. */
export interface Zone {
  readonly A?: string;
  readonly AAAA?: string;
  readonly MX?: string;
  readonly rcode?: number;
  /** Never answered. */
  readonly silent?: true;
}

export interface DnsServer {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** `example.test MX`, in the order of the questions. */
  readonly questions: readonly string[];
  close(): Promise<void>;
}

const types: Readonly<Record<number, 'A' | 'MX' | 'AAAA'>> = { 1: 'A', 15: 'MX', 28: 'AAAA' };
const nameError = 3;

/** Names that are not in the table do not exist. */
export async function startDnsServer(zones: Readonly<Record<string, Zone>>): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const questions: string[] = [];
  socket.on('message', (query, peer) => {
    const { name, type, end } = question(query);
    questions.push(`${name} ${types[type] ?? type}`);
    const zone = zones[name] ?? { rcode: nameError };
    if (zone.silent === true) return;
    const data = zone.rcode === undefined ? record(types[type], zone) : undefined;
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(0x8180 | (zone.rcode ?? 0), 2);
    header.writeUInt16BE(data === undefined ? 0 : 1, 6);
    header.writeUInt32BE(0, 8);
    socket.send(Buffer.concat([header, query.subarray(12, end), answer(type, data)]), peer.port, peer.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function question(query: Buffer): { readonly name: string; readonly type: number; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('ascii', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function record(type: 'A' | 'MX' | 'AAAA' | undefined, zone: Zone): Buffer | undefined {
  if (type === 'A' && zone.A !== undefined) return Buffer.from(zone.A.split('.').map(Number));
  if (type === 'AAAA' && zone.AAAA !== undefined) return Buffer.from(zone.AAAA, 'hex');
  if (type === 'MX' && zone.MX !== undefined) return Buffer.concat([Buffer.from([0, 10]), domainName(zone.MX)]);
  return undefined;
}

const domainName = (name: string): Buffer =>
  Buffer.concat([
    ...name
      .split('.')
      .filter(Boolean)
      .flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]),
    Buffer.from([0]),
  ]);

/** The answer points back to the name in the question (offset 12), class IN, for a minute. */
function answer(type: number, data: Buffer | undefined): Buffer {
  if (data === undefined) return Buffer.alloc(0);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
