import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { OperatorError, projectRoot, waitFor } from "../../support";
import { readJson, withFileLock, writeAtomically } from "../files";
import { protocol, type HostView } from "./contract";
import { controlSocket, daemonFile, daemonLog, tokenFile } from "./control-address";
import { ControlClient } from "./control-client";
import { daemonSilent, NoDaemonError } from "./errors";
import { inherited } from "./launch";
import { lastLines } from "./log-file";
import { leftMachines, stopLeftMachines } from "./left-machines";
import { isRunning, signalGroup } from "./process-identity";

const startMs = 15_000;
const endMs = 45_000;

/** Looks at the machines of a folder, with a daemon or without. Changes nothing. */
export async function observeHost(folder: string): Promise<HostView | undefined> {
  try {
    return await new ControlClient(folder).view();
  } catch (error) {
    // One that is there and does not answer is as good as none: what runs is written down.
    if (error instanceof OperatorError && !(error instanceof NoDaemonError)) throw error;
    const machines = leftMachines(folder);
    return machines.length === 0 ? undefined : { protocol, pid: 0, machines, routes: [] };
  }
}

/** The daemon of a folder, started when there is none: it takes over whatever still runs there. */
export async function ensureHost(folder: string, signal?: AbortSignal): Promise<ControlClient> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const client = new ControlClient(folder);
  if ((await protocolOf(client)) === protocol) return client;
  const lock = join(folder, "start.lock");
  await withFileLock(lock, { what: "starting the supervisor", waitMs: startMs }, async () => {
    const spoken = await protocolOf(client);
    if (spoken === protocol) return;
    // Of another edition: it makes way, and its machines go on running meanwhile.
    if (typeof spoken === "number") await client.shutdown("leave", endMs);
    await endDaemon(folder);
    await startDaemon(folder, client, signal);
  });
  return client;
}

/** Ends machines, routers and daemon, and forgets them; what is gone already is fine. */
export async function stopHost(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const client = new ControlClient(folder);
  const spoken = await protocolOf(client);
  if (spoken !== undefined) await client.shutdown("stop", endMs).catch(() => undefined);
  await endDaemon(folder);
  await stopLeftMachines(folder);
  for (const file of ["routes.json", "token", "daemon.json"]) await rm(join(folder, file), { force: true });
  await rm(controlSocket(folder), { force: true });
}

/** What a daemon speaks; "nothing" when it is there but silent, undefined when there is none. */
async function protocolOf(client: ControlClient): Promise<number | "nothing" | undefined> {
  try {
    return (await client.view()).protocol;
  } catch (error) {
    if (error instanceof OperatorError && error.code === "supervisor-place-foreign") throw error;
    return error instanceof NoDaemonError ? undefined : "nothing";
  }
}

/** Waits for a daemon that was asked to end; one that is stuck is ended, never anything else with its number. */
async function endDaemon(folder: string): Promise<void> {
  const daemon = await readJson(daemonFile(folder), z.object({ pid: z.int(), started: z.string() })).catch(
    () => undefined,
  );
  if (!daemon || !isRunning(daemon)) return;
  const gone = () => (isRunning(daemon) ? undefined : true);
  await waitFor(gone, { what: "the supervisor to end", timeoutMs: 2000, intervalMs: 20 }).catch(async () => {
    signalGroup(daemon, "SIGKILL");
    await waitFor(gone, { what: "the supervisor to be ended", timeoutMs: 5000, intervalMs: 20 });
  });
}

async function startDaemon(folder: string, client: ControlClient, signal?: AbortSignal): Promise<void> {
  await writeAtomically(tokenFile(folder), randomBytes(32).toString("hex"), { mode: 0o600 });
  const log = await open(daemonLog(folder), "a", 0o600);
  const daemon = spawn(
    process.execPath,
    [
      "--require",
      join(projectRoot, "infra", "support", "typescript.cjs"),
      join(__dirname, "daemon.ts"),
      folder,
    ],
    { cwd: projectRoot, env: inherited(), detached: true, stdio: ["ignore", log.fd, log.fd] },
  );
  let ended = false;
  daemon.once("error", () => (ended = true));
  daemon.once("exit", () => (ended = true));
  daemon.unref();
  await log.close();
  const answers = async () => {
    if ((await protocolOf(client)) === protocol) return true;
    return ended ? false : undefined;
  };
  const what = "the supervisor to answer";
  const up = await waitFor(answers, { what, timeoutMs: startMs, intervalMs: 30, signal }).catch(
    (cause: unknown) => cause,
  );
  if (up === true) return;
  signal?.throwIfAborted();
  throw daemonSilent(daemonLog(folder), await lastLines(daemonLog(folder), 5), up);
}
