import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { localCredentialsFile, type DatabaseAddress } from "../../../drivers/mongo";
import { endWithMe, ensureMongodBinary, startMongod, stopMongod } from "../../../drivers/mongod";
import { freePort } from "../../../drivers/processes";
import { localFolder, waitFor, type Progress } from "../../../support";
import { claimTrialFolder, gracefulMs, removeAbandonedTrials } from "./trial-folders";

interface Use {
  progress: Progress;
  signal?: AbortSignal | undefined;
}

/** Starts a mongod for one trial, run as production is, gives it to the work, and removes every trace of it. */
export async function withScratchServer<T>(
  name: string,
  { progress, signal }: Use,
  work: (address: DatabaseAddress) => Promise<T>,
): Promise<T> {
  await removeAbandonedTrials();
  const binary = await ensureMongodBinary(progress, { signal });
  const folderName = await claimTrialFolder();
  const folder = localFolder(folderName);
  const places = {
    dataFolder: join(folder, "data"),
    keyFile: join(folder, "key"),
    logFile: join(folder, "log"),
  };
  const port = await freePort(null, new Set());
  await mkdir(places.dataFolder, { recursive: true, mode: 0o700 });
  const password = randomBytes(24).toString("base64url");
  await writeSecrets(folder, places.keyFile, password);
  try {
    progress("starting a mongod for the trial");
    const identity = await startMongod({
      ...places,
      binary: binary.path,
      port,
      replicaSet,
      progress,
      signal,
      onStarted: async () => undefined,
    });
    // Whoever previews may be ended by its engine at any moment.
    const callOff = endWithMe(identity.pid, folder);
    try {
      await initiate(port, password, signal);
      const uri = `mongodb://127.0.0.1:${port}/?replicaSet=${replicaSet}`;
      return await work({ uri, name, credentials: "local", folder: folderName });
    } finally {
      await stopMongod(identity, { gracefulMs });
      callOff();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const replicaSet = "trial";
const user = "trial";

async function writeSecrets(folder: string, keyFile: string, password: string): Promise<void> {
  const login = { user, password };
  const credentials = { version: 1, admin: login, app: login, migration: login, backup: login };
  await writeFile(localCredentialsFile(folder), JSON.stringify(credentials), { mode: 0o600 });
  await writeFile(keyFile, randomBytes(512).toString("base64"), { mode: 0o400 });
}

async function initiate(port: number, password: string, signal: AbortSignal | undefined): Promise<void> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/`, {
    directConnection: true,
    appName: "dnd-trial",
  });
  try {
    const admin = client.db("admin");
    const members = [{ _id: 0, host: `127.0.0.1:${port}` }];
    await admin.command({ replSetInitiate: { _id: replicaSet, members } });
    const isPrimary = async () =>
      (await admin.command({ hello: 1 })).isWritablePrimary === true ? true : undefined;
    await waitFor(isPrimary, { what: "the trial's database", timeoutMs: 30_000, intervalMs: 20, signal });
    await admin.command({ createUser: user, pwd: password, roles: ["root"] });
  } finally {
    await client.close();
  }
}
