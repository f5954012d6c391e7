import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Db } from "mongodb";
import { localFolder } from "../../../support";

/** Where one monitor keeps what it cannot write into the database. */
export interface AwayPlace {
  folder: string;
  /** What was going on when the database was last seen. */
  remembered: string;
  /** What happened since. */
  journal: string;
}

/** The folder next to the monitor for one operations' database. */
export function awayPlace(ops: Pick<Db, "databaseName">): AwayPlace {
  const name = createHash("sha256").update(ops.databaseName).digest("hex").slice(0, 12);
  const folder = localFolder("alerts", name);
  return {
    folder,
    remembered: join(folder, "remembered.json"),
    journal: join(folder, "while-away.jsonl"),
  };
}
