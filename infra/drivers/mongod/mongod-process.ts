import { spawn } from "node:child_process";
import { openSync, closeSync, readFileSync } from "node:fs";
import { connect as connectSocket } from "node:net";
import { OperatorError, waitFor } from "../../support";
import { identify, isRunning, type ProcessIdentity } from "../processes";

export interface MongodStart {
  binary: string;
  dataFolder: string;
  logFile: string;
  keyFile: string;
  port: number;
  replicaSet: string;
  signal?: AbortSignal | undefined;
}

const startTimeoutMs = 30_000;
const stopTimeoutMs = 20_000;
const shownLogLines = 4;

/** Starts a mongod that outlives this process, run as production is: no table scans, no server-side scripts, passwords. */
export async function startMongod(start: MongodStart): Promise<ProcessIdentity> {
  const output = openSync(start.logFile, "a", 0o600);
  const child = spawn(start.binary, argumentsOf(start), {
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  child.unref();
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? `code ${String(code)}`));
  });
  let end: string | undefined;
  void ended.then((how) => (end = how));
  try {
    await waitFor(
      async () => {
        if (end !== undefined) throw notStarted(start, end);
        return (await isListening(start.port)) ? true : undefined;
      },
      {
        what: `mongod to listen on port ${start.port} (log: ${start.logFile})`,
        timeoutMs: startTimeoutMs,
        intervalMs: 50,
        signal: start.signal,
      },
    );
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (!identity) throw notStarted(start, end ?? "an end of its own");
    return identity;
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

function argumentsOf(start: MongodStart): string[] {
  return [
    "--dbpath",
    start.dataFolder,
    "--port",
    String(start.port),
    "--bind_ip",
    "127.0.0.1",
    "--replSet",
    start.replicaSet,
    "--keyFile",
    start.keyFile,
    "--noscripting",
    "--setParameter",
    "notablescan=1",
    "--setParameter",
    "diagnosticDataCollectionEnabled=false",
    "--wiredTigerCacheSizeGB",
    "0.25",
    "--oplogSize",
    "256",
    "--logpath",
    start.logFile,
    "--logappend",
  ];
}

/** Ends exactly this mongod: it writes its data down first, and is killed only when it does not end. */
export async function stopMongod(identity: ProcessIdentity): Promise<void> {
  if (!isRunning(identity)) return;
  process.kill(identity.pid, "SIGTERM");
  const gone = () => (isRunning(identity) ? undefined : true);
  await waitFor(gone, { what: "mongod to end", timeoutMs: stopTimeoutMs, intervalMs: 50 }).catch(async () => {
    process.kill(identity.pid, "SIGKILL");
    await waitFor(gone, { what: "mongod to be killed", timeoutMs: stopTimeoutMs });
  });
}

export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket({ port, host: "127.0.0.1", timeout: 1000 });
    const answer = (listening: boolean) => {
      socket.destroy();
      resolve(listening);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
    socket.once("timeout", () => answer(false));
  });
}

/** What a mongod that ended at once says of it in its log, told with the step that mends it. */
function notStarted(start: MongodStart, how: string): OperatorError {
  const lines = logTail(start.logFile);
  const text = lines.join("\n");
  const [code, remedy] = (causes.find(([pattern]) => pattern.test(text))?.slice(1) as
    [string, string] | undefined) ?? [
    "mongod-not-started",
    `Read ${start.logFile}, mend the cause and run the command again. The data was not touched.`,
  ];
  const shown = lines.slice(-shownLogLines).map((line) => `  ${line}`);
  return new OperatorError({
    code,
    message: [`mongod ended with ${how} before it listened:`, ...shown].join("\n"),
    remedy,
  });
}

const causes: readonly (readonly [RegExp, string, string])[] = [
  [
    /featureCompatibilityVersion|Wrong mongod version|UnsupportedVersion|unsupported WiredTiger|incompatible|WT_ERROR.*version/i,
    "mongod-data-version",
    "The data was written by another version: name that mongod in DND_MONGOD, or remove the local data with `npm stop -- --purge --yes`. Nothing was touched.",
  ],
  [
    /Address already in use|SocketException.*98/i,
    "mongod-port-taken",
    "Something else listens on this port: end it, or set database.port to another one.",
  ],
  [
    /No space left|ENOSPC|disk full/i,
    "mongod-disk-full",
    "Make room on the disk and run the command again. The data was not touched.",
  ],
  [
    /DBPathInUse|already running|mongod\.lock|Unable to lock/i,
    "mongod-data-in-use",
    "Another mongod works on this folder: end it and run the command again.",
  ],
  [
    /Permission denied|EACCES|Operation not permitted|not writable/i,
    "mongod-no-permission",
    "Give yourself the right to the folder `.dnd/mongo` and run the command again.",
  ],
];

/** The messages of the log's last lines, out of the JSON that mongod writes. */
function logTail(file: string): string[] {
  try {
    const lines = readFileSync(file, "utf8").trimEnd().split("\n").slice(-40);
    const parsed = lines.map(messageOfLine).filter((line) => line.severity !== "I");
    return (parsed.length > 0 ? parsed : lines.map(messageOfLine)).map((line) => line.text);
  } catch {
    return [];
  }
}

function messageOfLine(line: string): { severity: string; text: string } {
  try {
    const { s, msg, attr } = JSON.parse(line) as { s: string; msg: string; attr?: unknown };
    return {
      severity: s,
      text: `${msg}${attr === undefined ? "" : ` ${JSON.stringify(attr).slice(0, 300)}`}`,
    };
  } catch {
    return { severity: "E", text: line.slice(0, 300) };
  }
}
