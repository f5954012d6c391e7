import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { wrongExplicitBinary } from "../errors";
import type { MongodBinary } from "./contract";
import { keptBinary } from "./kept";
import { examineMongod } from "./version";

/** What this machine has already: the mongod that is named, on PATH, or kept from an earlier download; or why none. */
export async function findPresent(): Promise<MongodBinary | { why: string }> {
  const explicit = process.env.DND_MONGOD;
  if (explicit) return explicitBinary(explicit);
  const path = onPath();
  const seen = path ? await examineMongod(path) : { why: "no mongod there" };
  if (path && "version" in seen) return { path, version: seen.version, source: "path" };
  return (await keptBinary()) ?? { why: "why" in seen ? seen.why : "" };
}

async function explicitBinary(path: string): Promise<MongodBinary> {
  const seen = await examineMongod(path);
  if ("why" in seen) throw wrongExplicitBinary(path, seen.why);
  return { path, version: seen.version, source: "setting" };
}

function onPath(): string | undefined {
  const program = process.platform === "win32" ? "mongod.exe" : "mongod";
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
