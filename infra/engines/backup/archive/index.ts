export { elementsOf, type BsonElement } from "./bson-bytes";
export { fromExtendedJson, toExtendedJson } from "./extended-json";
export { dataNameOf, type CollectionHeader, type CollectionType } from "./format";
export { ArchiveDamage, ArchiveReader, type ArchivePiece } from "./read";
export { ArchiveWriter, type WrittenCollection } from "./write";
