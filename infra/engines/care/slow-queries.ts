import type { Db, Document } from "mongodb";
import { suggestIndex } from "./suggest-index";
import { unlessForbidden } from "./unless-forbidden";

/** Queries of one shape that were slow. */
export interface SlowQuery {
  collection: string;
  /** The fields that it asks by, and its order. */
  shape: string;
  count: number;
  meanMs: number;
  longestMs: number;
  /** Looked at for each document that was given back, at worst. */
  examinedPerReturned: number | null;
  /** An index that would have served it; null where it used one, or none would do. */
  missing: Record<string, 1 | -1> | null;
}

export interface SlowQueries {
  /** Where it comes from, or why there is nothing. */
  source: string;
  queries: SlowQuery[];
}

const readAtMost = 2000;
const wasteful = 100;

/** What the profiler has written down, the longest in sum first. Reads only. */
export async function slowQueries(db: Db): Promise<SlowQueries> {
  const level = await unlessForbidden(() => db.command({ profile: -1 }));
  if (!level) return { source: "this user, or this server, does not tell of its profiler", queries: [] };
  const entries =
    (await unlessForbidden(() =>
      db.collection("system.profile").find({}).sort({ $natural: -1 }).limit(readAtMost).toArray(),
    )) ?? [];
  const own = entries.filter(({ ns }) => typeof ns === "string" && !ns.endsWith(".system.profile"));
  const threshold = `queries of more than ${String(level.slowms)} ms`;
  const source =
    Number(level.was) > 0
      ? `the profiler, which is on for ${Number(level.was) === 2 ? "everything" : threshold}`
      : own.length > 0
        ? "what the profiler wrote down while it was on"
        : "the profiler is off: an administrator turns it on by `db.setProfilingLevel(1, 100)`";
  return { source, queries: groupQueries(own, db.databaseName) };
}

/** The profiler's entries by their shape. */
export function groupQueries(entries: readonly Document[], database: string): SlowQuery[] {
  const groups = new Map<string, SlowQuery>();
  for (const entry of entries) {
    const collection = String(entry.ns).slice(database.length + 1);
    const { filter, sort } = shapeOf(entry);
    const shape = shapeText(filter, sort);
    const known = groups.get(`${collection} ${shape}`);
    const ms = Number(entry.millis ?? 0);
    const ratio = ratioOf(entry);
    const before = known?.count ?? 0;
    groups.set(`${collection} ${shape}`, {
      collection,
      shape,
      count: before + 1,
      meanMs: ((known?.meanMs ?? 0) * before + ms) / (before + 1),
      longestMs: Math.max(known?.longestMs ?? 0, ms),
      examinedPerReturned: worse(known?.examinedPerReturned ?? null, ratio),
      missing: known?.missing ?? (isServedBadly(entry, ratio) ? suggestIndex({ filter, sort }) : null),
    });
  }
  return [...groups.values()].sort((one, other) => other.meanMs * other.count - one.meanMs * one.count);
}

function shapeOf({ command }: Document): {
  filter: Record<string, unknown>;
  sort: Record<string, unknown>;
} {
  const asked = (command ?? {}) as Document;
  const stages = (Array.isArray(asked.pipeline) ? asked.pipeline : []) as Document[];
  // An update or a deletion stands in the profile as its own first statement.
  const filter = asked.filter ?? asked.query ?? asked.q ?? stages[0]?.$match ?? {};
  const sort = asked.sort ?? stages.find((stage) => stage.$sort)?.$sort ?? {};
  return { filter: filter as Record<string, unknown>, sort: sort as Record<string, unknown> };
}

/** Names of fields and operators alone: what was asked for may be anybody's. */
function shapeText(filter: Record<string, unknown>, sort: Record<string, unknown>): string {
  const fields = Object.entries(filter).map(([field, wanted]) => {
    const operators =
      typeof wanted === "object" && wanted !== null
        ? Object.keys(wanted).filter((key) => key.startsWith("$"))
        : [];
    return operators.length > 0 ? `${field} ${operators.join(" ")}` : field;
  });
  const order = Object.keys(sort);
  const text = fields.length > 0 ? fields.sort().join(", ") : "everything";
  return order.length > 0 ? `${text} by ${order.join(", ")}` : text;
}

function ratioOf({ docsExamined, nreturned, nMatched, ndeleted }: Document): number | null {
  if (typeof docsExamined !== "number") return null;
  return docsExamined / Math.max(1, Number(nreturned ?? nMatched ?? ndeleted ?? 0));
}

function isServedBadly({ planSummary }: Document, ratio: number | null): boolean {
  return String(planSummary ?? "").includes("COLLSCAN") || (ratio !== null && ratio > wasteful);
}

function worse(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.max(one, other);
}
