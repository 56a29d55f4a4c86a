// A process that uses the embedded server of a data folder: it commits rows until it is killed, or stops at SIGTERM.
// Arguments: the data folder, `write` or `hold`. Lines: the URL, then the number of each row once it is committed.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startEmbedded } from '../../../server/database/embedded/start.ts';
import { createLog } from '../../../server/telemetry/log.ts';

const [dataDir = '', mode] = process.argv.slice(2);
const server = await startEmbedded({ dataDir, log: createLog({ level: 'silent' }) });
const say = (line: string) => process.stdout.write(`${line}\n`);

process.once('SIGTERM', () => {
  server.stop().then(() => process.exit(0));
});
say(server.url);

if (mode === 'write') {
  const client = new pg.Client(server.url);
  await client.connect();
  await client.query('CREATE TABLE IF NOT EXISTS acknowledged (number int)');
  for (let number = 1; ; number += 1) {
    await client.query('INSERT INTO acknowledged VALUES ($1)', [number]);
    say(String(number));
  }
}
await sleep(2_000_000_000);
