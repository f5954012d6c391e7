import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { readLocalCredentials, withLogin } from "../../infra/drivers/mongo";
import { ensureLocalMongo, stopLocalMongo } from "../../infra/engines/database";

/** A server with authentication that plays the clusters of an account. */
export interface AtlasServer {
  admin: MongoClient;
  /** Without a login. */
  uri: string;
  stop(): Promise<void>;
}

/** Starts it over a folder of its own. */
export async function startAtlasServer(): Promise<AtlasServer> {
  const folder = await mkdtemp(join(tmpdir(), "dnd-atlas-"));
  const { address } = await ensureLocalMongo({ folder, database: "own" });
  const logins = await readLocalCredentials(folder);
  if (!logins) throw new Error("the server has no administrator");
  const admin = await MongoClient.connect(withLogin(address.uri, logins.admin, "admin").reveal());
  return {
    admin,
    uri: address.uri,
    async stop() {
      await admin.close();
      await stopLocalMongo(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
