import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { withFileLock } from "../../../../infra/drivers/files";
import { projectRoot } from "../../../../infra/support";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-lock-"));
  path = join(folder, "the.lock");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const options = { what: "a test", waitMs: 5000 };

/** A process that reads a number, waits, and writes it back raised, each time under the lock. */
function counter(): Promise<number | null> {
  const code = `
    require(${JSON.stringify(join(projectRoot, "infra/support/typescript.cjs"))});
    const { withFileLock } = require(${JSON.stringify(join(projectRoot, "infra/drivers/files/index.ts"))});
    const fs = require("node:fs"), file = ${JSON.stringify(join(folder, "count"))};
    const raise = async () => {
      const count = Number(fs.readFileSync(file, "utf8"));
      await new Promise((go) => setTimeout(go, 3));
      fs.writeFileSync(file, String(count + 1));
    };
    (async () => {
      for (let n = 0; n < 10; n++) await withFileLock(${JSON.stringify(path)}, { what: "counting", waitMs: 30000 }, raise);
    })();`;
  const child = spawn(process.execPath, ["-e", code], { stdio: "inherit" });
  return new Promise((resolve) => child.once("close", resolve));
}

test("of many processes only one at a time works, and no work is lost", async () => {
  await writeFile(join(folder, "count"), "0");
  expect(await Promise.all([counter(), counter(), counter()])).toEqual([0, 0, 0]);
  expect(await readFile(join(folder, "count"), "utf8")).toBe("30");
});

test("whoever waits is told for whom once, and gives up at the deadline with the holder's name", async () => {
  const told: string[] = [];
  await withFileLock(path, options, async () => {
    const second = withFileLock(
      path,
      { ...options, waitMs: 400, onWait: ({ what }) => told.push(what) },
      async () => 1,
    );
    await expect(second).rejects.toMatchObject({
      kind: "locked",
      message: expect.stringContaining(`process ${process.pid} on ${hostname()}`) as string,
    });
  });
  expect(told).toEqual(["a test"]);
});

test("the lock of a dead process and one that is garbage are taken over", async () => {
  const dead = spawn(process.execPath, ["--version"]);
  await new Promise((ended) => dead.once("close", ended));
  await writeFile(path, JSON.stringify({ pid: dead.pid, host: hostname(), since: "then", what: "dying" }));
  expect(await withFileLock(path, options, async () => "done")).toBe("done");
  await writeFile(path, '{"pid":');
  expect(await withFileLock(path, options, async () => "done")).toBe("done");
  expect(existsSync(path)).toBe(false);
});

test("a failure of the work is passed on and the lock is gone", async () => {
  await expect(withFileLock(path, options, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(existsSync(path)).toBe(false);
});
