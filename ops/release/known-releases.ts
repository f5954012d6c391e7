import { atDatabase } from "../../infra/drivers/mongo";
import { listReleases, summaryOf, type Release, type ReleaseSummary } from "../../infra/engines/release";
import { OperatorError } from "../../infra/support";
import { chosenDatabase } from "../chosen-database";
import { namedUri, type DatabaseOptions } from "../named-database";
import { pastReleases } from "../rollback/past-releases";

/** More than anybody has made. */
const all = 10_000;

/** The releases that the journal knows, newest first; without it, or where it has holes, those of the stack's history. */
export async function knownReleases(
  options: DatabaseOptions,
  say: (line: string) => void,
): Promise<ReleaseSummary[]> {
  const { stack } = options;
  if (namedUri(options) !== undefined) return (await inJournal(options)).map(summaryOf);
  let unread: OperatorError | undefined;
  const journal = await inJournal(options).catch((error: unknown) => {
    if (!(error instanceof OperatorError)) throw error;
    unread = error;
    return [];
  });
  const found = { journal, asked: all };
  const releases = await pastReleases({ stack, engine: "auto" }, found, unread ? say : () => undefined);
  if (unread && releases.length === 0) throw unread;
  if (unread) say(`! ${unread.message.split("\n")[0] ?? ""}`);
  return releases.map(summaryOf);
}

/** One of them by its number, or the `latest`. */
export function pick(releases: readonly ReleaseSummary[], reference: string): ReleaseSummary {
  const found =
    reference === "latest" ? releases[0] : releases.find(({ number }) => number === Number(reference));
  if (found) return found;
  throw new OperatorError({
    code: "release-unknown",
    message: `there is no release ${reference}`,
    remedy: "`dnd release list` shows those that are known.",
  });
}

async function inJournal(options: DatabaseOptions): Promise<Release[]> {
  const { address } = await chosenDatabase(options);
  if (!address) return [];
  return atDatabase(address, "migration", { appName: "dnd-release" }, ({ ops }) => listReleases(ops, all));
}
