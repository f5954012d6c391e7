import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ensureLocalMongo,
  stopLocalMongo,
  type LocalMongoServer,
  type LocalMongoWanted,
} from "../../../../infra/engines/database";

/** A local stack's folder of a test's own, with the server in it. */
export class TestServer {
  private constructor(
    readonly root: string,
    private readonly mongod: string,
  ) {}

  static async open(): Promise<TestServer> {
    const server = new TestServer(await mkdtemp(join(tmpdir(), "dnd-mongo-")), process.env.DND_MONGOD ?? "");
    server.enter();
    return server;
  }

  /** Makes it the local stack of this process. */
  enter(): void {
    process.env.DND_DIR = this.root;
    process.env.DND_MONGOD = this.mongod;
  }

  get folder(): string {
    return join(this.root, "mongo");
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  ensure(wanted: Partial<LocalMongoWanted> = {}): Promise<LocalMongoServer> {
    return ensureLocalMongo({ folder: this.folder, database: "tracker", ...wanted });
  }

  async json(name: string): Promise<Record<string, unknown>> {
    return JSON.parse(await readFile(this.path(name), "utf8")) as Record<string, unknown>;
  }

  /** Puts a program in mongod's place that tells its version and otherwise does what a test says. */
  async pretend(script: string): Promise<void> {
    const path = join(this.root, "pretended-mongod");
    const version = 'if [ "$1" = --version ]; then echo "db version v6.0.5"; exit 0; fi';
    await writeFile(path, `#!/bin/sh\n${version}\n${script}\n`);
    await chmod(path, 0o755);
    process.env.DND_MONGOD = path;
  }

  async close(): Promise<void> {
    process.env.DND_MONGOD = this.mongod;
    await stopLocalMongo(this.folder);
    await rm(this.root, { recursive: true, force: true });
  }
}

/** Waits until a process is gone. */
export async function gone(pid: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((go) => setTimeout(go, 25));
  }
  throw new Error(`process ${pid} still runs`);
}

export async function kill(pid: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  await gone(pid);
}
