import { formatDuration } from "../../infra/support";
import type { MigrationPlan, MigrationReview, MigrationStatus } from "../../infra/engines/migration";
import { printResult, table, type Terminal } from "../terminal";
import { engine, interruptible } from "./engine";
import type { MigrateOptions } from "./options";
import { placeOf, policyOf, rulesOf } from "./place";

/** Every migration and what became of it. */
export async function status(options: MigrateOptions, terminal: Terminal): Promise<number> {
  const place = await placeOf(options);
  const found = await interruptible((signal) =>
    engine().migrationStatus({ ...place, ...rulesOf(place), signal }),
  );
  printResult(terminal, found, () => statusText(found));
  return 0;
}

/** What would run; with code 3 when something stands in its way. */
export async function plan(options: MigrateOptions, terminal: Terminal): Promise<number> {
  const place = await placeOf(options);
  const found = await interruptible((signal) =>
    engine().planMigrations({ ...place, ...rulesOf(place), estimates: true, signal }),
  );
  printResult(terminal, found, () => planText(found));
  return found.problems.length > 0 ? 3 : 0;
}

/** What the files alone say. */
export async function validate(options: MigrateOptions, terminal: Terminal): Promise<number> {
  const { folder, requireDown } = await policyOf(options);
  const review = await engine().reviewMigrations(folder, { requireDown });
  printResult(terminal, review, () => reviewText(review));
  return review.ok ? 0 : 1;
}

function statusText({ rows, schemaVersion, problems }: MigrationStatus): string {
  const head = ["VERSION", "STATE", "PHASE", "WHEN", "TOOK", "BY", "DESCRIPTION"];
  const lines = rows.map(({ version, state, phase, executedAt, durationMs, by, description, error }) => [
    version,
    state,
    phase,
    executedAt?.toISOString().slice(0, 19).replace("T", " ") ?? "",
    durationMs === null ? "" : formatDuration(durationMs),
    by ?? "",
    error ? `${description} (${error.split("\n")[0] ?? ""})` : description,
  ]);
  const pending = rows.filter(({ applied }) => !applied).length;
  return [
    rows.length > 0 ? table([head, ...lines]) : "there are no migrations",
    `schema ${schemaVersion ?? "empty"}, ${pending} pending`,
    ...listOf("to be mended:", problems),
  ].join("\n");
}

function planText({ pending, problems, schemaVersion, unfiled }: MigrationPlan): string {
  const lines = pending.map(({ version, phase, description, estimate, irreversible, reversible }) => [
    version,
    phase,
    estimate ? estimateText(estimate) : "",
    reversible ? description : `${description} (no way back: ${irreversible ?? "it says none"})`,
  ]);
  return [
    lines.length > 0
      ? table([["VERSION", "PHASE", "ESTIMATE", "DESCRIPTION"], ...lines])
      : `nothing is pending at schema ${schemaVersion ?? "empty"}`,
    ...listOf("ahead of this checkout:", unfiled.ahead),
    ...listOf("to be mended before anything runs:", problems),
  ].join("\n");
}

function estimateText({
  documents,
  duration,
  note,
}: {
  documents?: number;
  duration?: string;
  note?: string;
}): string {
  return [documents === undefined ? "" : `${documents} documents`, duration ?? "", note ?? ""]
    .filter(Boolean)
    .join(", ");
}

function reviewText({ total, problems, findings, unread }: MigrationReview): string {
  const open = findings.filter(({ accepted }) => accepted === null);
  const taken = findings.filter(({ accepted }) => accepted !== null);
  const risk = ({ file, rule, what }: MigrationReview["findings"][number]): string =>
    `${file}: ${rule}: ${what}`;
  return [
    `${total} migrations, ${problems.length} wrong, ${open.length} risky`,
    ...listOf("wrong:", problems),
    ...listOf("risky (or `accepts: { rule: reason }` in the file):", open.map(risk)),
    ...listOf(
      "accepted:",
      taken.map((one) => `${risk(one)}; accepted: ${one.accepted ?? ""}`),
    ),
    ...listOf(
      "could not be followed to the end without a database:",
      unread.map(({ file, why }) => `${file}: ${why.split("\n")[0] ?? ""}`),
    ),
  ].join("\n");
}

function listOf(title: string, lines: string[]): string[] {
  return lines.length > 0 ? ["", title, ...lines.map((line) => `  ${line}`)] : [];
}
