// Adds up the reports of the suites: why tests were skipped, what failed, and the closing line.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { testTools } from "../ops/setup/test-tools.mjs";

const [failedSteps, folder] = process.argv.slice(2);
const read = (file) => JSON.parse(readFileSync(join(folder, file), "utf8"));
const files = readdirSync(folder);

// A file that ran once more counts as it ended then; what failed before and passed alone is named as unsteady.
const reports = files
  .filter((file) => !file.endsWith("-again.json"))
  .map((file) => {
    const first = read(file);
    const second = file.replace(".json", "-again.json");
    if (!files.includes(second)) return first;
    const { testResults, numRuntimeErrorTestSuites } = read(second);
    const later = (result) => testResults.find(({ name }) => name === result.name);
    for (const result of first.testResults.filter(later))
      for (const { status, fullName } of result.assertionResults)
        if (status === "failed") console.log(`unsteady, run again alone: ${fullName}`);
    const merged = first.testResults.map((result) => later(result) ?? result);
    return { testResults: merged, numRuntimeErrorTestSuites };
  });
const tests = reports.flatMap((report) =>
  report.testResults.flatMap(({ assertionResults }) => assertionResults),
);
const count = (status) => tests.filter((test) => test.status === status).length;

// Each skipped test says why in its name. What a package registry holds is no reason: the tests get that themselves.
const skipped = tests.filter(({ status }) => status === "pending").map(({ fullName }) => fullName);
const lacking = skipped.filter((name) => testTools.some((tool) => name.includes(`no ${tool} `)));
for (const name of skipped)
  console.log(`${lacking.includes(name) ? "failed, for it was" : ""} skipped: ${name}`.trim());
for (const { fullName } of tests.filter(({ status }) => status === "failed"))
  console.log(`failed: ${fullName}`);

const brokenFiles = reports.reduce((sum, report) => sum + report.numRuntimeErrorTestSuites, 0);
// A step that failed without any failed test (lint, a crash, a deadline) counts as one failure.
const failed = Math.max(count("failed") + brokenFiles + lacking.length, Number(failedSteps));
console.log(`${count("passed")} passed, ${failed} failed`);
process.exitCode = failed > 0 || count("passed") === 0 ? 1 : 0;
