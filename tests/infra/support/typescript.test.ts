import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../infra/support";

/** Loads a file, ends every process that it has begun as a ^C on a terminal does, and loads another. */
const interrupted = `
const { execFileSync } = require("node:child_process");
const [loader, first, second] = process.argv.slice(1);
require(loader);
require(first);
const begun = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" })
  .split("\\n")
  .map((line) => line.trim().split(/\\s+/))
  .filter(([, parent, name]) => Number(parent) === process.pid && !/ps$/.test(name));
for (const [pid] of begun) process.kill(Number(pid), "SIGINT");
setTimeout(() => {
  console.log(begun.length, require(second).said);
  process.exit();
}, 200);
`;

test("what is loaded after a ^C is translated all the same", () => {
  const folder = mkdtempSync(join(tmpdir(), "dnd-typescript-"));
  try {
    const [first, second] = ["first", "second"].map((name) => join(folder, `${name}.ts`)) as [string, string];
    writeFileSync(first, `export const said: string = "${folder}";`);
    writeFileSync(second, `export const said: string = "after ${folder}";`);
    const loader = join(projectRoot, "infra", "support", "typescript.cjs");
    const said = execFileSync(process.execPath, ["-e", interrupted, loader, first, second], {
      encoding: "utf8",
      timeout: 60_000,
    });
    expect(said.trim()).toBe(`1 after ${folder}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
