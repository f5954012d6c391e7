import { atDatabase } from "../../infra/drivers/mongo";
import {
  listQuarantine,
  listReleases,
  summaryOf,
  type Release,
  type ReleaseSummary,
} from "../../infra/engines/release";
import { OperatorError } from "../../infra/support";
import { chosenDatabase } from "../chosen-database";
import { namedUri, type DatabaseOptions } from "../named-database";
import { pastReleases } from "../rollback/past-releases";

/** More than anybody has made. */
const all = 10_000;

/** What the operations' database keeps: the journal, and the digests in quarantine. */
interface Kept {
  releases: Release[];
  quarantine: ReadonlySet<string>;
}

const nothing: Kept = { releases: [], quarantine: new Set() };

/** The releases that the journal knows, newest first; without it, or where it has holes, those of the stack's history. */
export async function knownReleases(
  options: DatabaseOptions,
  say: (line: string) => void,
): Promise<ReleaseSummary[]> {
  const { stack } = options;
  if (namedUri(options) !== undefined) return summaries(await inJournal(options));
  let unread: OperatorError | undefined;
  const kept = await inJournal(options).catch((error: unknown) => {
    if (!(error instanceof OperatorError)) throw error;
    unread = error;
    return nothing;
  });
  const found = { journal: kept.releases, asked: all };
  const releases = await pastReleases({ stack, engine: "auto" }, found, unread ? say : () => undefined);
  if (unread && releases.length === 0) throw unread;
  if (unread) say(`! ${unread.message.split("\n")[0] ?? ""}`);
  return summaries({ ...kept, releases });
}

function summaries({ releases, quarantine }: Kept): ReleaseSummary[] {
  return releases.map((one) => summaryOf(one, quarantine));
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

async function inJournal(options: DatabaseOptions): Promise<Kept> {
  const { address } = await chosenDatabase(options);
  if (!address) return nothing;
  return atDatabase(address, "migration", { appName: "dnd-release" }, async ({ ops }) => {
    const [releases, inQuarantine] = await Promise.all([listReleases(ops, all), listQuarantine(ops)]);
    return { releases, quarantine: new Set(inQuarantine.map(({ _id }) => _id)) };
  });
}
