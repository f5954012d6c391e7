import type { Db } from "mongodb";
import {
  collectionSizes,
  connectionsOf,
  judgeIndexes,
  observeIndexes,
  openRebuilds,
  slowQueries,
  type CollectionSize,
  type Connections,
  type IndexFinding,
  type IndexSeen,
  type Rebuild,
  type SlowQueries,
} from "../../infra/engines/care";

/** How a database is, as far as its keeper must know. */
export interface DatabaseSeen {
  indexes: IndexSeen[];
  findings: IndexFinding[];
  sizes: CollectionSize[];
  slow: SlowQueries;
  /** Null where this user may not ask. */
  connections: Connections | null;
  /** Rebuilds that were begun and not ended. */
  unfinished: Rebuild[];
}

/** Looks at indexes, sizes, slow queries and connections. Reads only. */
export async function lookAtDatabase(app: Db, ops: Db, signal?: AbortSignal): Promise<DatabaseSeen> {
  const indexes = await observeIndexes(app, signal);
  return {
    indexes,
    findings: judgeIndexes(indexes),
    sizes: await collectionSizes(app, ops),
    slow: await slowQueries(app),
    connections: await connectionsOf(app),
    unfinished: await openRebuilds(ops),
  };
}
