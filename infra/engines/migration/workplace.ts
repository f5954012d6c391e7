import type { Db, MongoClient } from "mongodb";
import type { Progress } from "../../support";
import type { Lease } from "./lease";

/** What every migration of a run works with. */
export interface Workplace {
  client: MongoClient;
  db: Db;
  lease: Lease;
  progress: Progress;
  /** The operator's interruption. */
  signal: AbortSignal | undefined;
}
