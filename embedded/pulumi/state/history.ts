import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readJson } from "../../../infra/drivers/files";
import type { PropertyValue, StepKind } from "../deployment";
import { backupFolder, checkpointFile, historyFolder, type StackPlace } from "./location";
import type { ConfigValue } from "./stack-config";
import { writeDescribed } from "./state-file";

export type UpdateKind = "update" | "refresh" | "destroy" | "resource-import";

const entry = z.object({
  kind: z.string(),
  startTime: z.number(),
  message: z.string().default(""),
  environment: z.record(z.string(), z.string()).nullish(),
  result: z.string(),
  endTime: z.number(),
  resourceChanges: z.record(z.string(), z.number()).nullish(),
});

/** One finished operation of a stack. */
export interface HistoryEntry {
  kind: string;
  message: string;
  result: string;
  startTime: Date;
  endTime: Date;
  environment: Record<string, string>;
  resourceChanges: Record<string, number>;
  /** The state as that operation left it. */
  checkpointFile: string;
}

/** What is known of an operation before it starts. */
export interface UpdateStart {
  kind: UpdateKind;
  message: string;
  environment: Record<string, string>;
  startedAt: Date;
  config: Record<string, ConfigValue>;
}

export interface UpdateResult {
  result: "succeeded" | "failed";
  changes: Partial<Record<StepKind, number>>;
}

let lastStamp = 0n;

/** Nanoseconds since 1970, never the same twice: the file names sort by them. */
function stamp(): bigint {
  const now = BigInt(Date.now()) * 1_000_000n;
  lastStamp = now > lastStamp ? now : lastStamp + 1n;
  return lastStamp;
}

/** Adds an operation to the history, with the state it left, and keeps a backup of that state. */
export async function recordUpdate(place: StackPlace, start: UpdateStart, end: UpdateResult): Promise<void> {
  const state = await readFile(checkpointFile(place), "utf8");
  const changed = Object.entries(end.changes).filter(([, count]) => count > 0);
  const record = {
    kind: start.kind,
    startTime: seconds(start.startedAt),
    message: start.message,
    environment: start.environment,
    config: Object.fromEntries(Object.entries(start.config).map(([key, value]) => [key, stored(value)])),
    version: 0,
    result: end.result,
    endTime: seconds(new Date()),
    ...(changed.length > 0 ? { resourceChanges: Object.fromEntries(changed) } : {}),
  };
  const prefix = join(historyFolder(place), `${place.stack}-${stamp()}`);
  await writeDescribed(`${prefix}.history.json`, JSON.stringify(record));
  await writeDescribed(`${prefix}.checkpoint.json`, state);
  if (isSet(process.env.PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS)) return;
  await writeDescribed(join(backupFolder(place), `${place.stack}.${stamp()}.json`), state);
}

const isSet = (value: string | undefined) => value === "1" || value === "true";
const seconds = (at: Date) => Math.floor(at.getTime() / 1000);

function stored({ value, secret, object }: ConfigValue): PropertyValue {
  if (object) return JSON.parse(value) as PropertyValue;
  return secret ? { secure: value } : value;
}

/** The finished operations of a stack, the newest first. */
export async function readHistory(place: StackPlace, limit = Infinity): Promise<HistoryEntry[]> {
  const folder = historyFolder(place);
  const names = await readdir(folder).catch(() => []);
  const newest = names
    .filter((name) => name.endsWith(".history.json"))
    .sort()
    .reverse()
    .slice(0, limit);
  return (await Promise.all(newest.map((name) => readEntry(join(folder, name))))).flat();
}

async function readEntry(file: string): Promise<HistoryEntry[]> {
  const found = await readJson(file, entry);
  if (!found) return [];
  const { startTime, endTime, environment, resourceChanges, ...rest } = found;
  return [
    {
      ...rest,
      startTime: new Date(startTime * 1000),
      endTime: new Date(endTime * 1000),
      environment: environment ?? {},
      resourceChanges: resourceChanges ?? {},
      checkpointFile: file.replace(/\.history\.json$/, ".checkpoint.json"),
    },
  ];
}
