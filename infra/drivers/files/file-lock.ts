import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { rmSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { OperatorError } from "../../support";

export interface FileLockOptions {
  /** What is done under the lock, as it reads after "since … for": "npm start". */
  what: string;
  /** How long to wait for another holder before giving up. */
  waitMs: number;
  /** Called once when somebody else holds it. */
  onWait?: (holder: LockHolder) => void;
  signal?: AbortSignal;
}

const holderSchema = z.object({ pid: z.int(), host: z.string(), since: z.string(), what: z.string() });
export type LockHolder = z.infer<typeof holderSchema>;

/** Runs work while no other process holds the lock file; a dead holder's lock is taken over. */
export async function withFileLock<T>(
  path: string,
  options: FileLockOptions,
  work: () => Promise<T>,
): Promise<T> {
  await take(path, options);
  const dropAtExit = () => rmSync(path, { force: true });
  process.once("exit", dropAtExit);
  try {
    return await work();
  } finally {
    process.removeListener("exit", dropAtExit);
    await rm(path, { force: true });
  }
}

async function take(path: string, options: FileLockOptions): Promise<void> {
  const deadline = performance.now() + options.waitMs;
  let told = false;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  while (!(await tryTake(path, options.what))) {
    const holder = await readHolder(path);
    if (holder && !isAlive(holder)) {
      await removeDead(path, holder);
      continue;
    }
    if (!told && holder) options.onWait?.(holder);
    told ||= holder !== undefined;
    if (performance.now() >= deadline) throw locked(path, holder);
    await sleep(Math.min(200, options.waitMs), undefined, options.signal ? { signal: options.signal } : {});
  }
}

/** The file appears under its name with its whole content, or not at all. */
async function tryTake(path: string, what: string): Promise<boolean> {
  const own = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  const holder: LockHolder = { pid: process.pid, host: hostname(), since: new Date().toISOString(), what };
  try {
    await writeFile(own, JSON.stringify(holder), { flag: "wx", mode: 0o600 });
    await link(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  } finally {
    await rm(own, { force: true });
  }
}

/** Undefined when it is gone again. Content that is no lock of ours counts as one of a dead process. */
async function readHolder(path: string): Promise<LockHolder | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return { pid: 0, host: hostname(), since: "an unknown time", what: "nothing that can be read" };
  }
}

function isAlive({ pid, host }: LockHolder): boolean {
  if (host !== hostname()) return true;
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Moves the dead lock away; should a living one have come in between, that one is put back. */
async function removeDead(path: string, dead: LockHolder): Promise<void> {
  const aside = `${path}.${randomBytes(4).toString("hex")}.dead`;
  try {
    await rename(path, aside);
  } catch {
    // Somebody else was faster.
    return;
  }
  const moved = await readHolder(aside);
  if (moved && (moved.pid !== dead.pid || moved.since !== dead.since))
    await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function locked(path: string, holder: LockHolder | undefined): OperatorError {
  const who = holder
    ? `process ${holder.pid} on ${holder.host} since ${holder.since} for ${holder.what}`
    : "someone";
  return new OperatorError({
    code: "locked",
    kind: "locked",
    message: `${path} is held by ${who}`,
    remedy: "Wait until that has ended, or end it, and run the command again.",
  });
}
