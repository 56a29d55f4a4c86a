// Imported first: keeps compiled code that was not run for a while.
import { setFlagsFromString } from 'node:v8';

/**
 * V8 throws the bytecode of functions away that a few collections of garbage have not seen running. What builds a registry
 * runs only when the metadata change, so each change compiled its code again, while requests waited: two seconds in which
 * answers took up to 2.1 s. Measured by `npm run faults -- live-change`.
 */
setFlagsFromString('--no-flush-bytecode');
