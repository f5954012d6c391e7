import { join, relative } from "node:path";
import { z } from "zod";
import { readJson, writeAtomically } from "../../drivers/files";
import type { DatabaseAddress } from "../../drivers/mongo";
import { localFolder } from "../../support";
import { instanceUnreadable } from "./errors";

const schema = z.object({
  documentVersion: z.literal(1),
  /** Chosen once and kept while nobody else takes it. */
  port: z.int(),
  replicaSet: z.string(),
  /** The database whose users are made; null until then. */
  database: z.string().nullable(),
  version: z.string(),
  /** Null while it is stopped. */
  process: z.object({ pid: z.int(), started: z.string() }).nullable(),
  /** Nobody has had a login yet: what a first start left that was cut off may be thrown away. */
  firstStart: z.boolean().default(false),
});

/** What is known of the local server between runs. */
export type Instance = z.infer<typeof schema>;

export const replicaSet = "dnd";

/** The places inside the server's folder. */
export function placesIn(folder: string) {
  return {
    data: join(folder, "data"),
    log: join(folder, "mongod.log"),
    keyFile: join(folder, "keyfile"),
    instance: join(folder, "instance.json"),
    lock: join(folder, "ensure.lock"),
  };
}

export async function readInstance(folder: string): Promise<Instance | undefined> {
  const path = placesIn(folder).instance;
  try {
    return await readJson(path, schema);
  } catch (error) {
    throw instanceUnreadable(path, error);
  }
}

export async function writeInstance(folder: string, instance: Instance): Promise<Instance> {
  await writeAtomically(placesIn(folder).instance, JSON.stringify(instance), { fsync: true });
  return instance;
}

export function addressOf(folder: string, port: number, database: string): DatabaseAddress {
  const uri = `mongodb://127.0.0.1:${port}/?replicaSet=${replicaSet}`;
  const name = relative(localFolder(), folder);
  return { uri, name: database, credentials: "local", ...(name === "mongo" ? {} : { folder: name }) };
}
