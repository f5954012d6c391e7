import type { Db, MongoClient } from "mongodb";
import type { Progress } from "../../support";
import type { Lease } from "./lease";
import type { WriteObserver } from "./write-observer";

/** What every migration of a run works with. */
export interface Workplace {
  client: MongoClient;
  db: Db;
  lease: Lease;
  /** Which release the run belongs to, and from which commit it comes. */
  release: number | null;
  commit: string | null;
  progress: Progress;
  /** The stack's word on how long a migration may take that says nothing itself. */
  timeoutMs?: number | undefined;
  /** Sees each write; only in a trial. */
  observer?: WriteObserver | undefined;
  /** The operator's interruption. */
  signal: AbortSignal | undefined;
}
