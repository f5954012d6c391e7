import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { takeBackup, type Manifest } from "../../../infra/engines/backup";
import { examineHistory } from "../../../ops/doctor/history";
import { readSettings } from "../../../stacks/settings";

const name = "doctor_history";
const uri = process.env.TEST_MONGODB_URI ?? "";
const address = { uri, name, credentials: "none" } as const;
let client: MongoClient;
let store: string;

beforeAll(async () => {
  client = await MongoClient.connect(uri);
  store = await mkdtemp(join(tmpdir(), "dnd-history-"));
  await client.db(name).dropDatabase();
  await client.db(name).collection("heroes").insertOne({ name: "Ada" });
});
afterAll(async () => {
  await client.db(name).dropDatabase();
  await client.close();
  await rm(store, { recursive: true });
});

const backupOf = (change: object = {}) =>
  readSettings(
    { "dnd-tracker:environment": "staging", "dnd-tracker:backup": JSON.stringify({ store, ...change }) },
    {},
  ).backup;

/** Takes an archive, and makes it say how long it took. */
async function archiveOf(durationMs: number): Promise<void> {
  const { id } = await takeBackup({ address, store, environment: "staging", release: null });
  const path = join(store, name, `${id}.json`);
  const manifest = JSON.parse(await readFile(path, "utf8")) as Manifest;
  await writeFile(path, JSON.stringify({ ...manifest, durationMs }));
}

test("where nothing was backed up yet, or nothing is to be, there is nothing to say", async () => {
  expect(await examineHistory(address, backupOf())).toEqual([]);
  expect(await examineHistory(address, backupOf({ enabled: false }))).toEqual([]);
});

test("a backup that takes nearly as long as the server keeps what was is told, and one that does not is well", async () => {
  await archiveOf(60_000);
  expect(await examineHistory(address, backupOf())).toMatchObject([
    { what: "snapshot window", status: "ok" },
  ]);
  await archiveOf(290_000);
  expect(await examineHistory(address, backupOf())).toMatchObject([
    { status: "warning", remedy: expect.stringContaining("minSnapshotHistoryWindowInSeconds") as string },
  ]);
});

test("a server that cannot be asked is the affair of others", async () => {
  const gone = { ...address, uri: "mongodb://127.0.0.1:1/" };
  expect(await examineHistory(gone, backupOf())).toEqual([]);
});
