// `@jest/globals` for modules that live longer than a test file: each name stands for what the file that runs now is given.
const current = Symbol.for('formwork.test.globals');

const standIn = (name) =>
  new Proxy(() => undefined, {
    apply: (_target, _this, values) => globalThis[current][name](...values),
    get: (_target, key) => globalThis[current][name][key],
  });

export const afterAll = standIn('afterAll');
export const afterEach = standIn('afterEach');
export const beforeAll = standIn('beforeAll');
export const beforeEach = standIn('beforeEach');
export const describe = standIn('describe');
export const expect = standIn('expect');
export const jest = standIn('jest');
export const test = standIn('test');
