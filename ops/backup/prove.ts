import type { DatabaseAddress } from "../../infra/drivers/mongo";
import type { Proven, StorePlace } from "../../infra/engines/backup";
import { formatDuration, type Progress } from "../../infra/support";
import { printResult, type Terminal } from "../terminal";
import { engine, step } from "./engine";
import { keysFromEnvironment, takePassphrase } from "./keys";
import type { BackupOptions } from "./options";
import { addressOf, archiveOf, placeOf, type BackupPlace } from "./place";
import { signOfLife } from "./sign-of-life";

/** Reads an archive again to its last byte, or restores and compares it as well; 1 where its data breaks its own rules. */
export async function verify(options: BackupOptions, terminal: Terminal): Promise<number> {
  const place = await placeOf(options);
  await takePassphrase(options, terminal);
  const { store, id } = await archiveOf(options, place, terminal);
  const { archive, verification, misfits } = await step(
    terminal,
    options.restoreTest ? "restore test" : "verify",
    async (progress, signal) => {
      if (options.restoreTest)
        return proofOf(options, store, { id, database: await databaseOf(store, id) })(progress, signal);
      const keys = await keysFromEnvironment();
      return engine().proveArchive(store, id, { kind: "checksum" }, { progress, signal, keys });
    },
    ({ verification: { durationMs } }) => `whole, looked at for ${formatDuration(durationMs)}`,
  ).finally(() => noteInCatalog(options, place, { store, id }));
  await signOfLife(options, place, options.restoreTest ? "restore-test" : "archive-verified", archive.id);
  printResult(terminal, { archive, verification, misfits }, () =>
    [`${archive.id} is whole`, ...misfits.map(misfitText)].join("\n"),
  );
  return misfits.length === 0 ? 0 : 1;
}

/** A truly kept archive of damaged data is no way back. */
export function misfitText(misfit: string): string {
  return `! its data was damaged before it was taken: ${misfit}, against the collection's validator`;
}

/** The catalog speaks of the archive in the stack's own store: good or bad, what was found there is told to the monitor. */
async function noteInCatalog(
  options: BackupOptions,
  place: BackupPlace,
  { store, id }: { store: StorePlace; id: string },
): Promise<void> {
  if (!place.settings || options.store !== undefined || store !== place.store) return;
  try {
    const { verifications } = await engine().describeArchive(store, id);
    await engine().recordVerifications(await addressOf(options, place), id, verifications);
  } catch {
    // What was found stands beside the archive, and goes into the catalog with the next one.
  }
}

/** A proof by restoring: on the server that was named, else on one that is gone afterwards. */
export function proofOf(
  options: Pick<BackupOptions, "server">,
  store: StorePlace,
  { id, database }: { id: string; database: string },
): (progress: Progress, signal: AbortSignal) => Promise<Proven> {
  return async (progress, signal) => {
    const keys = await keysFromEnvironment();
    const prove = (server: DatabaseAddress) =>
      engine().proveArchive(store, id, { kind: "restore", server }, { progress, signal, keys });
    // The address with its password is of this process alone and stands in no state.
    if (options.server !== undefined)
      return prove({ uri: options.server, name: database, credentials: "none" });
    const { withThrowAwayServer } =
      require("../../infra/engines/database") as typeof import("../../infra/engines/database");
    return withThrowAwayServer({ purpose: "restore-test", database, progress, signal }, prove);
  };
}

async function databaseOf(store: StorePlace, id: string): Promise<string> {
  return (await engine().describeArchive(store, id)).manifest.database;
}
