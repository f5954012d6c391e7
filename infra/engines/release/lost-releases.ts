import type { Db } from "mongodb";
import type { ReleaseBeginning } from "./journal";
import type { Release } from "./release";

/** A release as the state of its stack remembers it. */
export interface RememberedRelease extends Omit<ReleaseBeginning, "details"> {
  openedAt: string;
}

/** Writes down a release that the journal has lost, so that its number is not given again; one that is there stays as it is. */
export async function writeDownLost(ops: Db, remembered: RememberedRelease): Promise<void> {
  const { number, schemaBefore, openedAt, ...rest } = remembered;
  const release: Omit<Release, "_id"> = {
    ...rest,
    documentVersion: 1,
    state: "failed",
    schema: { before: schemaBefore, after: null },
    archive: null,
    startedAt: new Date(openedAt),
    finishedAt: new Date(),
    by: "",
    host: "",
    steps: [],
    error: "the journal had lost it: it is known from the state of the stack, and its outcome is not",
  };
  await ops
    .collection<Release>("releases")
    .updateOne({ _id: number }, { $setOnInsert: release }, { upsert: true });
}
