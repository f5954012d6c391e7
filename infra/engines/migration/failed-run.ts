import { apply } from "./apply";
import { MigrationFailedError } from "./errors";
import { markRestored, readRecord } from "./journal";
import { ofVersion } from "./image-id";
import { imagesIn } from "./pre-images";
import type { RanStep } from "./run-steps";
import type { RunStep } from "./apply";
import type { Workplace } from "./workplace";

/** What becomes of a run's earlier migrations when one of them fails. */
export interface FailurePolicy {
  /**
   * stop (the default): they stay. revert-run: each goes back by its own way, the newest first. restore: the
   * collections that this run has touched come back out of its archive, and with them all that it changed.
   */
  onFailure?: "stop" | "revert-run" | "restore";
  /**
   * Puts these collections back as the run's archive has them, and removes those that it does not have. It may say how
   * what stood there can be had again.
   */
  restore?: ((collections: string[]) => Promise<string | void>) | undefined;
}

/** Settles the migrations before one that failed; gives the failure with what the database is now. */
export async function afterFailure(
  place: Workplace,
  policy: FailurePolicy,
  ran: RanStep[],
  failed: RunStep,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof MigrationFailedError) || failed.direction === "down") return error;
  const { onFailure = "stop", restore } = policy;
  const versions = ran.map(({ version }) => version).join(", ");
  if (!error.details.interrupted && error.details.settled) {
    if (onFailure === "revert-run" && ran.length > 0) return revertRun(place, ran, error);
    if (onFailure === "restore" && restore) return restoreRun(place, restore, ran, failed, error);
  }
  return ran.length === 0 ? error : error.and(`Before it, this run applied ${versions}: they stay.`);
}

async function revertRun(place: Workplace, ran: RanStep[], error: MigrationFailedError): Promise<Error> {
  const back: string[] = [];
  for (const { step, record, version } of [...ran].reverse()) {
    const { migration } = step;
    if (!migration.down && (!migration.undo || record.preImages === "beyond")) {
      const why = migration.irreversible ?? "it has no way back";
      return error.and(told(back, `${version} could not be (${why}) and stays applied, as those before it`));
    }
    try {
      const earlier = (await readRecord(place.db, version)) ?? undefined;
      await apply(place, { migration, direction: "down", earlier, holes: record.holes });
      back.push(version);
    } catch (undoError) {
      const more = told(back, `taking back ${version} failed as well, those before it stay applied`);
      return error.and(more, undoError);
    }
  }
  return error.and(told(back, "this run has left nothing"));
}

function told(back: string[], rest: string): string {
  const list = back.length > 0 ? `Taken back with it: ${back.join(", ")}; ` : "Of the migrations before it: ";
  return `${list}${rest}.`;
}

async function restoreRun(
  place: Workplace,
  restore: NonNullable<FailurePolicy["restore"]>,
  ran: RanStep[],
  failed: RunStep,
  error: MigrationFailedError,
): Promise<Error> {
  const { version } = failed.migration;
  const last = await readRecord(place.db, version);
  const touched = [...ran.map(({ record }) => record), ...(last?.partial ? [last] : [])].flatMap(
    (record) => record.touched,
  );
  const collections = [...new Set(touched)].sort();
  if (collections.length === 0) return error;
  place.progress(`restoring ${collections.join(", ")} from this run's archive`);
  let kept: string | void;
  try {
    kept = await restore(collections);
  } catch (restoreError) {
    return error.and(`Restoring ${collections.join(", ")} from the archive failed too.`, restoreError);
  }
  place.lease.assertHeld();
  const back = ran.map((one) => one.version);
  await markRestored(place.db, place.lease.token, [...back, version]);
  for (const one of [...back, version]) await imagesIn(place.db).deleteMany({ _id: ofVersion(one) });
  return error.and(
    `${collections.join(", ")} came back from this run's archive: what others wrote there since is ${kept ? `gone from there (${kept})` : "lost"}${
      back.length > 0 ? `, and ${back.join(", ")} ${back.length === 1 ? "is" : "are"} pending again` : ""
    }.`,
  );
}
