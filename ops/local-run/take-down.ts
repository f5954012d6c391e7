import { existsSync } from "node:fs";
import { readdir, rm, rmdir } from "node:fs/promises";
import { OperatorError, messageOf } from "../../infra/support";
import { ensureLocalStack, glanceAtCheckpoint, localPlaces, onDisk } from "../local-stack";
import { Steps } from "../terminal";
import { countsOf, requireSuccess } from "./follow";
import { engineFor, oneAtATime, type LocalRun } from "./local-run";
import { operate } from "./operate";
import { stopProcesses } from "./stop-processes";

const lockWaitMs = 60_000;

/** Takes the local stack down and keeps its data; false when nothing was up. */
export async function takeDown(run: LocalRun): Promise<boolean> {
  if (!existsSync(localPlaces().folder)) return false;
  return oneAtATime(run, "npm stop", lockWaitMs, () => destroy(run));
}

/** Takes it down and removes everything it kept, even where its state can no longer be opened. */
export async function purge(run: LocalRun): Promise<boolean> {
  let stopped = true;
  try {
    stopped = await takeDown(run);
  } catch (error) {
    if (isHeldOrInterrupted(error) || run.interruption.signal.aborted) throw error;
    run.terminal.say(
      `the state cannot be used (${messageOf(error).split("\n")[0]}): stopping the processes themselves`,
    );
  }
  await new Steps(run.terminal).run("processes", stopProcesses, () => "none is left");
  await removeLocalFiles();
  return stopped;
}

function isHeldOrInterrupted(error: unknown): boolean {
  return error instanceof OperatorError && ["locked", "interrupted"].includes(error.kind);
}

/** Only what is ours goes: DND_DIR may name a folder in which somebody keeps other things. */
async function removeLocalFiles(): Promise<void> {
  const { folder, owned } = localPlaces();
  await onDisk(folder, async () => {
    for (const path of owned) await rm(path, { recursive: true, force: true });
    const left = await readdir(folder).catch(() => ["nothing that can be listed"]);
    if (left.length === 0) await rmdir(folder);
  });
}

async function destroy(run: LocalRun): Promise<boolean> {
  const glance = await glanceAtCheckpoint(localPlaces());
  if (!glance.exists || (glance.readable && glance.resources === 0)) return false;
  const place = await ensureLocalStack();
  const { engine } = await engineFor(run);
  await new Steps(run.terminal).run(
    "destroy",
    async (progress) => requireSuccess(await operate(run, engine, "destroy", place, progress), "npm stop"),
    countsOf,
  );
  return true;
}
