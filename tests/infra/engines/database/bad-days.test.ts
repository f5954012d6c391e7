import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureLocalMongo, observeLocalMongo, stopLocalMongo } from "../../../../infra/engines/database";
import { requireRoom } from "../../../../infra/engines/database/room";
import { projectRoot } from "../../../../infra/support";
import { TestServer, gone, kill } from "./server";

let server: TestServer;
beforeEach(async () => {
  server = await TestServer.open();
});
afterEach(() => server.close());

/** A line as mongod logs it, and its end. */
function dying(message: string, code: number): string {
  const line = JSON.stringify({ s: "F", c: "CONTROL", msg: message, attr: { detail: "here" } });
  return `echo '${line}'; exit ${code}`;
}

describe("a mongod that ends instead of serving is told by its log, with the remedy for it", () => {
  test.each([
    ["No space left on device", 14, "mongod-disk-full"],
    ["Permission denied: data/WiredTiger.wt", 14, "mongod-no-permission"],
    ["DBPathInUse: Unable to lock the lock file", 100, "mongod-data-in-use"],
    ["Wrong mongod version", 62, "mongod-data-version"],
    ["a thing that nobody knows", 1, "mongod-not-started"],
  ])("%s", async (message, code, expected) => {
    await server.pretend(dying(message, code));
    const failure = server.ensure();
    await expect(failure).rejects.toMatchObject({ code: expected });
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toThrow(`code ${code}`);
  });

  test("an earlier run's last words are not taken for those of this one", async () => {
    await server.pretend(dying("No space left on device", 14));
    await expect(server.ensure()).rejects.toMatchObject({ code: "mongod-disk-full" });
    await server.pretend("exit 1");
    await expect(server.ensure()).rejects.toMatchObject({ code: "mongod-not-started" });
  });

  test("a port that is lost between choice and use is chosen again", async () => {
    const first = dying("Address already in use", 48);
    const marker = join(server.root, "tried");
    await server.pretend(
      `if [ ! -e ${marker} ]; then touch ${marker}; ${first}; fi\nexec ${process.env.DND_MONGOD ?? ""} "$@"`,
    );
    const told: string[] = [];
    await server.ensure({ progress: (line) => told.push(line) });
    expect(told.filter((line) => line.startsWith("starting"))).toHaveLength(2);
  });
});

test("a mongod that cannot be set up is told, and does not run on", async () => {
  // A replica set of another name takes no configuration of ours.
  const renamed = `$(echo "$@" | sed 's/--replSet dnd/--replSet other/')`;
  await server.pretend(`exec ${process.env.DND_MONGOD ?? ""} ${renamed}`);
  await expect(server.ensure()).rejects.toMatchObject({ code: "mongod-not-serving" });
  const { process: left } = (await server.json("instance.json")) as { process: { pid: number } };
  await gone(left.pid);
  expect(await observeLocalMongo(server.folder)).toEqual({ state: "absent" });
});

test("too little room on the disk is seen before anything is started", async () => {
  await expect(requireRoom(server.root, "new", async () => 500_000_000)).rejects.toMatchObject({
    code: "mongo-disk-full",
    message: expect.stringContaining("500 MB") as string,
  });
  await expect(requireRoom(server.root, "known", async () => 500_000_000)).resolves.toBeUndefined();
});

test("a folder that may not be written says so", async () => {
  const folder = await unwritable();
  await expect(ensureLocalMongo({ folder, database: "tracker" })).rejects.toMatchObject({
    code: "mongo-no-permission",
    message: expect.stringContaining(folder) as string,
  });
});

/** Nobody may make a folder there: root is stopped by the system's own tree, others by the mode. */
async function unwritable(): Promise<string> {
  if (process.getuid?.() === 0) return "/sys/dnd-mongo";
  const parent = join(server.root, "locked");
  await mkdir(parent, { mode: 0o500 });
  return join(parent, "mongo");
}

test("data of another version is refused by the server and stays as it is", async () => {
  await server.ensure();
  await stopLocalMongo(server.folder);
  const turtle = server.path("data/WiredTiger.turtle");
  const later = (await readFile(turtle, "latin1"))
    .replace(/major=\d+/g, "major=99")
    .replace(/WiredTiger \d+\.\d+\.\d+/g, "WiredTiger 99.0.0");
  await writeFile(turtle, later, "latin1");
  await expect(server.ensure()).rejects.toMatchObject({
    code: "mongod-data-version",
    message: expect.stringContaining("the last lines of its log") as string,
  });
  expect(await readFile(turtle, "latin1")).toBe(later);
});

test("somebody else's mongod on the data is named and left alone", async () => {
  await server.ensure();
  await stopLocalMongo(server.folder);
  const data = server.path("data");
  const other = spawn(
    process.env.DND_MONGOD ?? "",
    ["--dbpath", data, "--port", "31996", "--bind_ip", "127.0.0.1"],
    {
      stdio: "ignore",
    },
  );
  const pid = other.pid ?? 0;
  await locked(join(data, "mongod.lock"), pid);
  await expect(server.ensure()).rejects.toMatchObject({
    code: "mongod-data-in-use",
    message: expect.stringContaining(`process ${pid}`) as string,
  });
  expect(other.exitCode).toBeNull();
  other.kill("SIGKILL");
  await gone(pid);
});

async function locked(file: string, pid: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if ((await readFile(file, "utf8").catch(() => "")).trim() === String(pid)) return;
    await new Promise((go) => setTimeout(go, 25));
  }
  throw new Error(`${file} does not name process ${pid}`);
}

test("a stale record never ends a process that got its number", async () => {
  const { pid } = await server.ensure();
  await kill(pid);
  const bystander = spawn("sleep", ["60"]);
  const record = await server.json("instance.json");
  await writeFile(
    server.path("instance.json"),
    JSON.stringify({ ...record, process: { pid: bystander.pid, started: "another time" } }),
  );
  await writeFile(server.path("data/mongod.lock"), `${bystander.pid}\n`);
  await stopLocalMongo(server.folder);
  await server.ensure();
  expect(bystander.exitCode).toBeNull();
  expect(bystander.kill()).toBe(true);
});

test("an interruption ends the work at once, leaves no process behind, and the next run carries on", async () => {
  const abort = new AbortController();
  const interrupted = server.ensure({
    signal: abort.signal,
    progress: (line) => {
      if (line.startsWith("starting")) setTimeout(() => abort.abort(new Error("interrupted")), 100);
    },
  });
  await expect(interrupted).rejects.toThrow("interrupted");
  const { process: left } = (await server.json("instance.json")) as { process: { pid: number } | null };
  if (left) await gone(left.pid);
  await server.ensure();
  expect(await observeLocalMongo(server.folder)).toMatchObject({ state: "ready" });
});

describe("a first start that is killed converges", () => {
  /** Ensures in a process of its own, which is killed once a condition holds. */
  async function killedWhen(holds: () => Promise<boolean>): Promise<void> {
    const code = `
      require(${JSON.stringify(join(projectRoot, "infra/support/typescript.cjs"))});
      const { ensureLocalMongo } = require(${JSON.stringify(join(projectRoot, "infra/engines/database/index.ts"))});
      process.stdout.write("go");
      ensureLocalMongo({ folder: ${JSON.stringify(server.folder)}, database: "tracker" });`;
    const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
    // A fast machine may be done before the kill.
    const ended = new Promise((closed) => child.once("close", closed));
    await new Promise((ready) => child.stdout.once("data", ready));
    while (!(await holds())) await new Promise((go) => setTimeout(go, 5));
    child.kill("SIGKILL");
    await ended;
  }

  function after(delayMs: number): () => Promise<boolean> {
    const begun = Date.now();
    return async () => Date.now() - begun >= delayMs;
  }

  /** The server's process is on record. */
  const started = async () => {
    const record = await server.json("instance.json").catch(() => undefined);
    return typeof record?.process === "object" && record.process !== null;
  };

  test.each([150, 550, 900])("%dms after its begin", async (delayMs) => {
    await killedWhen(after(delayMs));
    const { pid } = await server.ensure();
    expect(await observeLocalMongo(server.folder)).toMatchObject({ state: "ready" });
    expect((await server.ensure()).pid).toBe(pid);
  });

  test("between the server's start and its record: the server is found by its arguments, none is left behind", async () => {
    await server.pretend(`sleep 0.7; exec ${process.env.DND_MONGOD ?? ""} "$@"`);
    await killedWhen(started);
    const record = await server.json("instance.json");
    await writeFile(server.path("instance.json"), JSON.stringify({ ...record, process: null }));
    const { pid } = await server.ensure();
    const first = (record.process as { pid: number }).pid;
    // Kept where it answers in time, else ended for another one.
    if (pid !== first) await gone(first);
    expect(await observeLocalMongo(server.folder)).toMatchObject({ state: "ready" });
  });

  test("its server dead too: it is begun again, as nobody has ever logged in", async () => {
    await killedWhen(started);
    const record = (await server.json("instance.json")) as { process: { pid: number } };
    await kill(record.process.pid);
    expect(await observeLocalMongo(server.folder)).toEqual({ state: "absent" });
    await server.ensure();
    expect(await observeLocalMongo(server.folder)).toMatchObject({ state: "ready" });
  });
});
