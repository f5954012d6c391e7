import { rm } from "node:fs/promises";
import {
  ensureMongodBinary,
  probeMongod,
  rotateLog,
  startMongod,
  stopMongod,
  type MongodBinary,
} from "../../drivers/mongod";
import { freePort, isFree, isRunning, type ProcessIdentity } from "../../drivers/processes";
import { OperatorError, type Progress } from "../../support";
import { answers } from "./answers";
import { dataInUse, portTaken } from "./errors";
import { placesIn, readInstance, replicaSet, writeInstance, type Instance } from "./instance";
import { ensureFolder, ensureKeyFile, hasData, requireRoom } from "./room";

export interface ServerWanted {
  folder: string;
  port?: number | undefined;
  progress: Progress;
  signal?: AbortSignal | undefined;
}

/** A mongod of ours whose process is on record and listens. */
export type RunningInstance = Instance & {
  process: ProcessIdentity;
  /** Where this run has started it: takes back the start. */
  takeBack?: () => Promise<void>;
};

const startAttempts = 3;
// One that does not even answer will hardly end in order.
const stuckMs = 2000;

/** Keeps the server that runs where it is as wanted, and starts one otherwise. */
export async function ensureRunning(wanted: ServerWanted): Promise<RunningInstance> {
  const last = await readInstance(wanted.folder);
  const running = findRunning(wanted.folder, last);
  if (!running) return start(wanted, last);
  const here = wanted.port === undefined || wanted.port === running.port;
  const alive = await answers(running.port);
  if (here && alive) return record(wanted.folder, { ...begin(last, running.port), ...running });
  wanted.progress(here ? "mongod does not answer: it is started again" : "mongod moves to another port");
  await stopMongod(running.process, alive ? {} : { gracefulMs: stuckMs });
  return start(wanted, last);
}

/** The server of this folder as its record names it, or, where a kill came before the record, as it left its note. */
export function findRunning(
  folder: string,
  last: Instance | undefined,
): { process: ProcessIdentity; port: number } | undefined {
  if (last?.process && isRunning(last.process)) return { process: last.process, port: last.port };
  const { data, keyFile } = placesIn(folder);
  const found = probeMongod(data);
  if (!found) return undefined;
  if (found.keyFile !== keyFile) throw dataInUse(data, found.identity.pid);
  return { process: found.identity, port: found.port };
}

async function start(wanted: ServerWanted, last: Instance | undefined): Promise<RunningInstance> {
  const { folder, progress, signal } = wanted;
  const binary = await ensureMongodBinary(progress, { signal });
  if (last?.firstStart) await discardFirstStart(folder);
  const isNew = !(await hasData(folder));
  await requireRoom(folder, isNew ? "new" : "known");
  await ensureKeyFile(folder);
  rotateLog(placesIn(folder).log);
  const known = last ? { ...last, firstStart: isNew } : { ...begin(undefined, 0), firstStart: isNew };
  return launch(wanted, { ...known, version: binary.version, process: null }, binary);
}

/** A port that was free a moment ago may be taken now: where nobody asked for it, another one does as well. */
async function launch(wanted: ServerWanted, known: Instance, binary: MongodBinary): Promise<RunningInstance> {
  for (let attempt = 1; ; attempt++) {
    const port = await choosePort(wanted.port, attempt === 1 ? known.port || null : null);
    try {
      return await startOn(port, wanted, known, binary);
    } catch (error) {
      const taken = error instanceof OperatorError && error.code === "mongod-port-taken";
      if (!taken || wanted.port !== undefined || attempt === startAttempts) throw error;
      wanted.progress(`port ${port} was taken meanwhile: another one is chosen`);
    }
  }
}

async function startOn(
  port: number,
  { folder, progress, signal }: ServerWanted,
  known: Instance,
  binary: MongodBinary,
): Promise<RunningInstance> {
  const { data, log, keyFile } = placesIn(folder);
  progress(`starting mongod ${binary.version} on port ${port}`);
  const instance = { ...known, port };
  await writeInstance(folder, instance);
  const process = await startMongod({
    binary: binary.path,
    dataFolder: data,
    logFile: log,
    keyFile,
    port,
    replicaSet,
    progress,
    signal,
    onStarted: async (identity) => void (await writeInstance(folder, { ...instance, process: identity })),
  });
  return { ...instance, process, takeBack: () => stopMongod(process) };
}

/** A first start that was cut off and whose server is gone: nobody has ever logged in, so it is begun again. */
async function discardFirstStart(folder: string): Promise<void> {
  await rm(placesIn(folder).data, { recursive: true, force: true });
  await ensureFolder(folder);
}

/** The wanted port or none; else the last one, or a free one when somebody has taken that meanwhile. */
async function choosePort(wanted: number | undefined, last: number | null): Promise<number> {
  if (wanted === undefined) return freePort(last, new Set());
  if (await isFree(wanted)) return wanted;
  throw portTaken(wanted);
}

function begin(last: Instance | undefined, port: number): Instance {
  return (
    last ?? {
      documentVersion: 1,
      port,
      replicaSet,
      database: null,
      version: "",
      process: null,
      firstStart: false,
    }
  );
}

async function record(folder: string, instance: RunningInstance): Promise<RunningInstance> {
  await writeInstance(folder, instance);
  return instance;
}
