// Listens, and stops gently: running requests finish within a bound, idle connections close at once.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Koa from 'koa';

export interface Running {
  /** `http://host:port` as really listened on. */
  readonly url: string;
  readonly port: number;
  /** Takes no new connection, lets running requests finish, then cuts what is left. Settles when all are closed. */
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Milliseconds that running requests get when closing; 10,000 when absent. */
  readonly drainMs?: number;
}

/**
 * How long a connection may stay idle: longer than the minute after which proxies let go of theirs. Who closes first must be
 * the client; a request that meets the server closing is reset, and Node's own five seconds are where many meet it.
 */
const keepAliveMs = 65_000;

/** @throws the system's error when the address cannot be listened on (EADDRINUSE …) */
export async function serve(app: Pick<Koa, 'callback'>, options: ServeOptions): Promise<Running> {
  const server = createServer({ keepAliveTimeout: keepAliveMs }, app.callback());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { address, port, family } = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    port,
    close: () => {
      closing ??= drain(server, options.drainMs ?? 10_000);
      return closing;
    },
  };
}

function drain(server: Server, drainMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), drainMs);
    // close() itself ends idle keep-alive connections and those of running requests once they are answered.
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
  });
}
