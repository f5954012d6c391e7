import { writeFile } from "node:fs/promises";
import { BSON, Timestamp, type Document } from "mongodb";
import { ArchiveWriter, type CollectionHeader } from "../../../../../infra/engines/backup/archive";

const at = (i: number) => new Timestamp({ t: 1_700_000_000, i });

/** An archive as `mongodump --oplog` leaves it: documents of one moment, and what was written until a later one. */
export async function archiveWithOplog(path: string, ...more: Document[]): Promise<void> {
  const metadata = '{"options":{},"indexes":[],"collectionName":"heroes","type":"collection"}';
  const heroes: CollectionHeader = {
    db: "elsewhere",
    collection: "heroes",
    metadata,
    size: 0,
    type: "collection",
  };
  const oplog: CollectionHeader = { db: "", collection: "oplog", metadata: "", size: 0, type: "" };
  const chunks: Uint8Array[] = [];
  const writer = new ArchiveWriter({
    write: (bytes) => {
      chunks.push(bytes);
      return Promise.resolve();
    },
    end: () => Promise.resolve(),
  });
  const ns = "elsewhere.heroes";
  const written = [
    { op: "i", ns, ts: at(1), o: { _id: 3, name: "inserted" } },
    { op: "u", ns, ts: at(2), o: { $v: 2, diff: { u: { name: "updated" } } }, o2: { _id: 1 } },
    { op: "d", ns, ts: at(3), o: { _id: 2 } },
    { op: "i", ns: "elsewhere.others", ts: at(4), o: { _id: 1 } },
    { op: "n", ns: "", ts: at(5), o: { msg: "periodic noop" } },
    {
      op: "c",
      ns: "admin.$cmd",
      ts: at(6),
      o: { applyOps: [{ op: "i", ns, o: { _id: 4, name: "in a transaction" } }] },
    },
    ...more.map((one, n) => ({ ns, ts: at(7 + n), ...one })),
  ];
  await writer.begin({ serverVersion: "6.0.5", toolVersion: "test" }, [heroes, oplog]);
  const documents = [
    { _id: 1, name: "old" },
    { _id: 2, name: "deleted" },
  ];
  await writer.collection({ db: "elsewhere", collection: "heroes" }, batchOf(documents), () => undefined);
  await writer.collection({ db: "", collection: "oplog" }, batchOf(written), () => undefined);
  await writeFile(path, Buffer.concat(chunks));
}

/** What the replayed archive holds. */
export const replayed = [
  { _id: 1, name: "updated" },
  { _id: 3, name: "inserted" },
  { _id: 4, name: "in a transaction" },
];

async function* batchOf(documents: readonly Document[]) {
  const bytes = Buffer.concat(documents.map((one) => BSON.serialize(one)));
  await Promise.resolve();
  yield { bytes, documents: documents.length };
}

/** A command among the writes. */
export const dropped = { op: "c", ns: "elsewhere.$cmd", o: { drop: "heroes" } };
