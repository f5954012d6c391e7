import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { complaintOf, dnd } from "../dnd";

const name = "stale_credentials";
const uri = process.env.TEST_MONGODB_URI ?? "";
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-stale-"));
});
afterAll(async () => {
  const client = await MongoClient.connect(uri);
  await client.db(`${name}_ops`).dropDatabase();
  await client.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (address: string, ...args: string[]) =>
  dnd(["incident", ...args, "--db", name], { DND_DIR: folder, MONGODB_URI: address });

test("an incident is written down by somebody whom the database refuses, and is handed in with the right password", async () => {
  const stale = uri.replace("mongodb://", "mongodb://ada:k4n4ri3@");
  const begun = await run(stale, "start", "nobody can log in", "--kind", "database");
  expect(complaintOf(begun)).toBe("");
  expect(begun.stderr).toContain("database-refused-login");
  expect(begun.stdout + begun.stderr).not.toContain("k4n4ri3");

  const known = await run(uri, "status", "--json");
  expect(JSON.parse(known.stdout)).toMatchObject({ incident: { _id: 1, title: "nobody can log in" } });
});
