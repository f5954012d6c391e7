import { randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { readJson } from "../../../infra/drivers/files";
import { OperatorError } from "../../../infra/support";
import { lockFolder, type StackPlace } from "./location";
import { writeDescribed } from "./state-file";

const content = z.object({
  pid: z.number(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.string(),
});

/** Who holds a stack and since when; `alive` is unknown for a process of another machine. */
export interface LockOwner extends z.infer<typeof content> {
  file: string;
  alive: boolean | "unknown";
}

/** A lock in one's own hands. */
export interface StackLock {
  release(): Promise<void>;
}

/** Takes the stack as the CLI does: looks, writes the own lock, looks again. */
export async function lockStack(place: StackPlace, operation: string): Promise<StackLock> {
  const file = join(lockFolder(place), `${randomUUID()}.json`);
  await refuseIfLocked(place, file);
  const owner = {
    pid: process.pid,
    username: userInfo().username,
    hostname: hostname(),
    timestamp: new Date().toISOString(),
  };
  await writeDescribed(file, JSON.stringify(owner));
  const drop = () => removeFiles(file);
  process.once("exit", drop);
  const release = async () => {
    process.removeListener("exit", drop);
    await Promise.all([rm(file, { force: true }), rm(`${file}.attrs`, { force: true })]);
  };
  try {
    await refuseIfLocked(place, file, operation);
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
}

function removeFiles(file: string): void {
  rmSync(file, { force: true });
  rmSync(`${file}.attrs`, { force: true });
}

async function refuseIfLocked(place: StackPlace, own: string, operation = "the operation"): Promise<void> {
  const others = (await readLocks(place)).filter((owner) => owner.file !== own);
  if (others.length === 0) return;
  const dead = others.every((owner) => owner.alive === false);
  throw new OperatorError({
    code: "stack-locked",
    message: `${operation} cannot start: stack ${place.stack} is locked\n${others.map(told).join("\n")}`,
    remedy: dead
      ? "That process is gone: `dnd cancel` removes its lock."
      : "Wait for it to end; `dnd cancel --all` removes the lock of a process that is surely gone.",
    kind: "locked",
  });
}

function told(owner: LockOwner): string {
  const state = { true: "is running", false: "is not running any more", unknown: "runs on another machine" };
  return `  by ${owner.username}@${owner.hostname}, process ${owner.pid}, since ${owner.timestamp}: ${state[`${owner.alive}`]}`;
}

/** Everyone who holds the stack. */
export async function readLocks(place: StackPlace): Promise<LockOwner[]> {
  const folder = lockFolder(place);
  const names = await readdir(folder).catch(() => []);
  const owners = await Promise.all(
    names.filter((name) => name.endsWith(".json")).map((name) => readLock(join(folder, name))),
  );
  return owners.flat();
}

async function readLock(file: string): Promise<LockOwner[]> {
  const unreadable = { pid: 0, username: "someone", hostname: "unknown", timestamp: "unknown" };
  const owner = await readJson(file, content).catch(() => unreadable);
  return owner ? [{ ...owner, file, alive: isAlive(owner) }] : [];
}

function isAlive(owner: z.infer<typeof content>): boolean | "unknown" {
  if (owner.hostname !== hostname()) return "unknown";
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  const started = startOf(owner.pid);
  // A process that began after the lock was taken only has the same number by chance.
  return started === undefined || started <= Date.parse(owner.timestamp) + 1000;
}

/** When a process began, where the system tells it. */
function startOf(pid: number): number | undefined {
  try {
    const boot = /^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1];
    const ticks = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[19];
    return boot && ticks ? Number(boot) * 1000 + Number(ticks) * 10 : undefined;
  } catch {
    return undefined;
  }
}

/** Removes the locks of dead processes, with `all` every lock; tells what it did with each. */
export async function cancelLock(
  place: StackPlace,
  options: { all?: boolean } = {},
): Promise<{ removed: LockOwner[]; kept: LockOwner[] }> {
  const owners = await readLocks(place);
  const removed = owners.filter((owner) => options.all || owner.alive === false);
  for (const { file } of removed) removeFiles(file);
  return { removed, kept: owners.filter((owner) => !removed.includes(owner)) };
}
