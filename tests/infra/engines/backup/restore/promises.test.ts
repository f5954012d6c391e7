import { createReadStream } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { MongoClient, ObjectId, type Db } from "mongodb";
import {
  readAnonymiseRules,
  restoreArchive,
  restoreState,
  takeBackup,
  type RestoreWanted,
} from "../../../../../infra/engines/backup";
import { definitionsOf, hashesOf, seedEverything } from "../everything";

interface Player {
  _id: ObjectId | string;
  name: string;
  contact: { email: string };
  seats?: { note: string }[];
}

let client: MongoClient;
let source: Db;
let target: Db;
let folder: string;
let id: string;
let path: string;

const addressOf = (db: Db) =>
  ({ uri: process.env.TEST_MONGODB_URI ?? "", name: db.databaseName, credentials: "none" }) as const;
const into = (rest: Partial<RestoreWanted> = {}) =>
  restoreArchive({ store: folder, id, to: addressOf(target), ...rest } as RestoreWanted);
const namesIn = async (db: Db) => (await db.listCollections().toArray()).map(({ name }) => name).sort();

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  source = client.db("restore_promises");
  target = client.db("restore_promises_copy");
  folder = await mkdtemp(join(tmpdir(), "dnd-restore-"));
  await seedEverything(source, 200);
  await source.collection<Player>("players").insertMany([
    { _id: new ObjectId(), name: "A", contact: { email: "a@b.c" }, seats: [{ note: "n" }, { note: "m" }] },
    { _id: "text", name: "A", contact: { email: "a@b.c" } },
  ]);
  const address = addressOf(source);
  ({ id } = await takeBackup({ address, store: folder, environment: "development", release: 1 }));
  path = join(folder, source.databaseName, `${id}.archive.gz`);
});
beforeEach(() => target.dropDatabase());
afterAll(async () => {
  await source.dropDatabase();
  await target.dropDatabase();
  await client.close();
  await rm(folder, { recursive: true, force: true });
});

describe("an archive is restored", () => {
  test.each<[string, () => Partial<RestoreWanted>]>([
    ["from a file beside its manifest", () => ({ path })],
    ["from standard input", () => ({ bytes: createReadStream(path) })],
  ])("%s", async (_how, from) => {
    await restoreArchive({ to: addressOf(target), ...from() } as RestoreWanted);
    expect(await hashesOf(target)).toEqual(await hashesOf(source));
    expect(await definitionsOf(target)).toEqual(await definitionsOf(source));
    expect(await restoreState(addressOf(target))).toEqual([]);
  });

  test("without a manifest and without compression, held against its own checksums", async () => {
    const plain = gunzipSync(await readFile(path));
    const alone = join(folder, "alone.archive");
    await writeFile(alone, plain);
    await restoreArchive({ path: alone, to: addressOf(target) });
    expect(await hashesOf(target)).toEqual(await hashesOf(source));
    plain.write("H", plain.indexOf("hero 1"));
    await writeFile(alone, plain);
    const damaged = restoreArchive({ path: alone, to: addressOf(target), drop: true });
    await expect(damaged).rejects.toMatchObject({ code: "archive-damaged" });
    expect(await hashesOf(target)).toEqual(await hashesOf(source));
  });

  test("in part, and under other names", async () => {
    await target.collection("mine").insertOne({ kept: true });
    const db = source.databaseName;
    const namespaces = {
      include: [`${db}.characters`, `${db}.fs.*`],
      exclude: [`${db}.fs.chunks`],
      from: [`${db}.*`],
      to: [`${target.databaseName}.restored_*`],
    };
    const restored = await into({ namespaces });
    expect(restored).toMatchObject({ documents: 200, dropped: [], undoable: false });
    expect(await namesIn(target)).toEqual(["mine", "restored_characters", "restored_fs.files"]);
    const again = into({ namespaces });
    await expect(again).rejects.toMatchObject({ code: "restore-not-empty" });
    expect(await into({ namespaces, drop: true })).toMatchObject({
      dropped: ["restored_characters", "restored_fs.files"],
    });
    expect(await target.collection("mine").countDocuments()).toBe(1);
    const collapsed = into({
      namespaces: {
        ...namespaces,
        from: [`${db}.characters`, `${db}.fs.files`],
        to: [1, 2].map(() => `${target.databaseName}.one`),
      },
    });
    await expect(collapsed).rejects.toMatchObject({ code: "restore-namespaces" });
    expect(await target.collection("mine").countDocuments()).toBe(1);
  });

  test("in place after a safety archive, where there is no room for both", async () => {
    await target.collection("mine").insertOne({ kept: true });
    const wanted = { drop: true, inPlace: true };
    await expect(into(wanted)).rejects.toMatchObject({ code: "restore-no-room" });
    expect(await namesIn(target)).toEqual(["mine"]);
    const restored = await into({ ...wanted, safetyStore: folder, safetyRelease: 7 });
    expect(restored.safetyArchive).toMatch(/-r7-|-7-/);
    expect(await hashesOf(target)).toEqual(await hashesOf(source));
    await into({ id: restored.safetyArchive ?? "", drop: true, inPlace: true, safetyStore: folder } as never);
    expect((await namesIn(target)).filter((name) => !name.startsWith("system."))).toEqual(["mine"]);
  });

  test("in place, and where that is interrupted the database says so until it is whole", async () => {
    await target.collection("mine").insertOne({ kept: true });
    const stop = new AbortController();
    const progress = (message: string) => {
      if (message.startsWith("restoring")) stop.abort(new Error("stop"));
    };
    const wanted = { drop: true, inPlace: true, safetyStore: folder };
    const broken = into({ ...wanted, progress, signal: stop.signal });
    await expect(broken).rejects.toMatchObject({ code: "restore-incomplete" });
    expect(await restoreState(addressOf(target))).toMatchObject([{ phase: "in-place" }]);
    const some = into({ namespaces: { include: ["none.*"] } });
    await expect(some).rejects.toMatchObject({ code: "restore-incomplete" });
    await into({ drop: true });
    expect(await restoreState(addressOf(target))).toEqual([]);
    expect(await hashesOf(target)).toEqual(await hashesOf(source));
  });
});

test("a newer server's archive needs a reason, and a dry run says so too", async () => {
  const manifest = join(folder, source.databaseName, `${id}.json`);
  const text = await readFile(manifest, "utf8");
  await writeFile(manifest, text.replace(/"serverVersion": "[^"]*"/, '"serverVersion": "99.0.0"'));
  try {
    for (const dryRun of [true, false])
      await expect(into({ dryRun })).rejects.toMatchObject({ code: "restore-older-server" });
    expect(await namesIn(target)).toEqual([]);
    expect(await into({ allowOlder: "only this server is left" })).toMatchObject({ written: true });
  } finally {
    await writeFile(manifest, text);
  }
});

describe("an anonymised restore", () => {
  const rules = [
    { collection: "players", path: "contact.email", do: "fake", like: "email" },
    { collection: "players", path: "_id", do: "hash" },
    { collection: "players", path: "seats.note", do: "null" },
    { collection: "*", path: "name", do: "replace", with: { of: ["nobody"] } },
  ];

  async function rulesFile(content: unknown) {
    const file = join(folder, "rules.json");
    await writeFile(file, JSON.stringify(content));
    return readAnonymiseRules(file);
  }

  test("is the same each time, and holds nothing of what the rules name", async () => {
    const anonymise = await rulesFile({ salt: "s", rules });
    const namespaces = { include: ["*.players"] };
    await into({ anonymise, namespaces });
    const first = await hashesOf(target);
    const players = await target.collection("players").find().toArray();
    expect(players[0]?._id).toBeInstanceOf(ObjectId);
    for (const one of players) {
      expect(one.name).toEqual({ of: ["nobody"] });
      expect((one.contact as { email: string }).email).toMatch(/@example\.invalid$/);
    }
    expect(players[0]?.seats).toEqual([{ note: null }, { note: null }]);
    expect(await source.collection("players").findOne({ _id: players[0]?._id as ObjectId })).toBeNull();
    await target.dropDatabase();
    await into({ anonymise, namespaces });
    expect(await hashesOf(target)).toEqual(first);
  });

  test.each<[string, unknown]>([
    ["an unknown verb", { salt: "s", rules: [{ collection: "a", path: "b", do: "drop" }] }],
    ["nothing to put there", { salt: "s", rules: [{ collection: "a", path: "b", do: "replace" }] }],
    ["no salt", { rules }],
    ["ids that would be the same", { salt: "s", rules: [{ collection: "a", path: "_id", do: "null" }] }],
  ])("refuses rules with %s", async (_what, content) => {
    await expect(rulesFile(content)).rejects.toMatchObject({ code: "anonymise-rules-invalid" });
  });

  test("refuses a time series, whose documents are packed", async () => {
    const anonymise = await rulesFile({
      salt: "s",
      rules: [{ collection: "rolls", path: "die", do: "null" }],
    });
    await expect(into({ anonymise })).rejects.toMatchObject({ code: "anonymise-rules-invalid" });
    expect(await namesIn(target)).toEqual([]);
  });
});

test("no archive holds what a restore keeps", async () => {
  await target.collection("characters").insertOne({ old: true });
  await into({ drop: true });
  expect((await namesIn(target)).some((name) => name.startsWith("__pre_"))).toBe(true);
  const address = addressOf(target);
  const taken = await takeBackup({ address, store: folder, environment: "development", release: 2 });
  const { collections } = await restoreArchive({ store: folder, id: taken.id, to: address, dryRun: true });
  expect(collections.filter((name) => name.startsWith("__"))).toEqual([]);
  expect(await readdir(join(folder, target.databaseName))).toContain(`${taken.id}.json`);
});
