import { connect, opsDatabaseName } from "../../infra/drivers/mongo";
import { findRelease, listReleases, newestRelease, summaryOf } from "../../infra/engines/release";
import { OperatorError } from "../../infra/support";
import { chosenDatabase } from "../chosen-database";
import type { DatabaseOptions } from "../named-database";
import type { ReleaseSummary } from "../../infra/engines/release";

/** The journal of releases, open for as long as a command reads it. */
export interface KnownReleases {
  list(limit: number): Promise<ReleaseSummary[]>;
  /** By its number, or `latest`. */
  find(reference: string): Promise<ReleaseSummary>;
}

/** Works with the journal of the database that the command is about. */
export async function withReleases<T>(
  options: DatabaseOptions,
  work: (releases: KnownReleases) => Promise<T>,
): Promise<T> {
  const { address } = await chosenDatabase(options);
  if (!address) return work(none(options.stack));
  const client = await connect(address, "migration", { appName: "dnd-release" });
  const ops = client.db(opsDatabaseName(address.name));
  try {
    return await work({
      list: async (limit) => (await listReleases(ops, limit)).map(summaryOf),
      find: async (reference) => {
        const found =
          reference === "latest" ? await newestRelease(ops) : await findRelease(ops, Number(reference));
        if (found) return summaryOf(found);
        throw unknownRelease(reference);
      },
    });
  } finally {
    await client.close();
  }
}

/** A stack without a database has released nothing. */
function none(stack: string): KnownReleases {
  return {
    list: () => Promise.resolve([]),
    find: (reference) => Promise.reject(unknownRelease(reference, `the stack ${stack} has no database yet`)),
  };
}

function unknownRelease(reference: string, why?: string): OperatorError {
  return new OperatorError({
    code: "release-unknown",
    message: `there is no release ${reference}${why ? `: ${why}` : ""}`,
    remedy: "`dnd release list` shows those that the journal knows.",
  });
}
