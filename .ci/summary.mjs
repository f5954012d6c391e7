// Adds up the reports of the suites: why tests were skipped, what failed, and the closing line.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [failedSteps, folder] = process.argv.slice(2);
const reports = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")));
const tests = reports.flatMap((report) =>
  report.testResults.flatMap(({ assertionResults }) => assertionResults),
);
const count = (status) => tests.filter((test) => test.status === status).length;

for (const { fullName } of tests.filter(({ status }) => status === "pending"))
  console.log(`skipped: ${fullName}`);
for (const { fullName } of tests.filter(({ status }) => status === "failed"))
  console.log(`failed: ${fullName}`);

const brokenFiles = reports.reduce((sum, report) => sum + report.numRuntimeErrorTestSuites, 0);
// A step that failed without any failed test (lint, a crash, a deadline) counts as one failure.
const failed = Math.max(count("failed") + brokenFiles, Number(failedSteps));
console.log(`${count("passed")} passed, ${failed} failed`);
process.exitCode = failed > 0 || count("passed") === 0 ? 1 : 0;
