import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { waitFor } from "../../../../infra/support";

/** A database server of a test's own, which it takes down and brings back. */
export interface RunningMongod {
  uri: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  remove(): Promise<void>;
}

/** Starts one that allows no table scan, as production's does. */
export async function startMongod(): Promise<RunningMongod> {
  const folder = await mkdtemp(join(tmpdir(), "dnd-own-mongod-"));
  const port = await freePort();
  const uri = `mongodb://127.0.0.1:${port}/?directConnection=true`;
  let child: ChildProcess | undefined;
  const own: RunningMongod = {
    uri,
    async start() {
      const place = ["--dbpath", folder, "--port", String(port), "--bind_ip", "127.0.0.1"];
      const rules = ["--setParameter", "notablescan=1"];
      child = spawn(process.env.DND_MONGOD ?? "mongod", [...place, ...rules], { stdio: "ignore" });
      await waitFor(() => answers(uri), { what: "a mongod", timeoutMs: 90_000, intervalMs: 200 });
    },
    async stop() {
      if (!child || child.exitCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
    async remove() {
      await own.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await own.start();
  return own;
}

async function answers(uri: string): Promise<true | undefined> {
  try {
    const client = await MongoClient.connect(uri, { serverSelectionTimeoutMS: 500 });
    await client.close();
    return true;
  } catch {
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
