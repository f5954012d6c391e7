import { join } from "node:path";
import { z } from "zod";
import { readJson, writeAtomically } from "../../drivers/files";
import type { DatabaseAddress } from "../../drivers/mongo";

const schema = z.object({
  documentVersion: z.literal(1),
  port: z.int(),
  replicaSet: z.string(),
  database: z.string(),
  version: z.string(),
  /** Undefined while it is stopped. */
  process: z.object({ pid: z.int(), started: z.string() }).nullable(),
});

/** What is known of the local server between runs: `.dnd/mongo/instance.json`. */
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

export function readInstance(folder: string): Promise<Instance | undefined> {
  return readJson(placesIn(folder).instance, schema);
}

export function writeInstance(folder: string, instance: Instance): Promise<void> {
  return writeAtomically(placesIn(folder).instance, JSON.stringify(instance), { fsync: true });
}

export function addressOf(instance: Pick<Instance, "port" | "database" | "replicaSet">): DatabaseAddress {
  const uri = `mongodb://127.0.0.1:${instance.port}/?replicaSet=${instance.replicaSet}`;
  return { uri, name: instance.database, credentials: "local" };
}
