import type { Db } from "mongodb";
import { connect, opsDatabaseName, type DatabaseAddress } from "../../infra/drivers/mongo";
import { dropPending, endedPending, type Pending } from "./pending";

const deadlineMs = 2000;

/** Brings the entries of a stack that lie in files to its database; whatever fails, they stay where they are. */
export async function handIn(stack: string, find: () => Promise<DatabaseAddress | null>): Promise<void> {
  const waiting = endedPending(stack);
  if (waiting.length === 0) return;
  try {
    await atMost(deadlineMs, async (signal) => {
      const address = await find();
      signal.throwIfAborted();
      if (address) await deliver(address, waiting, signal);
    });
  } catch {
    // The command itself is done: what it changed must not be reported as failed, and the next one hands in.
  }
}

/** Goes on at the deadline, whether or not the work heard of it. */
async function atMost(ms: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new DOMException("the journal took too long", "TimeoutError");
      stop.abort(error);
      reject(error);
    }, ms);
  });
  try {
    await Promise.race([work(stop.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function deliver(
  address: DatabaseAddress,
  waiting: readonly Pending[],
  signal: AbortSignal,
): Promise<void> {
  const client = await connect(address, "migration", { appName: "dnd-audit", signal });
  const close = () => void client.close();
  signal.addEventListener("abort", close, { once: true });
  try {
    await insertAll(client.db(opsDatabaseName(address.name)), waiting);
    for (const { file } of waiting) dropPending(file);
  } finally {
    signal.removeEventListener("abort", close);
    await client.close();
  }
}

/** Handed in twice is there once: a kill may come between the database and the file. */
async function insertAll(ops: Db, waiting: readonly Pending[]): Promise<void> {
  const entries = ops.collection<{ _id: string }>("audit");
  await entries.bulkWrite(
    waiting.map(({ entry: { _id, ...rest } }) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true },
    })),
    { ordered: false },
  );
}
