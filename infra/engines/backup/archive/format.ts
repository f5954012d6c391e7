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

/** What stands before each block of documents, and what closes a collection. */
export interface NamespaceHeader {
  db: string;
  collection: string;
  EOF: boolean;
  CRC: bigint;
}

export interface ArchiveHeader {
  serverVersion: string;
  toolVersion: string;
  /** How many collections have blocks between each other's, at most. */
  atOnce: number;
}

/** Everything before the first block. */
export function encodePrelude(header: ArchiveHeader, collections: readonly CollectionHeader[]): Buffer {
  const first = {
    concurrent_collections: new BSON.Int32(header.atOnce),
    version: formatVersion,
    server_version: header.serverVersion,
    tool_version: header.toolVersion,
  };
  const described = collections.map((one) => BSON.serialize({ ...one, size: new BSON.Int32(one.size) }));
  return Buffer.concat([magic, BSON.serialize(first), ...described, terminator]);
}

export function encodeNamespace(header: NamespaceHeader): Uint8Array {
  return BSON.serialize({ ...header, CRC: Long.fromBigInt(header.CRC) });
}

export function decodeNamespace(bytes: Uint8Array): NamespaceHeader {
  const { db, collection, EOF, CRC } = BSON.deserialize(bytes, { useBigInt64: true }) as NamespaceHeader;
  return { db, collection, EOF, CRC };
}

export function decodeCollection(bytes: Uint8Array): CollectionHeader {
  return BSON.deserialize(bytes) as CollectionHeader;
}

export function decodeHeader(bytes: Uint8Array): { version: string; serverVersion: string } {
  const { version, server_version } = BSON.deserialize(bytes) as {
    version?: unknown;
    server_version?: unknown;
  };
  return { version: String(version), serverVersion: String(server_version ?? "") };
}

/** Where the documents of a collection stand in an archive: a time series keeps them in buckets; a view has none. */
export function dataNameOf(collection: { name: string; type: CollectionType }): string | undefined {
  if (collection.type === "view") return undefined;
  return collection.type === "timeseries" ? `system.buckets.${collection.name}` : collection.name;
}
