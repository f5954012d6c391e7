import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../../../infra/support";

const run = promisify(execFile);

/** Makes and drops things until the space for young ones is as large as it gets, and tells its bytes. */
const busy = `
  let kept = [];
  for (let n = 0; n < 300000; n++) {
    kept.push({ n, text: ["x" + n] });
    if (kept.length > 50000) kept = kept.slice(40000);
  }
  const spaces = require("node:v8").getHeapSpaceStatistics();
  console.log(spaces.find((one) => one.space_name === "new_space").space_size);
`;

test("a monitor that is started by hand keeps its heap as small as one that a stack starts", async () => {
  const smallHeap = join(projectRoot, "ops", "monitor", "small-heap.cjs");
  const bytesWith = async (...flags: string[]) =>
    Number((await run(process.execPath, [...flags, "--eval", busy])).stdout);
  const [usual, small] = [await bytesWith(), await bytesWith("--require", smallHeap)];
  expect(small).toBeLessThan(4_000_000);
  expect(usual).toBeGreaterThan(2 * small);
});
