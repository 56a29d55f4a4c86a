// Prints the secret key of the data folder given, as a process that starts beside others.
import { secretKeyOf } from '../../../server/auth/secret-key.ts';

const [dataDir = ''] = process.argv.slice(2);
const key = secretKeyOf({ secretKey: undefined, databaseUrl: undefined, dataDir }, { warn: () => undefined });
process.stdout.write(`${key}\n`);
