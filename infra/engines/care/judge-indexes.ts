import { idIndex, type IndexSeen } from "./index-seen";

/** Something about an index that a person should decide. */
export interface IndexFinding {
  kind: "unused" | "duplicate" | "prefix";
  collection: string;
  index: string;
  bytes: number;
  /** Why, as one sentence. */
  why: string;
}

const dayMs = 86_400_000;
/** A shorter time says nothing of what is only used at the end of a week. */
const leastDays = 7;

/** What can go: indexes that nothing uses, and those that another one serves as well. */
export function judgeIndexes(indexes: readonly IndexSeen[], now = new Date()): IndexFinding[] {
  return indexes.flatMap((index) => {
    if (index.name === idIndex) return [];
    const others = indexes.filter(
      (other) => other.collection === index.collection && other.name !== index.name,
    );
    const finding = duplicateOf(index, others) ?? prefixOf(index, others) ?? unused(index, now);
    return finding
      ? [{ ...finding, collection: index.collection, index: index.name, bytes: index.bytes }]
      : [];
  });
}

type Found = Pick<IndexFinding, "kind" | "why"> | undefined;

/** Of two that are alike the later one by name is named, so that never both are. */
function duplicateOf(index: IndexSeen, others: readonly IndexSeen[]): Found {
  const twin = others.find(
    (other) => plain(index) && plain(other) && textOf(other) === textOf(index) && other.name < index.name,
  );
  return twin && { kind: "duplicate", why: `${twin.name} has the same fields` };
}

function prefixOf(index: IndexSeen, others: readonly IndexSeen[]): Found {
  if (!plain(index) || index.unique || index.expires) return undefined;
  const own = Object.entries(index.key);
  const longer = others.find((other) => {
    const fields = Object.entries(other.key);
    return !other.special && fields.length > own.length && own.every((field, at) => same(field, fields[at]));
  });
  return (
    longer && { kind: "prefix", why: `${longer.name} begins with its fields and serves the same queries` }
  );
}

function unused({ uses, countedSince, unique, expires }: IndexSeen, now: Date): Found {
  if (uses !== 0 || countedSince === null || unique || expires) return undefined;
  const days = Math.floor((now.getTime() - countedSince.getTime()) / dayMs);
  if (days < leastDays) return undefined;
  return { kind: "unused", why: `no query has used it in ${days} days` };
}

/** A unique one is more than a way to find something, and what is special finds something else. */
function plain({ special, unique }: IndexSeen): boolean {
  return !special && !unique;
}

function textOf({ key }: IndexSeen): string {
  return JSON.stringify(Object.entries(key));
}

function same(field: [string, unknown], other: [string, unknown] | undefined): boolean {
  return other !== undefined && field[0] === other[0] && field[1] === other[1];
}
