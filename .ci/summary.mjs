// Prints what the test runs left: skipped tests by name, coverage, and the one closing line.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const print = (text) => process.stdout.write(`${text}\n`);

const [, , folder = '.'] = process.argv;
const runs = readdirSync(folder).map((file) => ({
  name: file.replace('.json', ''),
  ...JSON.parse(readFileSync(join(folder, file), 'utf8')),
}));
let passed = 0;
let failed = 0;
for (const run of runs) {
  const tests = run.testResults.flatMap((file) => file.assertionResults);
  const skipped = tests.filter((test) => test.status === 'pending').map((test) => `  ${test.fullName}`);
  print(`${run.name}: ${run.numPassedTests} passed, ${run.numFailedTests} failed, ${skipped.length} skipped`);
  if (skipped.length > 0) print(skipped.join('\n'));
  passed += run.numPassedTests;
  failed += run.numFailedTests + run.numRuntimeErrorTestSuites;
}
const summary = 'coverage/coverage-summary.json';
if (existsSync(summary)) {
  const { lines, branches } = JSON.parse(readFileSync(summary, 'utf8')).total;
  print(`coverage of server/ and plugins/: lines ${lines.pct} %, branches ${branches.pct} % (threshold 85 %)`);
}
print(`${passed} passed, ${failed} failed`);
