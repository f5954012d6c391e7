import type { Db } from "mongodb";
import { anySignal, messageOf } from "../../support";
import { MigrationMisuseError } from "./errors";
import type { LoadedMigration } from "./exports";
import type { Guard } from "./guard";
import { guardDatabase } from "./guarded-database";
import type { MigrationEstimate } from "./migration-context";

const limitMs = 10_000;

/** Asks a migration how much it has to do; what goes wrong in that is a note and stops nobody. */
export async function estimateOf(
  migration: LoadedMigration,
  db: Db,
  signal: AbortSignal | undefined,
): Promise<MigrationEstimate | null> {
  const { estimate } = migration;
  if (!estimate) return null;
  const deadline = AbortSignal.timeout(limitMs);
  const stop = anySignal([signal, deadline]);
  try {
    return await Promise.race([
      estimate({ db: guardDatabase(db, readOnly(stop)), signal: stop }),
      over(stop),
    ]);
  } catch (error) {
    signal?.throwIfAborted();
    return { note: `it could not be estimated: ${deadline.aborted ? "it took too long" : messageOf(error)}` };
  }
}

function over(stop: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) =>
    stop.addEventListener("abort", () => reject(stop.reason as Error), { once: true }),
  );
}

/** Lets no write through. */
function readOnly(stop: AbortSignal): Guard {
  return {
    check: () => stop.throwIfAborted(),
    session: undefined,
    comment: "dnd-migrations estimate",
    state: { running: 0, refused: undefined },
    beforeWrite: ({ collection }) =>
      Promise.reject(
        new MigrationMisuseError(`an estimate writes to ${collection}`, "Let it only read and count."),
      ),
  };
}
