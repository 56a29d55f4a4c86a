// The configuration of this process, or a plain message on what is wrong with it.
import { type Config, loadConfig } from '../config.ts';

export function configOrExit(): Config {
  try {
    return loadConfig(process.env);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}
