import type { RollbackPlan } from "../../infra/engines/release";
import { formatDuration, formatSize } from "../../infra/support";
import { table } from "../terminal";

/** A plan of a rollback for the person who has to confirm it. */
export function planText(plan: RollbackPlan): string {
  const { kind, rollbackOf, target, image, schema, reverting, staying, expectedMs, obstacles } = plan;
  const list = (all: RollbackPlan["reverting"]) =>
    all.map(({ version, description }) => `${version} (${description})`).join(", ") || "none";
  const rows = [
    ["  image", changed(versionOf(image.before), versionOf(image.after))],
    ["  migrations", `back: ${list(reverting)}${staying.length > 0 ? `; staying: ${list(staying)}` : ""}`],
    ["  schema", changed(schema.before ?? "none", schemaAfter(plan))],
    ["  data", dataText(plan)],
    [
      "  takes",
      expectedMs === null ? "nobody knows: no earlier release tells" : `about ${formatDuration(expectedMs)}`,
    ],
  ];
  const passed = plan.passedOver.map(passedOverText);
  const stuck = obstacles.map(({ reason, wayLeft }) => `  ✗ ${reason}\n    ${wayLeft}`);
  return [`rollback (${kind}): ${titleOf({ rollbackOf, target })}`, table(rows), ...passed, ...stuck].join(
    "\n",
  );
}

/** Whoever confirms has to know that it goes back further than one release. */
function passedOverText({ release, takenAway }: RollbackPlan["passedOver"][number]): string {
  return `  ! release ${release} is passed over: ${takenAway.join(", ")} took away what its code needs`;
}

/** A schema or data may go back under the very release that serves. */
function titleOf({ rollbackOf, target }: Pick<RollbackPlan, "rollbackOf" | "target">): string {
  if (rollbackOf === target) return `the image of release ${target} stays, what is named below goes back`;
  return `release ${rollbackOf} goes back to the state of release ${target}`;
}

/** An archive that no release took says of its schema only what is in it. */
function schemaAfter({ schema, archive }: RollbackPlan): string {
  return archive && archive.release === null ? "that of the archive" : (schema.after ?? "none");
}

/** What would be gone for good, as full sentences. */
export function lossText({ loss, archive, reverting }: RollbackPlan): string {
  if (archive) return `The data goes back to ${archive.takenAt}: ${writes(loss)} would be lost.`;
  return reverting.length > 0
    ? "What the migrations that go back have added is dropped; nothing else is lost."
    : "No data is lost.";
}

function dataText({ archive, loss }: RollbackPlan): string {
  if (!archive) return "stays as it is";
  return `from ${archive.id} (${formatSize(archive.bytes)}, ${archive.takenAt}); lost: ${writes(loss)}`;
}

function writes(loss: RollbackPlan["loss"]): string {
  if (loss === "unknown") return "an unknown number of writes since";
  return loss === 1 ? "1 write since" : `${loss} writes since`;
}

function versionOf({ version, digest }: { version: string; digest: string }): string {
  return `${version} (${digest.slice(0, 19)})`;
}

function changed(before: string, after: string): string {
  return before === after ? `${after}, stays` : `${before} to ${after}`;
}
