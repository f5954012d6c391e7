// The test files of a report that failed; exit code 1 where they are too many to be bad luck, or none.
import { readFileSync } from "node:fs";
import { relative } from "node:path";

const most = 4;
const { testResults } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const failed = testResults.filter(({ status }) => status === "failed").map(({ name }) => relative(".", name));
if (failed.length === 0 || failed.length > most) process.exit(1);
console.log(failed.join("\n"));
