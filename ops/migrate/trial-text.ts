import { formatDuration } from "../../infra/support";
import type { Trial, TriedMigration } from "../../infra/engines/migration";

const sources: Record<Trial["source"], string> = {
  archive: "on the newest archive",
  sample: "on a sample",
  empty: "on an empty database",
  live: "on the live database, in a transaction that was aborted",
};

/** What a trial has shown, for people. */
export function trialText({ migrations, source, sampled, error, durationMs }: Trial): string {
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
      ...samples.flatMap(({ before, after }) => [
        `    - ${JSON.stringify(before)}`,
        `    + ${JSON.stringify(after)}`,
      ]),
    ]),
    ...schema.map((line) => `  ${line}`),
    ...(one.error === null ? [] : [`  ${one.error}`]),
  ];
}
