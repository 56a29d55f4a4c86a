// Jest over native ES modules; V8 counts the coverage of server/ and plugins/.
export default {
  rootDir: '..',
  roots: ['<rootDir>/test', '<rootDir>/plugins'],
  testMatch: ['**/*.test.ts'],
  // Neither jest's virtual machines nor its transforms: see native/runtime.cjs.
  runtime: '<rootDir>/test/support/native/runtime.cjs',
  testEnvironment: '<rootDir>/test/support/native/environment.cjs',
  transform: {},
  testSequencer: '<rootDir>/test/support/native/longest-first.cjs',
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  testTimeout: 60_000,
  // The tests wait for the database and the browser more than they compute: one worker more than the default on two cores.
  maxWorkers: '100%',
  // Modules of past test files stay in a worker's memory and slow its collector down.
  workerIdleMemoryLimit: '1200MB',
  collectCoverageFrom: ['server/**/*.ts', 'plugins/**/*.ts', '!**/*.test.ts'],
  coverageProvider: 'v8',
  coverageReporters: ['text-summary', 'json-summary'],
  coverageThreshold: { global: { lines: 85, branches: 85 } },
};
