import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { Server } from "node:http";
import { z } from "zod";
import { OperatorError, messageOf } from "../../support";
import { writeAtomically } from "../files";
import { protocol, routeSchema, type Route } from "./contract";
import { controlSocket, daemonFile, prepareSocketFolder, readToken, routesFile } from "./control-address";
import { ControlClient } from "./control-client";
import { NoDaemonError } from "./errors";
import { controlServer } from "./control-server";
import { identify } from "./process-identity";
import { Routes } from "./routes";
import { Supervisor } from "./supervisor";

const ownershipMs = 2000;

/** The daemon of one folder: supervisor, routers and the API that drives them, until it is told to end. */
async function run(folder: string): Promise<void> {
  const supervisor = new Supervisor(folder, tell);
  const routes = new Routes(supervisor);
  let remembering = Promise.resolve();
  const routesChanged = (open: Route[]) => {
    remembering = remembering.then(() => write(routesFile(folder), open));
  };
  let ending: Promise<void> | undefined;
  const shutdown = (machines: "stop" | "leave") => (ending ??= end(machines));
  const end = async (machines: "stop" | "leave") => {
    tell(`ending, machines: ${machines}`);
    await Promise.all([routes.closeAll(), machines === "stop" ? supervisor.removeAll() : supervisor.leave()]);
    await remembering;
    await giveUp(folder, machines);
    // The answer to whoever asked goes out first.
    setTimeout(() => process.exit(0), 20);
  };
  let settle: () => void = () => undefined;
  const adopted = new Promise<void>((resolve) => (settle = resolve));
  const controlled = { supervisor, routes, routesChanged, shutdown, adopted };
  await claim(folder, controlServer(controlled, tokenOf(folder)));
  await write(daemonFile(folder), { protocol, ...identify(process.pid) });
  await supervisor.adopt();
  await Promise.all(rememberedRoutes(folder).map((route) => routes.reopen(route)));
  settle();
  tell(`watching ${supervisor.list().length} machines`);

  process.on("SIGTERM", () => void shutdown("leave"));
  setInterval(() => {
    if (owner(folder) === process.pid) return;
    tell("the folder is no longer this daemon's");
    void shutdown("leave");
  }, ownershipMs);
}

/** The socket is what makes one daemon of a folder: it is bound before any machine is touched. */
async function claim(folder: string, server: Server): Promise<void> {
  const socket = controlSocket(folder);
  prepareSocketFolder(folder);
  for (let attempt = 1; ; attempt++) {
    try {
      server.listen(socket);
      await once(server, "listening");
      return;
    } catch (error) {
      if (attempt === 3 || (error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
    const absent = await new ControlClient(folder).view().catch((error: unknown) => error);
    if (!(absent instanceof NoDaemonError)) throw new Error("another daemon watches this folder");
    await rm(socket, { force: true });
  }
}

function owner(folder: string): number | undefined {
  try {
    return z.object({ pid: z.int() }).parse(JSON.parse(readFileSync(daemonFile(folder), "utf8"))).pid;
  } catch {
    return undefined;
  }
}

function tokenOf(folder: string): string {
  const token = readToken(folder);
  if (!token) throw new Error(`${folder} has no token`);
  return token;
}

function rememberedRoutes(folder: string): Route[] {
  try {
    return z.array(routeSchema).parse(JSON.parse(readFileSync(routesFile(folder), "utf8")));
  } catch {
    return [];
  }
}

async function giveUp(folder: string, machines: "stop" | "leave"): Promise<void> {
  if (owner(folder) !== process.pid) return;
  await rm(controlSocket(folder), { force: true });
  await rm(daemonFile(folder), { force: true });
  if (machines === "stop") await rm(routesFile(folder), { force: true });
}

async function write(path: string, value: unknown): Promise<void> {
  if (!existsSync(process.argv[2] ?? "")) return;
  await writeAtomically(path, JSON.stringify(value), { mode: 0o600 });
}

function tell(message: string): void {
  process.stdout.write(`${new Date().toISOString()} ${message}\n`);
}

// The machines are worth more than a clean end: what nobody expected is written down, and the daemon goes on.
for (const unexpected of ["unhandledRejection", "uncaughtException"])
  process.on(unexpected, (error: unknown) => tell(`unexpected: ${messageOf(error)}`));
process.stdout.on("error", () => undefined);
run(process.argv[2] ?? "").catch((error: unknown) => {
  tell(`cannot start: ${error instanceof OperatorError ? error.code : messageOf(error)}`);
  process.exit(1);
});
