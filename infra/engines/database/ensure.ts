import { withFileLock } from "../../drivers/files";
import { connectionString, type DatabaseAddress, type LocalCredentials } from "../../drivers/mongo";
import { ensureMongodBinary, isListening, startMongod, type MongodBinary } from "../../drivers/mongod";
import { freePort, isFree, isRunning } from "../../drivers/processes";
import { OperatorError, silent, type Progress, type Secret } from "../../support";
import { ensureCredentials } from "./credentials";
import { addressOf, placesIn, readInstance, replicaSet, writeInstance, type Instance } from "./instance";
import { observeLocalMongo } from "./observe";
import { ensurePrimary } from "./replica-set";
import { ensureRoom } from "./room";
import { stopInstance } from "./stop";
import { ensureUsers } from "./users";

export interface LocalMongoWanted {
  folder: string;
  database: string;
  /** Without it a free port is chosen once and kept. */
  port?: number | undefined;
  progress?: Progress | undefined;
  signal?: AbortSignal | undefined;
}

export interface LocalMongoServer {
  address: DatabaseAddress;
  /** The app's own connection string. */
  appUri: Secret;
  port: number;
  version: string;
  pid: number;
}

const lockWaitMs = 60_000;

/** The local server, running, writable, with its users: whatever was there before, also after a kill in any step. */
export async function ensureLocalMongo(wanted: LocalMongoWanted): Promise<LocalMongoServer> {
  const { folder, progress = silent } = wanted;
  await ensureRoom(folder);
  return withFileLock(
    placesIn(folder).lock,
    { what: "starting the local database", waitMs: lockWaitMs },
    async () => {
      const seen = await observeLocalMongo(folder);
      if (seen.state === "ready" && isAsWanted(seen.instance, wanted)) return described(seen.instance);
      const credentials = await ensureCredentials(folder);
      const binary = await ensureMongodBinary(progress);
      const instance = await ensureRunning(wanted, binary, progress);
      await ensureServing(instance, wanted, credentials);
      return described(instance);
    },
  );
}

function isAsWanted(instance: Instance, wanted: LocalMongoWanted): boolean {
  return (
    instance.database === wanted.database && (wanted.port === undefined || wanted.port === instance.port)
  );
}

/** Starts the server unless the one of the last run still does its work; its process is on record before it serves. */
async function ensureRunning(
  wanted: LocalMongoWanted,
  binary: MongodBinary,
  progress: Progress,
): Promise<Instance> {
  const { folder, signal } = wanted;
  const places = placesIn(folder);
  const last = await readInstance(folder);
  if (last?.process && isRunning(last.process)) {
    const stays =
      isAsWanted({ ...last, database: wanted.database }, wanted) && (await isListening(last.port));
    if (stays) return { ...last, database: wanted.database };
    await stopInstance(folder, last);
  }
  const port = await choosePort(wanted.port, last?.port ?? null);
  progress(`starting mongod ${binary.version} on port ${port}`);
  const process = await startMongod({
    binary: binary.path,
    dataFolder: places.data,
    logFile: places.log,
    keyFile: places.keyFile,
    port,
    replicaSet,
    signal,
  });
  const instance: Instance = {
    documentVersion: 1,
    port,
    replicaSet,
    database: wanted.database,
    version: binary.version,
    process,
  };
  await writeInstance(folder, instance);
  return instance;
}

/** The wanted port or none; else the last one, or a free one when somebody has taken that meanwhile. */
async function choosePort(wanted: number | undefined, last: number | null): Promise<number> {
  if (wanted === undefined) return freePort(last, new Set());
  if (await isFree(wanted)) return wanted;
  throw new OperatorError({
    code: "mongod-port-taken",
    message: `port ${wanted} of this machine is taken`,
    remedy:
      "End what listens there, set database.port to another one, or leave it out to have a free one chosen.",
  });
}

async function ensureServing(
  instance: Instance,
  { folder, signal }: LocalMongoWanted,
  credentials: LocalCredentials,
): Promise<void> {
  const admin = await ensurePrimary({ folder, port: instance.port, credentials, signal });
  try {
    await ensureUsers(admin, instance.database, credentials);
  } finally {
    await admin.close();
  }
  await writeInstance(folder, instance);
}

async function described(instance: Instance): Promise<LocalMongoServer> {
  const address = addressOf(instance);
  const { port, version, process } = instance;
  return { address, appUri: await connectionString(address, "app"), port, version, pid: process?.pid ?? 0 };
}
