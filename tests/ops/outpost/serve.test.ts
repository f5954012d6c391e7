import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import type { Exchange } from "../../../infra/drivers/outpost";
import { Outpost } from "../../../infra/drivers/outpost/outpost";
import { projectRoot } from "../../../infra/support";

const program = join(projectRoot, "ops", "outpost");
const uri = process.env.TEST_MONGODB_URI ?? "";
const name = "outpost-serve-test";
const canary = "canary-of-the-store";

let folder: string;
let child: ChildProcess;
let said = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-outpost-"));
  const stray = join(folder, "stray.cjs");
  await writeFile(
    stray,
    `process.on("SIGUSR2", () => {
       void Promise.reject(new Error("nobody waits for this"));
       setTimeout(() => { throw new Error("nor for this"); });
     });`,
  );
  const socket = join(folder, "out", "one.sock");
  child = spawn(process.execPath, ["--require", stray, join(program, "main.cjs"), socket], {
    env: { ...process.env, DND_DIR: folder, DND_OUTPOST: socket },
  });
  const hear = (text: Buffer) => (said += text.toString());
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
});
afterAll(async () => {
  child.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

/** As Fly does it: a program beside it gets the request, and its output is the answer. */
const exchange: Exchange = (request) =>
  new Promise((resolve, reject) => {
    const command = [join(program, "send.cjs"), join(folder, "out", "one.sock")];
    const sent = execFile(process.execPath, command, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
    sent.stdin?.end(request);
  });

test("a program at the database works for a run elsewhere, and outlives failures that nobody waits for", async () => {
  const client = await MongoClient.connect(uri);
  await client.db(name).collection("heroes").insertOne({ name: "Tordek" });
  const greeting = { env: { S3_SECRET_ACCESS_KEY: canary } };
  const outpost = await Outpost.at({ called: "machine 1", exchange, greeting });
  const address = { uri, name, credentials: "none", through: { app: "web", region: null } };
  const estimated = () => outpost.call("work", ["estimateBackup", [address], []]);
  expect(await estimated()).toMatchObject({ documents: 1 });
  child.kill("SIGUSR2");
  expect(await estimated()).toMatchObject({ documents: 1 });
  expect(said).toContain("nobody waits for this");
  expect(said).toContain("nor for this");
  expect(said).not.toContain(canary);
  const unreachable = { ...address, uri: "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=200" };
  await expect(outpost.call("work", ["estimateBackup", [unreachable], []])).rejects.toMatchObject({
    code: "database-unreachable",
  });
  await client.db(name).dropDatabase();
  await client.close();
}, 30_000);

test("a process that has used one ends when it has nothing left to do", async () => {
  const script = join(folder, "home.cjs");
  const infra = join(projectRoot, "infra");
  await writeFile(
    script,
    `require(${JSON.stringify(join(infra, "support", "typescript.cjs"))});
     const { Outpost } = require(${JSON.stringify(join(infra, "drivers", "outpost", "outpost.ts"))});
     const { execFile } = require("node:child_process");
     const command = ${JSON.stringify([join(program, "send.cjs"), join(folder, "out", "one.sock")])};
     const exchange = (request) => new Promise((resolve, reject) =>
       execFile(process.execPath, command, (error, stdout) => error ? reject(error) : resolve(stdout)).stdin.end(request));
     Outpost.at({ called: "machine 1", exchange, greeting: { env: {} } }).then((outpost) => outpost.listen("db"))
       .then((port) => console.log("listens", port > 0));`,
  );
  const begun = Date.now();
  const [code, out] = await new Promise<[number | null, string]>((resolve) => {
    const home = execFile(process.execPath, [script], (_error, stdout) => resolve([home.exitCode, stdout]));
  });
  expect([code, out]).toEqual([0, "listens true\n"]);
  expect(Date.now() - begun).toBeLessThan(10_000);
}, 30_000);
