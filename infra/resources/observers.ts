import type { DatabaseAddress } from "../drivers/mongo";
import type { WantedImage } from "../engines/fly";
import type { Observers } from "../engines/release";
import { join } from "node:path";
import { localFolder, projectRoot } from "../support";
import type { MigrationRunRules } from "./migration-run";
import { withJournal } from "./release-step";

/** Where a plan looks, whatever kind of stack it is for. */
interface PlanPlaces {
  migrations: { folder: string; rules: Pick<MigrationRunRules, "schema"> };
  /** Where the archives are that tell how long the next one takes. */
  store: string | Promise<string>;
}

/** What a local stack is looked at with. */
export interface LocalObserverOptions extends PlanPlaces {
  app: { name: string; version: string };
}

/** The read-only looks of a plan, on the local machine. */
export function localObservers({ app, ...places }: LocalObserverOptions): Observers {
  loadWhileWaiting("../engines/machines");
  return {
    image: () => (require("../engines/machines") as typeof import("../engines/machines")).imageOf(app),
    database: observeDatabase,
    ...databaseObservers(places),
  };
}

/** What a stack in the cloud is looked at with. */
export interface CloudObserverOptions extends PlanPlaces {
  image: WantedImage;
  /** One that is there, or how to look for it. */
  database: DatabaseAddress | Observers["database"];
}

/** The read-only looks of a plan, at a registry and at a database that others run. */
export function cloudObservers({ image, database, ...places }: CloudObserverOptions): Observers {
  loadWhileWaiting("../engines/fly");
  return {
    image: () => (require("../engines/fly") as typeof import("../engines/fly")).resolveWantedImage(image),
    database:
      typeof database === "function"
        ? database
        : (known) => Promise.resolve({ state: "ready", address: known ?? database }),
    ...databaseObservers(places),
  };
}

function databaseObservers({ migrations, store }: PlanPlaces): Omit<Observers, "image" | "database"> {
  return {
    migrations: async (address) => {
      const { planMigrations } = require("../engines/migration") as typeof import("../engines/migration");
      const { folder, rules } = migrations;
      return planMigrations({
        address,
        folder: join(projectRoot, folder),
        schema: rules.schema ?? undefined,
      });
    },
    newestRelease: (address) =>
      withJournal(address, async (ops, journal) => {
        const [newest, done, quarantine, override] = await Promise.all([
          journal.newestRelease(ops),
          journal.newestDone(ops),
          journal.listQuarantine(ops),
          journal.machinesOverride(ops),
        ]);
        return { newest, done, quarantine, override };
      }),
    estimate: async (address) => {
      const { estimateBackup, expectedDuration } =
        require("../engines/backup") as typeof import("../engines/backup");
      const estimate = await estimateBackup(address);
      const { bytes } = estimate;
      // A store that cannot be read is told by the resource's own check.
      const durationMs = await expectedDuration(await store, { database: address.name, bytes }).catch(
        () => null,
      );
      return { ...estimate, durationMs };
    },
  };
}

/** The program waits for its first resource anyway: by then the plan's modules are there. */
function loadWhileWaiting(machines: string): void {
  setTimeout(() => {
    for (const module of ["../drivers/mongo", "../engines/migration", machines, "../engines/backup"])
      require(module);
  }, 150);
}

async function observeDatabase(known: DatabaseAddress | undefined): ReturnType<Observers["database"]> {
  if (known) return { state: "ready", address: known };
  const { observeLocalMongo } = require("../engines/database") as typeof import("../engines/database");
  const seen = await observeLocalMongo(localFolder("mongo"));
  if (seen.state === "absent") return { state: "new" };
  return seen.state === "ready" ? { state: "ready", address: seen.address } : { state: "down" };
}
