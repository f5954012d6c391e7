import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bareCheckout, installs, lock } from "./checkout";

async function npmRuns(root: string): Promise<string[]> {
  const log = await readFile(join(root, "npm.log"), "utf8").catch(() => "");
  return log.trim().split("\n").filter(Boolean);
}

test("a bare checkout is installed once, without scripts, and then left alone", async () => {
  const { root, run } = await bareCheckout(installs);
  const first = await run();
  expect(first.text).toMatch(/installed\nready/);
  expect((await run()).text).toBe("ready\n");
  expect(await npmRuns(root)).toEqual(["ci --ignore-scripts --no-audit --no-fund"]);
});

test("a changed lock file and a half-done install are installed anew", async () => {
  const { root, run } = await bareCheckout(installs);
  await run();
  await writeFile(join(root, "package-lock.json"), JSON.stringify(lock("2.0.0")));
  await run();
  await rm(join(root, "node_modules", ".dnd-stamp"));
  await rm(join(root, "node_modules", ".package-lock.json"));
  await run();
  expect(await npmRuns(root)).toHaveLength(3);
});

test("what the user installed by hand is taken as it is", async () => {
  const { root, run } = await bareCheckout(installs);
  await mkdir(join(root, "node_modules"));
  await writeFile(join(root, "node_modules", ".package-lock.json"), JSON.stringify(lock("1.0.0")));
  expect(await run()).toEqual({ code: 0, text: "ready\n" });
  expect(await npmRuns(root)).toEqual([]);
});

test("dependencies behind a link are somebody else's: they are not emptied to install others", async () => {
  const { root, run } = await bareCheckout(installs);
  await mkdir(join(root, "theirs"));
  await writeFile(join(root, "theirs", "kept"), "");
  await symlink(join(root, "theirs"), join(root, "node_modules"));
  const { code, text } = await run();
  expect(code).toBe(1);
  expect(text).toContain("node_modules is a link to");
  expect(existsSync(join(root, "theirs", "kept"))).toBe(true);
  expect(await npmRuns(root)).toEqual([]);
});

test("a failing npm is quoted, with what to do, and the next run tries again", async () => {
  const { root, run } = await bareCheckout(
    'console.error("npm error network: no way out"); process.exit(7);',
  );
  const { code, text } = await run();
  expect(code).toBe(1);
  expect(text).toContain("npm error network: no way out");
  expect(text).toContain("run the command again");
  expect(text).not.toMatch(/^ +at /m);
  await run();
  expect(await npmRuns(root)).toHaveLength(2);
});

test("two at once install once: the second waits and says for whom", async () => {
  const { root, run } = await bareCheckout(`setTimeout(() => { ${installs} }, 700);`);
  const first = run();
  while (!existsSync(join(root, ".dnd", "install.lock"))) await new Promise((go) => setTimeout(go, 10));
  const [, second] = await Promise.all([first, run()]);
  expect(second.text).toMatch(/waiting: process \d+ has been installing/);
  expect(second.code).toBe(0);
  expect(await npmRuns(root)).toHaveLength(1);
});

test("the lock of an install that was killed is taken over", async () => {
  const { root, run } = await bareCheckout(installs);
  const dead = spawn(process.execPath, ["--version"]);
  await new Promise((ended) => dead.once("close", ended));
  await mkdir(join(root, ".dnd"));
  await writeFile(join(root, ".dnd", "install.lock"), JSON.stringify({ pid: dead.pid, since: "then" }));
  expect((await run()).code).toBe(0);
  expect(existsSync(join(root, ".dnd", "install.lock"))).toBe(false);
});
