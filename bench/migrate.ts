import { execFileSync, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { MongoClient } from "mongodb";
import { MongoMemoryReplSet } from "mongodb-memory-server-core";
import { ensureMongodBinary } from "../infra/drivers/mongod";
import { projectRoot, silent } from "../infra/support";
import { measureBackfill } from "./backfill/measure";
import { inPairs, median, tell, type Side } from "./shared/pairs";

// `dnd migrate` against migrate-mongo, where there is one on PATH: the status of 500 that are applied, and 200 small
// ones that are pending, from the same files. Then a back-fill against one updateMany of the server.

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    documents: { type: "string", default: "1000000" },
    only: { type: "string", default: "" },
  },
});
const rounds = Number(values.rounds);

async function main(): Promise<void> {
  const { path, version } = await ensureMongodBinary(silent);
  const server = await MongoMemoryReplSet.create({
    replSet: { count: 1, storageEngine: "wiredTiger" },
    binary: { systemBinary: path, version, checkMD5: false },
  });
  const folder = await mkdtemp(join(tmpdir(), "dnd-bench-migrate-"));
  const client = await MongoClient.connect(server.getUri());
  try {
    if (values.only !== "backfill") {
      await compareStatus(server.getUri(), client, folder);
      await compareUp(server.getUri(), client, folder);
    }
    if (values.only !== "commands") {
      await measureBackfill(server.getUri(), client, folder, Number(values.documents));
    }
  } finally {
    await client.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The status of 500 that are applied. */
async function compareStatus(uri: string, client: MongoClient, folder: string): Promise<void> {
  const files = await writeMigrations(join(folder, "applied"), 500);
  const at = { uri, ours: "status_ours", theirs: "status_theirs", files };
  console.log("\nstatus of 500 applied migrations, whole command");
  await dnd(at, ["up"]);
  if (!hasMigrateMongo()) return alone(() => dnd(at, ["status"]));
  await migrateMongo(at, folder, "up");
  const ours: Side = { name: "dnd migrate status", run: () => dnd(at, ["status"]) };
  const theirs: Side = { name: "migrate-mongo status", run: () => migrateMongo(at, folder, "status") };
  tell(ours, theirs, await inPairs(ours, theirs, rounds), "at most 1");
  await dropAll(client, at);
}

/** 200 small ones that are pending, each time in a database of its own. */
async function compareUp(uri: string, client: MongoClient, folder: string): Promise<void> {
  const files = await writeMigrations(join(folder, "pending"), 200);
  console.log("\nup of 200 small pending migrations, whole command");
  let n = 0;
  const next = (): Place => ({ uri, ours: `up_ours_${++n}`, theirs: `up_theirs_${n}`, files });
  const ours: Side = { name: "dnd migrate up", run: () => dnd(next(), ["up"]) };
  if (!hasMigrateMongo()) return alone(ours.run);
  const theirs: Side = { name: "migrate-mongo up", run: () => migrateMongo(next(), folder, "up") };
  tell(ours, theirs, await inPairs(ours, theirs, rounds), "at most 1");
  for (; n > 0; n--) await dropAll(client, { uri, ours: `up_ours_${n}`, theirs: `up_theirs_${n}`, files });
}

interface Place {
  uri: string;
  /** The databases of both sides. */
  ours: string;
  theirs: string;
  files: string;
}

async function writeMigrations(folder: string, count: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (let n = 0; n < count; n++) {
    const minute = `${Math.floor(n / 60)}`.padStart(2, "0") + `${n % 60}`.padStart(2, "0");
    const text = `module.exports = {
  async up(db) {
    await db.collection("things").insertOne({ _id: ${n}, name: "thing ${n}" });
  },
  async down(db) {
    await db.collection("things").deleteOne({ _id: ${n} });
  },
};
`;
    await writeFile(join(folder, `20260101${minute}00-thing-${n}.js`), text);
  }
  return folder;
}

function dnd({ uri, ours, files }: Place, action: string[]): Promise<void> {
  const dndFile = join(projectRoot, "ops", "dnd.cjs");
  const args = ["migrate", ...action, "--uri", uri, "--db", ours, "--folder", files];
  return run(process.execPath, [dndFile, ...args], projectRoot);
}

async function migrateMongo({ uri, theirs, files }: Place, folder: string, action: string): Promise<void> {
  const config = {
    mongodb: { url: uri, databaseName: theirs },
    migrationsDir: files,
    changelogCollectionName: "changelog",
    migrationFileExtension: ".js",
    useFileHash: false,
    moduleSystem: "commonjs",
  };
  const file = join(folder, "migrate-mongo-config.js");
  await writeFile(file, `module.exports = ${JSON.stringify(config)};\n`);
  await run("migrate-mongo", [action, "-f", file], folder);
}

function hasMigrateMongo(): boolean {
  try {
    execFileSync("migrate-mongo", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    console.log("there is no migrate-mongo on PATH to compare with");
    return false;
  }
}

async function alone(work: () => Promise<void>): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  console.log(`dnd migrate: median ${median(times).toFixed(0)} ms`);
}

async function dropAll(client: MongoClient, { ours, theirs }: Place): Promise<void> {
  for (const name of [ours, `${ours}_ops`, theirs]) await client.db(name).dropDatabase();
}

function run(command: string, args: string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (data) => (stderr += String(data)));
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with ${String(code)}\n${stderr}`)),
    );
  });
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
