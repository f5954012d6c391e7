import type { Binary, Db, MongoClient } from "mongodb";
import { waitFor } from "../../support";

/**
 * What every command of a run carries, so that it can be found on the server when its run is gone.
 * Tokens count for one database each, and a server may hold several.
 */
export function commentOf(ops: Db, token: number): string {
  return `dnd-migrations ${ops.databaseName} ${token}`;
}

/** What every run of this database but one carries: an owner that died while it took over has left some to be ended. */
export function commentsBefore(ops: Db, token: number): object {
  const { source } = new RegExp(`^dnd-migrations ${ops.databaseName.replaceAll(/\W/g, "\\$&")} \\d+$`);
  return { $regex: source, $ne: commentOf(ops, token) };
}

const unauthorized = 13;

/**
 * Ends what a run has left on the server: its open transaction and the commands that still work.
 * Users may end what is their own, so this needs no privilege.
 */
export async function endLeftovers(
  client: MongoClient,
  comment: string | object,
  session: Binary,
  signal?: AbortSignal,
): Promise<void> {
  const admin = client.db("admin");
  await admin.command({ killSessions: [{ id: session }] }).catch((error: unknown) => {
    // Another user's run: its transaction ends when the server's limit does, and the fence waits for that.
    if ((error as { code?: unknown }).code !== unauthorized) throw error;
  });
  const running = (): Promise<{ opid?: number }[]> =>
    admin
      .aggregate<{ opid?: number }>([
        { $currentOp: { allUsers: false } },
        { $match: { "command.comment": comment } },
      ])
      .toArray();
  await waitFor(
    async () => {
      const left = await running();
      for (const { opid } of left) if (opid !== undefined) await admin.command({ killOp: 1, op: opid });
      return left.length === 0 || undefined;
    },
    { what: "the commands of an earlier run to end", timeoutMs: 30_000, intervalMs: 200, signal },
  );
}
