// `@jest/globals` for a test file: what it is given. Loaded anew for each.
const given = globalThis[Symbol.for('formwork.test.globals')];

export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } = given;
