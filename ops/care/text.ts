import type { CollectionSize, IndexSeen, SlowQuery } from "../../infra/engines/care";
import { formatDuration, formatSize } from "../../infra/support";
import { table } from "../terminal";
import type { DatabaseSeen } from "./look";

/** Indexes, what is to be thought of about them, sizes, slow queries and connections, for people. */
export function databaseText({
  indexes,
  findings,
  sizes,
  slow,
  connections,
  unfinished,
}: DatabaseSeen): string {
  return [
    ...section("indexes", table([["INDEX", "FIELDS", "SIZE", "USED", ""], ...indexes.map(indexRow)])),
    ...section(
      "to be thought about",
      findings.map(({ kind, collection, index, why }) => `${kind} ${collection}.${index}: ${why}`).join("\n"),
    ),
    ...section(
      "rebuilds that were not ended",
      unfinished.map(({ _id }) => `${_id}: \`dnd ops indexes --rebuild ${_id}\` ends it`).join("\n"),
    ),
    ...section(
      "collections",
      table([["NAME", "DOCUMENTS", "SIZE", "INDEXES", "GROWTH"], ...sizes.map(sizeRow)]),
    ),
    ...section("slow queries", [slow.source, ...slow.queries.slice(0, 20).map(queryLine)].join("\n")),
    connections
      ? `connections: ${connections.current} of ${connections.current + connections.available}, ${connections.percent.toFixed(0)} %`
      : "connections: this user may not ask",
  ].join("\n");
}

function section(title: string, text: string): string[] {
  return text === "" ? [] : [`${title}:`, text, ""];
}

function indexRow({ collection, name, key, bytes, uses, unique, special, expires }: IndexSeen): string[] {
  const fields = Object.entries(key).map(([field, way]) => `${field} ${way}`);
  const kinds = [unique ? "unique" : "", special ? "special" : "", expires ? "expires" : ""].filter(Boolean);
  return [
    `${collection}.${name}`,
    fields.join(", "),
    formatSize(bytes),
    uses === null ? "not told" : String(uses),
    kinds.join(", "),
  ];
}

function sizeRow({ name, documents, bytes, indexBytes, growthPerDay }: CollectionSize): string[] {
  const growth =
    growthPerDay === null
      ? "not known yet"
      : `${growthPerDay < 0 ? "-" : ""}${formatSize(Math.abs(growthPerDay))} a day`;
  return [name, String(documents), formatSize(bytes), formatSize(indexBytes), growth];
}

function queryLine({ collection, shape, count, meanMs, longestMs, missing }: SlowQuery): string {
  const lacks = missing === null ? "" : `; an index ${JSON.stringify(missing)} would serve it`;
  return `  ${collection} by ${shape}: ${count} times, ${formatDuration(meanMs)} on average, ${formatDuration(longestMs)} at worst${lacks}`;
}
