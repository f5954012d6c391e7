import { formatDuration } from "../../infra/support";
import type { RunOptions, RunResult, Trial } from "../../infra/engines/migration";
import { confirm, printResult, type Terminal } from "../terminal";
import { archiveFill } from "./archive-fill";
import { engine, interruptible, lockOptions } from "./engine";
import type { MigrateOptions } from "./options";
import { placeOf, requiredPlace, rulesOf, type MigrationsPlace } from "./place";

/** Runs what is pending, or tries it. */
export async function up(options: MigrateOptions, terminal: Terminal): Promise<number> {
  if (options.dryRun) return tryUp(options, terminal);
  const place = await requiredPlace(options);
  const base = { ...place, ...chosen(options), ...common(options, terminal, place) };
  const result = await interruptible(async (signal) => {
    const restore = await restoreOf(options, place, { ...base, signal });
    return engine().runMigrations({ ...base, restore, signal });
  });
  return tell(result, terminal);
}

/** Takes the newest ones back. */
export async function down(options: MigrateOptions, terminal: Terminal): Promise<number> {
  const { steps = 1 } = options;
  const place = await requiredPlace(options);
  await confirm(terminal, {
    action: `take back ${steps === 1 ? "the newest migration" : `the newest ${steps} migrations`}`,
    loss: "What they have changed is changed back; code that needs it will fail.",
    yes: options.yes,
  });
  const result = await interruptible((signal) =>
    engine().downMigrations({ ...place, steps, ...common(options, terminal, place), signal }),
  );
  return tell(result, terminal);
}

/** Goes to a version from either side. */
export async function to(options: MigrateOptions, terminal: Terminal): Promise<number> {
  const version = options.name === "none" || options.name === undefined ? null : options.name;
  const place = await requiredPlace(options);
  await confirm(terminal, {
    action: `go to ${version ?? "an empty schema"}`,
    loss: "Migrations later than that are taken back; code that needs them will fail.",
    yes: options.yes,
  });
  const base = { ...place, version, ...common(options, terminal, place) };
  const result = await interruptible(async (signal) => {
    const restore = await restoreOf(options, place, { ...base, signal });
    return engine().migrateTo({ ...base, restore, signal });
  });
  return tell(result, terminal);
}

/** How a failed migration comes back out of an archive, where it is to; the archive is taken here. */
async function restoreOf(
  options: MigrateOptions,
  place: Awaited<ReturnType<typeof requiredPlace>>,
  { onFailure, progress, signal }: Pick<RunOptions, "onFailure" | "progress"> & { signal: AbortSignal },
): Promise<RunOptions["restore"]> {
  if (onFailure !== "restore") return undefined;
  const { archiveOfRun } = require("./run-archive") as typeof import("./run-archive");
  return archiveOfRun(options, place, { progress, signal });
}

async function tryUp(options: MigrateOptions, terminal: Terminal): Promise<number> {
  const trial = options.onLive ? await tryOnLive(options, terminal) : await tryElsewhere(options, terminal);
  printResult(terminal, trial, () => engine().describeTrial(trial));
  return trial.ok ? 0 : 1;
}

async function tryOnLive(options: MigrateOptions, terminal: Terminal): Promise<Trial> {
  const place = await requiredPlace(options);
  const { onLiveWarning, tryOnLive: run } = engine();
  await confirm(terminal, {
    action: "try them on the live database",
    loss: onLiveWarning(),
    yes: options.yes,
  });
  return interruptible((signal) =>
    run({ ...place, ...chosen(options), ...common(options, terminal, place), signal }),
  );
}

async function tryElsewhere(options: MigrateOptions, terminal: Terminal): Promise<Trial> {
  const place = await placeOf(options);
  const { progress, schema, requireDown, timeoutMs } = common(options, terminal, place);
  const fill =
    options.store === undefined ? undefined : await archiveFill(options.store, place.address?.name);
  return interruptible((signal) =>
    engine().tryMigrations({
      ...place,
      ...chosen(options),
      fill,
      progress,
      schema,
      requireDown,
      timeoutMs,
      signal,
    }),
  );
}

function chosen({ phase = "all", to: last, only: alone, migration }: MigrateOptions) {
  const only = alone ?? migration;
  return { phase, ...(last === undefined ? {} : { to: last }), ...(only === undefined ? {} : { only }) };
}

function common(options: MigrateOptions, terminal: Terminal, place: MigrationsPlace) {
  const rules = rulesOf(place);
  const onFailure = options.onFailure ?? rules.onFailure;
  return {
    ...rules,
    release: null,
    progress: (message: string) => terminal.say(message),
    lock: lockOptions(options),
    ...(onFailure === undefined ? {} : { onFailure }),
  };
}

function tell(result: RunResult, terminal: Terminal): number {
  printResult(terminal, result, () => {
    const lines = result.ran.map(
      ({ version, direction, durationMs, description }) =>
        `${direction === "up" ? "applied" : "reverted"} ${version} in ${formatDuration(durationMs)}: ${description}`,
    );
    const schema = `schema ${result.schemaVersion ?? "empty"}`;
    return [...(lines.length > 0 ? lines : ["nothing to do"]), schema].join("\n");
  });
  return 0;
}
