// The order of the test files: what takes longest begins first, so that no worker is left with one of them at the end.
const { default: Sequencer } = require('@jest/test-sequencer');

/** Measured with both workers busy. A fresh clone has no durations of its own, and sizes of files tell nothing. */
const longest = [
  'access/matrix',
  'faults/kill-change',
  'e2e/first-rooms',
  'process/signals',
  'faults/live-change',
  'process/command-line',
  'process/refusals',
];

const rankOf = (path) => {
  const rank = longest.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
  return rank === -1 ? longest.length : rank;
};

module.exports = class LongestFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    return sorted.sort((left, right) => rankOf(left.path) - rankOf(right.path));
  }
};
