import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SetupError } from "./setup-error.mjs";

/** Runs work while no other process of this checkout installs; waits for one that does, but not for ever. */
export async function withInstallLock(path, { say, waitMs }, work) {
  const deadline = Date.now() + waitMs;
  let told = false;
  while (!tryTake(path)) {
    const owner = ownerOf(path);
    if (!owner) continue;
    if (!told) say(`waiting: process ${owner.pid} has been installing since ${owner.since}`);
    told = true;
    if (Date.now() > deadline) throw lockedByOther(path, owner);
    await sleep(250);
  }
  const release = () => rmSync(path, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    process.removeListener("exit", release);
    release();
  }
}

function tryTake(path) {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, JSON.stringify({ pid: process.pid, since: new Date().toISOString() }), {
      flag: "wx",
    });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw new SetupError(
      `${path} cannot be written: ${error.message}`,
      "Make the folder yours and writable.",
    );
  }
}

/** Who installs; a dead one's lock is removed, and undefined says to try again. */
function ownerOf(path) {
  try {
    const owner = JSON.parse(readFileSync(path, "utf8"));
    process.kill(owner.pid, 0);
    return owner;
  } catch (error) {
    if (error.code === "EPERM") return { pid: "of another user", since: "an unknown time" };
    if (error.code !== "ENOENT") rmSync(path, { force: true });
    return undefined;
  }
}

function lockedByOther(path, owner) {
  return new SetupError(
    `process ${owner.pid} has been installing the dependencies since ${owner.since}`,
    `Wait for it, or end it; if it surely is no install, remove ${path}.`,
    4,
  );
}
