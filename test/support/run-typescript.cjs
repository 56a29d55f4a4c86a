// Lets a plain node process run the TypeScript sources: `node --import ./test/support/run-typescript.cjs file.ts`.
const { register } = require('node:module');
const { isMainThread } = require('node:worker_threads');
const { pathToFileURL } = require('node:url');

// The hooks' own thread runs what the process was started with, too.
if (isMainThread) register('./typescript-hooks.mjs', pathToFileURL(__filename));
