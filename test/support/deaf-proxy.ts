// A wire to the database on which notifications are lost: everything passes but NotificationResponse (PostgreSQL, 55.7).
import { connect, createServer, type Socket } from 'node:net';
import pg from 'pg';

export interface DeafProxy {
  /** The same database, by way of this wire. */
  readonly url: string;
  /** How many notifications were lost so far. */
  lost(): number;
  close(): Promise<void>;
}

const notification = 'A'.charCodeAt(0);

export async function deafProxy(url: string): Promise<DeafProxy> {
  const { host, port } = new pg.Client({ connectionString: url });
  const sockets = new Set<Socket>();
  let lost = 0;
  const server = createServer((client) => {
    const upstream = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => [client, upstream].map((other) => other.destroy()));
    }
    client.pipe(upstream);
    let rest = Buffer.alloc(0);
    upstream.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      // A message: its type, then its length without the type.
      while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
        const message = rest.subarray(0, rest.readInt32BE(1) + 1);
        rest = rest.subarray(message.length);
        if (message[0] === notification) lost += 1;
        else client.write(message);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const wire = new URL(url);
  wire.search = '';
  wire.hostname = '127.0.0.1';
  wire.port = String(typeof address === 'object' ? address?.port : 0);
  return {
    url: wire.href,
    lost: () => lost,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
