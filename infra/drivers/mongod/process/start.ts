import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { connect as openSocket } from "node:net";
import { waitFor, type Progress } from "../../../support";
import { identify, type ProcessIdentity } from "../../processes";
import { notStarted } from "./failure";
import { sizeOfLog } from "./log";
import { stopMongod } from "./stop";

export interface MongodStart {
  binary: string;
  dataFolder: string;
  logFile: string;
  keyFile: string;
  port: number;
  replicaSet: string;
  /** Hears of the process before it serves, so that it can be put on record. */
  onStarted: (identity: ProcessIdentity) => Promise<void>;
  progress: Progress;
  signal?: AbortSignal | undefined;
}

// Long enough for a recovery after a kill under load.
const startTimeoutMs = 90_000;
const tellAfterMs = 3000;

/** Starts a mongod that outlives this process and returns once it listens, run as production is: no table scans, no scripts, passwords. */
export async function startMongod(start: MongodStart): Promise<ProcessIdentity> {
  const logFrom = sizeOfLog(start.logFile);
  const child = launch(start);
  const end = watchEnd(child);
  await new Promise<void>((resolve) => child.once("spawn", resolve).once("error", () => resolve()));
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  try {
    if (identity) await start.onStarted(identity);
    await untilListening(start, () => {
      const how = end();
      if (how !== undefined) throw notStarted(start, how, logFrom);
    });
  } catch (error) {
    if (identity) await stopMongod(identity);
    start.signal?.throwIfAborted();
    throw error;
  }
  if (!identity) throw notStarted(start, end() ?? "an end of its own", logFrom);
  return identity;
}

function launch(start: MongodStart): ChildProcess {
  const log = openSync(start.logFile, "a", 0o600);
  try {
    const child = spawn(start.binary, argumentsOf(start), {
      detached: true,
      stdio: ["ignore", log, log],
      env: environment(),
    });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

function watchEnd(child: ChildProcess): () => string | undefined {
  let end: string | undefined;
  child.once("error", (error) => (end = error.message));
  child.once("exit", (code, signal) => (end = signal ?? `code ${String(code)}`));
  return () => end;
}

async function untilListening(start: MongodStart, requireAlive: () => void): Promise<void> {
  const { port, logFile, signal, progress } = start;
  const begun = Date.now();
  const listens = async () => {
    requireAlive();
    if (Date.now() - begun > tellAfterMs) progress("mongod reads its data");
    return (await isListening(port)) ? true : undefined;
  };
  const what = `mongod to listen on port ${port} (log: ${logFile})`;
  await waitFor(listens, { what, timeoutMs: startTimeoutMs, intervalMs: 50, signal });
}

function argumentsOf(start: MongodStart): string[] {
  return [
    ...["--dbpath", start.dataFolder],
    ...["--port", String(start.port)],
    ...["--bind_ip", "127.0.0.1", "--nounixsocket"],
    ...["--replSet", start.replicaSet],
    ...["--keyFile", start.keyFile],
    "--noscripting",
    ...["--setParameter", "notablescan=1"],
    ...["--setParameter", "diagnosticDataCollectionEnabled=false"],
    // Its own choices are a twentieth of the disk and half of the memory: too much for one of many on a workstation.
    ...["--oplogSize", "512", "--wiredTigerCacheSizeGB", "0.25"],
  ];
}

const inherited = ["PATH", "HOME", "LD_LIBRARY_PATH", "TMPDIR", "TZ"];

/** It lives longer than whoever starts it and gets nothing of that one's environment but what it needs to run. */
function environment(): NodeJS.ProcessEnv {
  const known = inherited.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...(Object.fromEntries(known) as NodeJS.ProcessEnv), LC_ALL: "C" };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = openSocket({ port, host: "127.0.0.1", timeout: 1000 });
    const answer = (listening: boolean) => {
      socket.destroy();
      resolve(listening);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
    socket.once("timeout", () => answer(false));
  });
}
