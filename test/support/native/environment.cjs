// The environment of every test file: this process itself, put back as it was after the file.
const { ModuleMocker } = require('jest-mock');

/** Symbol under which jest-circus keeps its listeners between the copies of itself. */
const listeners = Symbol.for('EVENT_HANDLERS');

module.exports = class NativeEnvironment {
  global = globalThis;
  fakeTimers = null;
  fakeTimersModern = null;
  moduleMocker = new ModuleMocker(globalThis);
  #before = { env: { ...process.env }, exit: process.exit, console: globalThis.console, directory: process.cwd() };

  async setup() {
    delete globalThis[listeners];
  }

  async teardown() {
    const { env, exit, console, directory } = this.#before;
    for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
    Object.assign(process.env, env);
    Object.assign(process, { exit });
    globalThis.console = console;
    process.chdir(directory);
  }

  /** Everything runs in the main context. */
  getVmContext() {
    return null;
  }
};
