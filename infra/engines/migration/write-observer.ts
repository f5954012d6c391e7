import type { ClientSession, Db } from "mongodb";
import type { Write } from "./guard";

/** Sees each write of a migration as it happens: how a trial knows what was changed. */
export interface WriteObserver {
  /** A transaction begins, for the first time or again: what one before it has done without a commit is void. */
  begin(version: string): void;
  commit(version: string): void;
  /** What it gives back hears of the answer; what it throws stands in place of the write. */
  beforeWrite(
    version: string,
    write: Write,
    where: { db: Db; session: ClientSession },
  ): Promise<((answer: unknown) => Promise<void>) | undefined>;
}
