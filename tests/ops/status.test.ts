import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { dnd } from "./dnd";

const name = "status_command";
const uri = process.env.TEST_MONGODB_URI ?? "";
let client: MongoClient;
let folder: string;

beforeAll(async () => {
  client = await MongoClient.connect(uri);
  await client
    .db(name)
    .collection("heroes")
    .insertMany([{ name: "Ada" }, { name: "Bo" }]);
  folder = await mkdtemp(join(tmpdir(), "dnd-status-"));
});
afterAll(async () => {
  for (const one of [name, `${name}_ops`]) await client.db(one).dropDatabase();
  await client.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: string[]) =>
  dnd([...args, "--uri", uri, "--db", name, "--store", join(folder, "store")], {
    DND_DIR: join(folder, "home"),
  });

test("tells what would be lost without an archive, and with one", async () => {
  const without = await run("status");
  expect(without.stdout).toContain("There is no archive: everything would be lost now.");
  expect((await run("backup", "create", "--environment", "staging")).code).toBe(0);
  const { code, stdout } = await run("status", "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    stack: null,
    app: null,
    database: { reachable: true, schema: { version: null } },
    archives: { newest: { release: null }, recovery: { lossAtMostMs: null, overdue: false } },
    problems: [],
  });
  expect(code).toBe(0);
});

test("says so and ends with 1 where nothing can be looked at", async () => {
  const uri = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200";
  const gone = await dnd(["status", "--uri", uri, "--db", name, "--store", folder], {
    DND_DIR: join(folder, "home"),
  });
  expect(gone.code).toBe(1);
  expect(gone.stdout).toContain("the database cannot be looked at");
});
