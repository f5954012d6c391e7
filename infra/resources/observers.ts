import type { DatabaseAddress } from "../drivers/mongo";
import type { Observers } from "../engines/release";
import { join } from "node:path";
import { localFolder, projectRoot } from "../support";
import { withJournal } from "./release-step";

/** What a local stack is looked at with. */
export interface LocalObserverOptions {
  app: { name: string; version: string };
  migrations: string;
  /** Where the archives are that tell how long the next one takes. */
  store: string;
}

/** The read-only looks of a plan, on the local machine. */
export function localObservers(options: LocalObserverOptions): Observers {
  loadWhileWaiting();
  return {
    image: () =>
      (require("../engines/machines") as typeof import("../engines/machines")).imageOf(options.app),
    database: observeDatabase,
    migrations: async (address) => {
      const { planMigrations } = require("../engines/migration") as typeof import("../engines/migration");
      return planMigrations({ address, folder: join(projectRoot, options.migrations) });
    },
    newestRelease: (address) =>
      withJournal(address, async (ops, journal) => ({
        newest: await journal.newestRelease(ops),
        done: await journal.newestDone(ops),
      })),
    estimate: async (address) => {
      const { estimateBackup, expectedDuration } =
        require("../engines/backup") as typeof import("../engines/backup");
      const estimate = await estimateBackup(address);
      const { bytes } = estimate;
      // A store that cannot be read is told by the resource's own check.
      const durationMs = await expectedDuration(options.store, { database: address.name, bytes }).catch(
        () => null,
      );
      return { ...estimate, durationMs };
    },
  };
}

/** The program waits for its first resource anyway: by then the plan's modules are there. */
function loadWhileWaiting(): void {
  setTimeout(() => {
    for (const module of [
      "../drivers/mongo",
      "../engines/migration",
      "../engines/machines",
      "../engines/backup",
    ]) {
      require(module);
    }
  }, 150);
}

async function observeDatabase(known: DatabaseAddress | undefined): ReturnType<Observers["database"]> {
  if (known) return { state: "ready", address: known };
  const { observeLocalMongo } = require("../engines/database") as typeof import("../engines/database");
  const seen = await observeLocalMongo(localFolder("mongo"));
  if (seen.state === "absent") return { state: "new" };
  return seen.state === "ready" ? { state: "ready", address: seen.address } : { state: "down" };
}
