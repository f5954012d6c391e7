import { MongoNetworkError, MongoServerError, MongoServerSelectionError, type MongoClient } from "mongodb";
import { withFileLock } from "../../drivers/files";
import { connectionString, type DatabaseAddress, type LocalCredentials } from "../../drivers/mongo";
import { notServing, sizeOfLog } from "../../drivers/mongod";
import { isRunning } from "../../drivers/processes";
import { OperatorError, messageOf, retry, silent, type Progress, type Secret } from "../../support";
import { ensureCredentials } from "./credentials";
import { addressOf, placesIn, writeInstance } from "./instance";
import { observeLocalMongo, type ReadyInstance } from "./observe";
import { ensurePrimary } from "./replica-set";
import { ensureFolder } from "./room";
import { ensureRunning, type RunningInstance, type ServerWanted } from "./server-process";
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

const lockWaitMs = 10 * 60_000;

/** The local server, running, writable, with its users: whatever was there before, also after a kill in any step. */
export async function ensureLocalMongo(options: LocalMongoWanted): Promise<LocalMongoServer> {
  const { folder, database, signal } = options;
  const wanted = { ...options, progress: options.progress ?? silent };
  await ensureFolder(folder);
  const instance = await alone(wanted, async () => {
    const seen = await observeLocalMongo(folder);
    const asWanted =
      seen.state === "ready" &&
      seen.instance.database === database &&
      (wanted.port === undefined || wanted.port === seen.instance.port);
    if (asWanted) return seen.instance;
    const credentials = await ensureCredentials(folder);
    const running = await ensureRunning(wanted);
    return ensureServing(running, { folder, database, credentials, signal });
  });
  return described(folder, instance);
}

/** One process at a time; another one waits and finds what the first has made. */
async function alone<T>({ folder, progress, signal }: ServerWanted, work: () => Promise<T>): Promise<T> {
  const lock = {
    what: "starting the local database",
    waitMs: lockWaitMs,
    onWait: ({ pid, what }: { pid: number; what: string }) => progress(`waiting for process ${pid}: ${what}`),
    ...(signal ? { signal } : {}),
  };
  return withFileLock(placesIn(folder).lock, lock, work);
}

interface Serving {
  folder: string;
  database: string;
  credentials: LocalCredentials;
  signal: AbortSignal | undefined;
}

async function ensureServing(
  { process, port, takeBack, ...rest }: RunningInstance,
  { folder, database, credentials, signal }: Serving,
): Promise<ReadyInstance> {
  const { log } = placesIn(folder);
  const logFrom = sizeOfLog(log);
  let admin: MongoClient | undefined;
  try {
    admin = await retry(() => ensurePrimary({ folder, port, credentials, signal }), {
      attempts: 6,
      firstDelayMs: 200,
      retryable: (error) => isStateChange(error) || (isSilence(error) && isRunning(process)),
      signal,
    });
    await ensureUsers(admin, database, credentials);
    const { version } = (await admin.db("admin").command({ buildInfo: 1 })) as unknown as { version: string };
    const ready = { ...rest, process, port, version, database, firstStart: false };
    await writeInstance(folder, ready);
    return ready;
  } catch (error) {
    const runs = isRunning(process);
    // Nobody else knows of it, and nobody would end it.
    await takeBack?.();
    signal?.throwIfAborted();
    if (runs && error instanceof OperatorError) throw error;
    const what = runs ? `cannot be set up: ${messageOf(error)}` : "ended while it was set up";
    throw notServing({ logFile: log, logFrom }, `mongod on port ${port} ${what}`, error);
  } finally {
    await admin?.close();
  }
}

/** A server that learns its place in its replica set ends every connection on the way. */
function isStateChange(error: unknown): boolean {
  const interrupted = 11602;
  return (
    error instanceof MongoNetworkError || (error instanceof MongoServerError && error.code === interrupted)
  );
}

/** A server that listens and is not done reading its data lets one in and says nothing. */
function isSilence(error: unknown): boolean {
  return error instanceof MongoServerSelectionError;
}

async function described(folder: string, instance: ReadyInstance): Promise<LocalMongoServer> {
  const { port, version, process, database } = instance;
  const address = addressOf(folder, port, database);
  return { address, appUri: await connectionString(address, "app"), port, version, pid: process.pid };
}
