import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Binary, BSON, MongoClient, Timestamp, type Db } from "mongodb";
import { openStore } from "../../../../infra/drivers/store";
import { restoreArchive, takeBackup, type ArchiveSource } from "../../../../infra/engines/backup";
import { findTool } from "../../../harness/tools";
import { startS3Server, type S3Server } from "../../../harness/s3-server";
import { newKeyPair, type KeyPair } from "./encryption/age-bytes";
import { definitionsOf, documentOf, hashesOf, insertBytes, seedEverything } from "./everything";

const uri = process.env.TEST_MONGODB_URI ?? "";
const addressOf = (name: string) => ({ uri, name, credentials: "none" }) as const;
const hasS3 = findTool("versitygw") !== undefined;
if (!hasS3) console.log("skipped: from S3, for there is no versitygw on PATH");

let client: MongoClient;
let source: Db;
let copy: Db;
let folder: string;
let keys: KeyPair;
let hashes: Record<string, string>;
let definitions: string[];
let s3: S3Server | undefined;
const before = { ...process.env };

beforeAll(async () => {
  client = await MongoClient.connect(uri);
  source = client.db("backup_bytes");
  copy = client.db("backup_bytes_copy");
  folder = await mkdtemp(join(tmpdir(), "dnd-bytes-"));
  keys = await newKeyPair();
  await seedEverything(source, 200);
  await seedHostile(source);
  hashes = await hashesOf(source);
  definitions = await definitionsOf(source);
  if (!hasS3) return;
  s3 = await startS3Server();
  const access = { S3_ACCESS_KEY_ID: "test-key", S3_SECRET_ACCESS_KEY: "test-secret" };
  Object.assign(process.env, access, { S3_ENDPOINT: s3.endpoint });
}, 60_000);
afterAll(async () => {
  process.env = before;
  await s3?.stop();
  for (const db of [source, copy]) await db.dropDatabase();
  await client.close();
  await rm(folder, { recursive: true, force: true });
});

/** What a driver would not write, and what a path or an expression would take for something else. */
async function seedHostile(db: Db): Promise<void> {
  const none = new Timestamp({ t: 0, i: 0 });
  const text = (value: string) => Buffer.from([value.length + 1, 0, 0, 0, ...Buffer.from(`${value}\0`)]);
  await insertBytes(db, "hostile", [
    documentOf([2, "_id", text("empty names")], [0x10, "", Buffer.alloc(4)], [0x10, "", Buffer.alloc(4, 1)]),
    documentOf(
      [2, "_id", text("twice with a timestamp")],
      [0x10, "a", Buffer.alloc(4)],
      [0x10, "a", Buffer.alloc(4, 1)],
    ),
    BSON.serialize({ _id: "largest", data: new Binary(Buffer.alloc(16_777_216 - 60, 5)) }),
    BSON.serialize({ _id: { "a.b": 1, "": 3 }, x: 1 }, { checkKeys: false }),
  ]);
  const names = ["$dollar", "dot.ted", "", "$$ROOT", "plain"];
  await insertBytes(db, "hostile", [
    BSON.serialize({ _id: "timestamps", ...Object.fromEntries(names.map((name) => [name, none])) }),
  ]);
  const empty = names.reduce<object | string>(
    (input, field) => ({ $setField: { field: { $literal: field }, input, value: { $literal: none } } }),
    "$$ROOT",
  );
  const hostile = db.collection<{ _id: string }>("hostile");
  for (const _id of ["timestamps", "twice with a timestamp"])
    await hostile.updateOne({ _id }, [{ $replaceWith: empty as never }]);
}

async function proveWhole(archive: ArchiveSource): Promise<void> {
  await copy.dropDatabase();
  const to = addressOf(copy.databaseName);
  await restoreArchive({ ...archive, to, keys: { identities: [keys.identity] } });
  expect(await hashesOf(copy)).toEqual(hashes);
  expect(await definitionsOf(copy)).toEqual(definitions);
}

const kinds = (["none", "default", "fast"] as const).flatMap((preset) => [
  [preset, "as it is", false] as const,
  [preset, "encrypted", true] as const,
]);

describe.each(kinds)("an archive of the preset %s, %s,", (preset, _how, encrypted) => {
  const take = (store: string) =>
    takeBackup({
      address: addressOf(source.databaseName),
      store,
      environment: "development",
      release: 1,
      preset,
      encryption: encrypted ? { recipients: [keys.recipient] } : undefined,
    });
  let path: string;

  beforeAll(async () => {
    const { location } = await take(folder);
    path = join(folder, location.slice(location.indexOf(`${source.databaseName}/`)));
  }, 120_000);

  test("gives everything back byte for byte from a file", () => proveWhole({ path }), 120_000);

  test(
    "gives everything back byte for byte from standard input",
    () => proveWhole({ bytes: createReadStream(path) }),
    120_000,
  );

  test("gives everything back byte for byte from S3", async () => {
    if (!s3) return;
    const store = `s3://archives/${preset}-${String(encrypted)}`;
    const { id } = await take(store);
    await proveWhole({ store, id });
    expect(await openStore(store).list()).toHaveLength(3);
  }, 120_000);
});
