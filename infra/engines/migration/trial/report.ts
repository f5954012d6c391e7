import type { Document } from "mongodb";
import { formatDuration } from "../../../support";
import type { CollectionChange } from "./observed";
import type { Trial, TriedMigration } from "./trial";

const sources: Record<Trial["source"], string> = {
  archive: "on the newest archive",
  sample: "on a sample",
  empty: "on an empty database",
  live: "on the live database, in a transaction that was aborted",
};

/** What a trial has shown, for people. */
export function describeTrial({ migrations, source, sampled, error, durationMs }: Trial): string {
  if (migrations.length === 0) return "nothing is pending";
  const samples = sampled.map(({ collection, live, sampled: taken }) => `${taken} of ${live} ${collection}`);
  return [
    `tried ${sources[source]}${samples.length > 0 ? ` (${samples.join(", ")})` : ""} in ${formatDuration(durationMs)}`,
    ...migrations.flatMap(linesOf),
    ...(error === null ? [] : ["", `it would fail: ${error}`]),
  ].join("\n");
}

function linesOf(one: TriedMigration): string[] {
  const { version, outcome, description, durationMs, expectedMs, collections, schema } = one;
  const took = durationMs === null ? "" : ` in ${formatDuration(durationMs)}`;
  const expected =
    expectedMs !== null && expectedMs !== durationMs
      ? `, about ${formatDuration(expectedMs)} on all documents`
      : "";
  return [
    "",
    `${version} ${outcome}${took}${expected}: ${description}`,
    ...collections.flatMap(({ collection, matched, modified, inserted, deleted, samples }) => [
      `  ${collection}: ${matched} matched, ${modified} changed, ${inserted} inserted, ${deleted} deleted`,
      ...samples.flatMap(sampleLines),
    ]),
    ...schema.map((line) => `  ${line}`),
    ...one.warnings.map((line) => `  ! ${line}`),
    ...(one.error === null ? [] : [`  ${one.error}`]),
  ];
}

function sampleLines({ before, after }: CollectionChange["samples"][number]): string[] {
  const [was, is] = before && after ? [differing(before, after), differing(after, before)] : [before, after];
  return [...(was ? [`    - ${JSON.stringify(was)}`] : []), ...(is ? [`    + ${JSON.stringify(is)}`] : [])];
}

/** What tells a document apart from the other, and its `_id`; a hidden value that changed stays hidden in both. */
function differing(document: Document, other: Document): Document {
  return Object.fromEntries(
    Object.entries(document).filter(
      ([field, value]) =>
        field === "_id" || value === "[hidden]" || JSON.stringify(value) !== JSON.stringify(other[field]),
    ),
  );
}
