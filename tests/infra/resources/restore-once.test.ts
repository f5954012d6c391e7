import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { takeBackup } from "../../../infra/engines/backup";
import { lifecycle, type RestoreInputs } from "../../../infra/resources/restore";

const name = "restore_once";
const uri = process.env.TEST_MONGODB_URI ?? "";
const address = { uri, name, credentials: "none" } as const;
const context = { signal: new AbortController().signal, progress: () => undefined };
let client: MongoClient;
let store: string;
let archive: string;

beforeAll(async () => {
  client = await MongoClient.connect(uri);
  store = await mkdtemp(join(tmpdir(), "dnd-restore-"));
  process.env.DND_DIR = store;
  await client.db(name).dropDatabase();
  await client.db(name).collection<{ _id: string }>("heroes").insertOne({ _id: "kept" });
  archive = (await takeBackup({ address, store, environment: "development", release: 1 })).id;
  await client.db(name).collection<{ _id: string }>("heroes").insertOne({ _id: "later" });
});
afterAll(async () => {
  await client.db(name).dropDatabase();
  await client.db(`${name}_ops`).dropDatabase();
  await client.close();
  await rm(store, { recursive: true, force: true });
});

const heroes = async () =>
  (await client.db(name).collection<{ _id: string }>("heroes").find().toArray()).map(({ _id }) => _id);
const wanted = (order: RestoreInputs["order"]): RestoreInputs => ({
  ...{ release: 2, address, order },
  serving: { host: "local", app: "nobody" },
});

test("data comes back once: the same key is refused, a removed resource takes nothing back, an idle one does nothing", async () => {
  const idle = await lifecycle.create(wanted(null), context);
  expect(idle.outs.restored).toBeNull();
  expect(await heroes()).toEqual(["kept", "later"]);

  const order = { key: randomUUID(), archive, store, acceptedLoss: "unknown" as const };
  expect(await lifecycle.diff("restore", idle.outs, wanted(order), context)).toEqual({ changes: true });
  const { outs } = await lifecycle.update("restore", idle.outs, wanted(order), context);
  expect(outs.restored).toMatchObject({ archive, documents: 1 });
  expect(await heroes()).toEqual(["kept"]);
  expect(await lifecycle.diff("restore", outs, wanted(order), context)).toEqual({ changes: false });
  expect(await lifecycle.diff("restore", outs, wanted(null), context)).toEqual({ changes: false });

  await client.db(name).collection<{ _id: string }>("heroes").insertOne({ _id: "newest" });
  await expect(lifecycle.create(wanted(order), context)).rejects.toThrow(/was begun already/);
  await lifecycle.delete("restore", outs, context);
  expect((await lifecycle.read("restore", outs, context)).props).toEqual(outs);
  expect(await heroes()).toEqual(["kept", "newest"]);
});
