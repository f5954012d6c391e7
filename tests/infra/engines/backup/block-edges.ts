import { BSON } from "mongodb";

const mark = -1;

/** Where an archive that is not compressed may be cut between two of its pieces, and of which kind each such edge is. */
export function blockEdges(archive: Buffer): { at: number; kind: string }[] {
  const edges = [
    { at: 0, kind: "before everything" },
    { at: 4, kind: "after its magic" },
  ];
  let kind = "after its header";
  for (let at = 4; at < archive.length;) {
    const length = archive.readInt32LE(at);
    if (length === mark) {
      at += 4;
      edges.push({ at, kind: kind === "after a namespace" ? "after an end" : "after a list" });
      kind = "namespace";
    } else {
      const document = archive.subarray(at, at + length);
      at += length;
      if (kind === "namespace") {
        kind = BSON.deserialize(document).EOF === true ? "after a namespace" : "after a document";
        edges.push({ at, kind: "after a namespace" });
      } else edges.push({ at, kind });
      if (kind === "after its header") kind = "after a description";
    }
  }
  return edges.filter(({ at }) => at < archive.length);
}
