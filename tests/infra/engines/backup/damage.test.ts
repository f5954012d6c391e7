import { gunzipSync, gzipSync } from "node:zlib";
import {
  confirmRestore,
  findArchive,
  listArchives,
  restoreArchive,
  restoreState,
  verifyArchive,
} from "../../../../infra/engines/backup";
import { SmallDatabase } from "./small-database";

let small: SmallDatabase;

beforeAll(async () => {
  small = await SmallDatabase.open("backup_damage");
});
beforeEach(() => small.reset());
afterAll(() => small.close());

const restore = (id: string) =>
  restoreArchive({ store: small.store, id, to: small.addressOf(small.copy), drop: true });

async function expectRefused(id: string, code: string): Promise<void> {
  await small.copy.collection("mine").replaceOne({ kept: true }, { kept: true }, { upsert: true });
  await expect(verifyArchive(small.store, id)).rejects.toMatchObject({ code });
  await expect(restore(id)).rejects.toMatchObject({ code });
  expect(await small.copy.collection("mine").countDocuments()).toBe(1);
}

const flipped = (bytes: Buffer, at: number) => {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
};

describe("an archive is refused before anything is touched when it", () => {
  test.each<[string, (bytes: Buffer) => Buffer]>([
    ["is cut off", (bytes) => bytes.subarray(0, -20)],
    ["is empty", () => Buffer.alloc(0)],
    ["has one other bit", (bytes) => flipped(bytes, bytes.length >> 1)],
    ["has a byte behind it", (bytes) => Buffer.concat([bytes, Buffer.alloc(1)])],
    ["has a megabyte behind it", (bytes) => Buffer.concat([bytes, Buffer.alloc(1_000_000, 5)])],
    ["has itself behind it", (bytes) => Buffer.concat([bytes, bytes])],
    ["is packed in another way", (bytes) => gzipSync(gunzipSync(bytes), { level: 1 })],
    ["is no archive", () => gzipSync("a text")],
  ])("%s", async (_how, damage) => {
    const archive = await small.take();
    small.change(small.nameOf(archive, "archive.gz"), damage);
    await expectRefused(archive.id, "archive-damaged");
  });

  test.each<[string, RegExp, string]>([
    ["counts other documents", /"documents": 2/g, '"documents": 3'],
    ["names another collection", /"name": "heroes"/, '"name": "villains"'],
    ["has another checksum", /"crc64": "-?\d/, '"crc64": "7'],
    ["has another SHA-256", /"sha256": "..../, '"sha256": "----'],
    ["is of another archive", /"id": "[^"]*"/, '"id": "20260101T000000Z-r1-aaaa"'],
    ["is no JSON", /^\{/, ""],
    ["lacks a field", /"sha256"/, '"sha"'],
  ])("has a manifest that %s", async (_how, pattern, replacement) => {
    const archive = await small.take();
    const lie = (bytes: Buffer) => Buffer.from(bytes.toString().replace(pattern, replacement));
    const before = small.store.objects.get(small.nameOf(archive, "json"))?.toString();
    small.change(small.nameOf(archive, "json"), lie);
    expect(small.store.objects.get(small.nameOf(archive, "json"))?.toString()).not.toBe(before);
    await expectRefused(archive.id, "archive-damaged");
  });

  test("comes from a newer checkout", async () => {
    const archive = await small.take();
    small.change(small.nameOf(archive, "json"), (bytes) =>
      Buffer.from(bytes.toString().replace('"documentVersion": 1', '"documentVersion": 2')),
    );
    await expectRefused(archive.id, "archive-newer");
    expect(await listArchives(small.store)).toEqual([]);
  });

  test("has lost its file, or its manifest", async () => {
    const archive = await small.take();
    small.store.objects.delete(small.nameOf(archive, "archive.gz"));
    await expectRefused(archive.id, "archive-missing");
    expect(await findArchive(small.store, archive.id)).toBeUndefined();
    small.store.objects.delete(small.nameOf(archive, "json"));
    await expectRefused(archive.id, "archive-missing");
  });
});

test("one archive that cannot be used does not hide the others", async () => {
  const [bad, good] = [await small.take(), await small.take()];
  small.change(small.nameOf(bad, "json"), () => Buffer.from("{"));
  small.store.objects.set(`${small.name}/notes.json`, Buffer.from("of somebody else"));
  expect((await listArchives(small.store)).map(({ id }) => id)).toEqual([good.id]);
});

describe("a restore", () => {
  test("overwrites nothing unless it may be dropped, and a dry run only tells", async () => {
    const { id } = await small.take();
    const wanted = { store: small.store, id, to: small.addressOf(small.copy) };
    await small.copy.collection("mine").insertOne({ kept: true });
    await expect(restoreArchive(wanted)).rejects.toMatchObject({ code: "restore-not-empty" });
    expect(await restoreArchive({ ...wanted, dryRun: true })).toMatchObject({
      written: false,
      documents: 2,
      collections: ["empty", "heroes"],
      dropped: ["mine"],
    });
    expect(await small.copy.collection("mine").countDocuments()).toBe(1);
    expect(await restoreArchive({ ...wanted, drop: true })).toMatchObject({ written: true, undoable: true });
    await confirmRestore(wanted.to);
    const names = (await small.copy.listCollections().toArray()).map(({ name }) => name).sort();
    expect(names).toEqual(["empty", "heroes"]);
  });

  test("that is interrupted leaves the database as it was", async () => {
    const { id } = await small.take();
    await small.copy.collection("mine").insertOne({ kept: true });
    const stop = new AbortController();
    const progress = (message: string) => {
      if (message.startsWith("restoring")) stop.abort(new Error("stop"));
    };
    const to = small.addressOf(small.copy);
    const wanted = { store: small.store, id, to, drop: true };
    await expect(restoreArchive({ ...wanted, progress, signal: stop.signal })).rejects.toThrow("stop");
    expect((await small.copy.listCollections().toArray()).map(({ name }) => name)).toEqual(["mine"]);
    expect(await restoreState(to)).toEqual([]);
    expect(await restoreArchive(wanted)).toMatchObject({ written: true });
  });
});
