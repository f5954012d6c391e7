import type { DatabaseAddress } from "../../infra/drivers/mongo";
import { OperatorError } from "../../infra/support";

/** Fills a database from the newest good archive of a store. */
export async function archiveFill(
  store: string,
  database: string | undefined,
): Promise<(to: DatabaseAddress) => Promise<void>> {
  const { listArchives, restoreArchive } =
    require("../../infra/engines/backup") as typeof import("../../infra/engines/backup");
  const [newest] = await listArchives(store, database === undefined ? {} : { database });
  if (!newest) {
    throw new OperatorError({
      code: "migrations-no-archive",
      kind: "refused",
      message: `there is no good archive of ${database ?? "any database"} in ${store}`,
      remedy: "Leave --store out: the trial then takes a sample of the live database.",
    });
  }
  return async (to) => void (await restoreArchive({ store, id: newest.id, to, drop: true }));
}
