// Runs test files as node runs any module, instead of in a virtual machine each: libraries and our own modules are loaded
// once a worker, and V8 counts what is covered from the worker's first file to its last.
const { Session } = require('node:inspector/promises');
const { fileURLToPath, pathToFileURL } = require('node:url');
const { shouldInstrument } = require('@jest/transform');
const { default: JestRuntime } = require('jest-runtime');

require('../run-typescript.cjs');

/** What `@jest/globals` gives at the moment, see globals.mjs and shared-globals.mjs. */
const globals = Symbol.for('formwork.test.globals');

let files = 0;
let counting;

module.exports = class NativeRuntime extends JestRuntime {
  #path;
  #shouldCount;
  #covered = [];

  constructor(config, environment, resolver, transformer, cacheFS, coverage, path, globalConfig) {
    super(config, environment, resolver, transformer, cacheFS, coverage, path, globalConfig);
    this.#path = path;
    this.#shouldCount = (file) => shouldInstrument(file, coverage, config);
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  /** Every test file is a module of its own, also when it runs again in the same process. */
  async unstable_importModule(file) {
    files += 1;
    return import(`${pathToFileURL(file).href}?run=${files}`);
  }

  /** jest-circus keeps its state in its module, so each test file gets a new one. */
  requireInternalModule(file) {
    delete require.cache[require.resolve(file)];
    return require(file);
  }

  setGlobalsForRuntime(given) {
    globalThis[globals] = { ...given, jest: this.jestGlobals.jestObjectFor(this.#path) };
  }

  async collectV8Coverage() {
    counting ??= await startCounting();
  }

  /** What ran since the last test file: taking the counts sets them back. */
  async stopCollectingV8Coverage() {
    const { result } = await counting.post('Profiler.takePreciseCoverage');
    this.#covered = result
      .filter(({ url }) => url.startsWith('file://') && !url.includes('/node_modules/'))
      .map((script) => ({ ...script, url: fileURLToPath(script.url) }))
      .filter(({ url }) => this.#shouldCount(url));
  }

  getAllV8CoverageInfoCopy() {
    return this.#covered.map((result) => ({ result }));
  }
};

async function startCounting() {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return session;
}
