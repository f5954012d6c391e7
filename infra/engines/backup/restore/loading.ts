import type { Db } from "mongodb";
import type { ByteProgress } from "../byte-progress";
import type { RawBatch } from "../raw-batches";
import type { Anonymiser } from "./anonymise";
import type { OpenArchive } from "./source";
import { LoadedShadow } from "./loaded-shadows";
import type { Placement } from "./namespaces";
import { OplogSlice } from "./oplog";

export interface LoadWanted {
  db: Db;
  id: string;
  placed: readonly Placement[];
  hasOplog: boolean;
  /** Reads again what was written. */
  compare: boolean;
  anonymiser: Anonymiser | undefined;
  told: ByteProgress;
}

type Pieces = ReturnType<OpenArchive["pieces"]>;

/** Fills a shadow for every collection that has documents; afterwards all are whole, checked and have their indexes. */
export async function loadShadows(pieces: Pieces, wanted: LoadWanted): Promise<number> {
  const { db, id, placed, hasOplog, compare } = wanted;
  const shadows = new Map<string, LoadedShadow>();
  for (const one of placed) {
    if (one.data === undefined) continue;
    const shadow = new LoadedShadow(db, id, one, compare);
    await shadow.create();
    shadows.set(one.data, shadow);
  }
  const oplog = hasOplog ? await OplogSlice.open(db, id) : undefined;
  const indexes: Promise<void>[] = [];
  const finish = async (shadow: LoadedShadow) => {
    await shadow.check();
    if (!oplog) await shadow.buildIndexes();
  };
  try {
    for await (const piece of pieces) {
      if (piece.kind === "collections") continue;
      const data = `${piece.db}.${piece.collection}`;
      const shadow = shadows.get(data) ?? shadows.get(underItsOwnName(data));
      if (piece.kind === "documents") {
        wanted.told.add(piece.bytes.length);
        const batch = shadow ? anonymised(piece, shadow, wanted.anonymiser) : piece;
        await (shadow ?? (data === ".oplog" ? oplog : undefined))?.add(batch);
      } else if (shadow) {
        wanted.told.at(shadow.placement.name);
        await shadow.flush();
        // Those of one collection are built while the next one is read.
        const built = finish(shadow);
        built.catch(() => undefined);
        indexes.push(built);
      }
    }
    await Promise.all(indexes);
  } finally {
    // Nothing may still be at work when shadows are removed.
    await Promise.allSettled([...indexes, ...[...shadows.values()].map((one) => one.settled())]);
  }
  if (oplog) {
    await oplog.replay(shadows);
    await Promise.all([...shadows.values()].map((shadow) => shadow.buildIndexes()));
  }
  return [...shadows.values()].reduce((sum, shadow) => sum + shadow.documents, 0);
}

/** Servers of 8.3 and later have no collection of buckets. */
function underItsOwnName(data: string): string {
  const at = data.indexOf(".");
  return `${data.slice(0, at)}.system.buckets.${data.slice(at + 1)}`;
}

function anonymised(
  batch: RawBatch,
  { placement }: LoadedShadow,
  anonymiser: Anonymiser | undefined,
): RawBatch {
  return anonymiser ? anonymiser.rewrite(placement.name, batch) : batch;
}
