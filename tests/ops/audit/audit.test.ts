import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { complaintOf, dnd } from "../dnd";

const name = "audit_command";
const uri = process.env.TEST_MONGODB_URI ?? "";
let client: MongoClient;
let folder: string;

beforeAll(async () => {
  client = await MongoClient.connect(uri);
  folder = await mkdtemp(join(tmpdir(), "dnd-audit-"));
});
afterAll(async () => {
  for (const one of [name, `${name}_ops`]) await client.db(one).dropDatabase();
  await client.close();
  await rm(folder, { recursive: true, force: true });
});

const env = () => ({ DND_DIR: join(folder, "home"), SSH_CONNECTION: "192.0.2.7 50022 192.0.2.1 22" });
const run = (args: string[], at = uri) => dnd([...args, "--uri", at, "--db", name], env());
const kept = () => client.db(`${name}_ops`).collection("audit").find({}).sort({ _id: 1 }).toArray();
const waiting = () => readdir(join(folder, "home", "audit")).catch(() => []);

test("tells who ran what, from where and how it ended; a killed command too; and nothing of one that only looked", async () => {
  const store = ["--store", join(folder, "store")];
  const up = await run(["migrate", "up", "--yes"]);
  expect(complaintOf(up)).toBe("");
  expect(await kept()).toMatchObject([
    { version: 1, command: "migrate", outcome: { code: 0 }, from: "ssh from 192.0.2.7" },
  ]);
  expect(await waiting()).toEqual([]);

  const away = await run(
    ["backup", "create", ...store],
    "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50",
  );
  expect(away.code).toBe(1);
  const [file = ""] = await waiting();
  const path = join(folder, "home", "audit", file);
  const left = JSON.parse(await readFile(path, "utf8")) as { entry: Record<string, unknown> };
  expect(left.entry).toMatchObject({ command: "backup", outcome: { code: 1 } });
  // As a kill in the middle leaves it: begun, not ended, and its process is gone.
  const stack = `${uri} ${name}`;
  await writeFile(path, JSON.stringify({ process: null, entry: { ...left.entry, stack, outcome: null } }));

  const { stdout, code } = await run(["audit", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    unsent: 0,
    entries: [
      { command: "migrate", arguments: expect.arrayContaining(["up", "--db", name]) },
      { command: "backup", outcome: { code: null, error: expect.stringContaining("nobody saw its end") } },
    ],
  });
  expect(await waiting()).toEqual([]);
}, 180_000);

test("wrong usage is written down nowhere", async () => {
  const before = (await kept()).length;
  expect((await run(["migrate", "to"])).code).toBe(2);
  expect(await kept()).toHaveLength(before);
  expect(await waiting()).toEqual([]);
});
