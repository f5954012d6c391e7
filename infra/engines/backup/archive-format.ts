import { BSON, Long } from "mongodb";

/** The archive format 0.1 that mongodump writes and mongorestore reads. */
export const magic = Buffer.from([0x6d, 0xe2, 0x99, 0x81]);
export const terminator = Buffer.from([0xff, 0xff, 0xff, 0xff]);
export const formatVersion = "0.1";

export type CollectionType = "collection" | "view" | "timeseries" | "";

/** What an archive says of a collection before its documents. */
export interface CollectionHeader {
  db: string;
  collection: string;
  /** Canonical Extended JSON: options, indexes, uuid, collectionName, type. */
  metadata: string;
  size: number;
  type: CollectionType;
}

export interface NamespaceHeader {
  db: string;
  collection: string;
  EOF: boolean;
  CRC: bigint;
}

/** Everything before the first block. */
export function encodePrelude(
  serverVersion: string,
  toolVersion: string,
  collections: readonly CollectionHeader[],
): Buffer {
  const header = {
    concurrent_collections: new BSON.Int32(1),
    version: formatVersion,
    server_version: serverVersion,
    tool_version: toolVersion,
  };
  const described = collections.map((one) =>
    BSON.serialize({ ...one, size: new BSON.Int32(Math.min(one.size, 0x7fffffff)) }),
  );
  return Buffer.concat([magic, BSON.serialize(header), ...described, terminator]);
}

export function encodeNamespace(header: NamespaceHeader): Uint8Array {
  return BSON.serialize({
    db: header.db,
    collection: header.collection,
    EOF: header.EOF,
    CRC: Long.fromBigInt(header.CRC),
  });
}

export function decodeNamespace(bytes: Uint8Array): NamespaceHeader {
  const { db, collection, EOF, CRC } = BSON.deserialize(bytes, { useBigInt64: true }) as NamespaceHeader;
  return { db, collection, EOF, CRC };
}

export function decodeCollection(bytes: Uint8Array): CollectionHeader {
  return BSON.deserialize(bytes) as CollectionHeader;
}
