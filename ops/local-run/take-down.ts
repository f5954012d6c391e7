import { rm } from "node:fs/promises";
import { withFileLock } from "../../infra/drivers/files";
import { messageOf } from "../../infra/support";
import { ensureLocalStack, glanceAtCheckpoint, localPlaces, onDisk } from "../local-stack";
import { Steps } from "../terminal";
import { countsOf, follow, requireSuccess } from "./follow";
import { engineFor, type LocalRun } from "./local-run";

const lockWaitMs = 60_000;

/** Takes the local stack down and keeps its data; false when nothing was up. */
export async function takeDown(run: LocalRun): Promise<boolean> {
  const places = localPlaces();
  return onDisk(places.folder, () =>
    withFileLock(places.startLock, { what: "npm stop", waitMs: lockWaitMs }, () => destroy(run)),
  );
}

/** Takes it down and removes everything it kept, even where its state can no longer be opened. */
export async function purge(run: LocalRun): Promise<boolean> {
  const { folder } = localPlaces();
  let stopped = true;
  try {
    stopped = await takeDown(run);
  } catch (error) {
    if (run.interruption.signal.aborted) throw error;
    run.terminal.say(
      `the state cannot be used (${messageOf(error).split("\n")[0]}): stopping the processes themselves`,
    );
  }
  await onDisk(folder, () => rm(folder, { recursive: true, force: true }));
  return stopped;
}

async function destroy(run: LocalRun): Promise<boolean> {
  const glance = await glanceAtCheckpoint(localPlaces());
  if (!glance.exists || (glance.readable && glance.resources === 0)) return false;
  const place = await ensureLocalStack();
  const { engine } = await engineFor(run);
  const { interruption, terminal } = run;
  const options = {
    targets: [],
    replaces: [],
    parallel: undefined,
    diff: false,
    expectNoChanges: false,
    policyPacks: [],
  };
  await new Steps(terminal).run(
    "destroy",
    async (progress) => {
      const result = await engine.run(
        "destroy",
        place,
        { ...options, message: "npm stop" },
        {
          display: undefined,
          color: false,
          signal: interruption.signal,
          kill: interruption.kill,
          env: interruption.env,
          onEvent: follow(terminal, progress),
        },
      );
      return requireSuccess(result, "npm stop");
    },
    countsOf,
  );
  return true;
}
