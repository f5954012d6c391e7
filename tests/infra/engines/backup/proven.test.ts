import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { FolderStore } from "../../../../infra/drivers/store";
import {
  compareStores,
  describeArchive,
  expectedDuration,
  holdArchive,
  listDescribed,
  proveArchive,
  recordArchive,
  recordVerifications,
  releaseHold,
  resolveReference,
  takeBackup,
} from "../../../../infra/engines/backup";
import { withThrowAwayServer } from "../../../../infra/engines/database";
import { seedEverything } from "./everything";

const name = "backup_proven";
const address = { uri: process.env.TEST_MONGODB_URI ?? "", name, credentials: "none" } as const;
const restore = { kind: "restore", server: address } as const;

let client: MongoClient;
let folder: string;

beforeAll(async () => {
  client = await MongoClient.connect(address.uri);
  await client.db(name).dropDatabase();
  await client
    .db(name)
    .collection("heroes")
    .insertMany([{ name: "Ada" }, { name: "Bo" }]);
  await client.db(name).collection("heroes").createIndex({ name: 1 }, { unique: true });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-proven-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
afterAll(async () => {
  await client.db(name).dropDatabase();
  await client.db(`${name}_ops`).dropDatabase();
  await client.close();
});

const taken = (environment = "staging") => ({ address, store: folder, environment, release: null });
const take = (environment?: string) => takeBackup(taken(environment));

/** Flips one byte in the middle of an archive, as a bad disk would. */
async function damage(id: string): Promise<void> {
  const path = join(folder, name, `${id}.archive.gz`);
  const bytes = await readFile(path);
  const middle = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  await writeFile(path, bytes);
}

const latest = () => readlink(join(folder, "backup-staging-latest.gz"));
const databases = async () =>
  (await client.db("admin").admin().listDatabases({ nameOnly: true })).databases.map((one) => one.name);

describe("an archive is proven", () => {
  test("by restoring everything a database can hold, comparing it, and leaving nothing behind", async () => {
    const everything = { ...address, name: `${name}_everything` };
    await seedEverything(client.db(everything.name), 100);
    const { id } = await takeBackup({ ...taken(), address: everything });
    const { archive, verification } = await proveArchive(folder, id, restore);
    await client.db(everything.name).dropDatabase();
    expect(archive.id).toBe(id);
    expect(verification).toMatchObject({ kind: "restore", ok: true, problem: null });
    expect((await describeArchive(folder, id)).verifications).toEqual([verification]);
    expect((await databases()).filter((one) => one.startsWith("dnd_restore_test"))).toEqual([]);
  });

  test("on a server of its own, which is gone afterwards", async () => {
    const home = await mkdtemp(join(tmpdir(), "dnd-home-"));
    const before = process.env.DND_DIR;
    process.env.DND_DIR = home;
    try {
      const { id } = await take();
      const { verification } = await withThrowAwayServer(
        { purpose: "restore-test", database: name },
        (server) => proveArchive(folder, id, { kind: "restore", server }),
      );
      expect(verification.ok).toBe(true);
      expect((await readdir(home)).filter((one) => !one.endsWith(".lock"))).toEqual([]);
    } finally {
      if (before === undefined) delete process.env.DND_DIR;
      else process.env.DND_DIR = before;
      await rm(home, { recursive: true, force: true });
    }
  });

  test("and what it gives back against the database's own rules is told, for that was damaged before", async () => {
    const strict = client.db(`${name}_strict`);
    await strict.createCollection("heroes", { validator: { name: { $type: "string" } } });
    await strict.createCollection("old", { validator: { n: 1 }, validationLevel: "moderate" });
    const unchecked = { bypassDocumentValidation: true };
    await strict.collection<{ _id: string }>("heroes").insertOne({ _id: "nameless" }, unchecked);
    await strict.collection("old").insertOne({ n: 2 }, unchecked);
    const { id } = await takeBackup({ ...taken(), address: { ...address, name: strict.databaseName } });
    const { verification, misfits } = await proveArchive(folder, id, restore);
    await strict.dropDatabase();
    expect({ ok: verification.ok, misfits }).toEqual({ ok: true, misfits: ["heroes has nameless"] });
  });

  test("and one whose copy is not what its manifest says is refused and marked so", async () => {
    const { id } = await take();
    const store = new MeddlingStore(folder);
    await expect(proveArchive(store, id, restore)).rejects.toMatchObject({ code: "restore-test-failed" });
    const [listed] = await listDescribed(folder, { database: name });
    expect(listed?.verifications).toEqual([
      expect.objectContaining({ ok: false, problem: expect.stringContaining("has other documents") }),
    ]);
    expect((await databases()).filter((one) => one.startsWith("dnd_restore_test"))).toEqual([]);
  });
});

/** Read a second time, for the comparison, it finds that somebody has changed the restored copy. */
class MeddlingStore extends FolderStore {
  #reads = 0;

  override async read(name: string) {
    if (++this.#reads === 2) {
      const copy = (await databases()).find((one) => one.startsWith("dnd_restore_test")) ?? "";
      await client
        .db(copy)
        .collection("heroes")
        .updateOne({}, { $set: { name: "Zed" } });
    }
    return super.read(name);
  }
}

describe("latest", () => {
  test("points to the newest whole archive of its environment, as an object and as a link", async () => {
    const first = await take();
    expect(await latest()).toBe(`${name}/${first.id}.archive.gz`);
    const production = await take("production");
    const named = { reference: "latest", store: folder, database: name, environment: "staging" };
    expect((await resolveReference(named)).id).toBe(first.id);
    expect((await resolveReference({ ...named, environment: undefined })).id).toBe(production.id);
    const path = join(folder, "backup-staging-latest.gz");
    expect(await resolveReference({ ...named, reference: path })).toEqual({ store: folder, id: first.id });
  });

  test("leaves an archive that turned out damaged for the one before it", async () => {
    const first = await take();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const second = await take();
    expect(await latest()).toContain(second.id);
    await damage(second.id);
    await expect(proveArchive(folder, second.id, { kind: "checksum" })).rejects.toMatchObject({
      code: "archive-damaged",
    });
    expect(await latest()).toContain(first.id);
    await damage(first.id);
    await expect(proveArchive(folder, first.id, { kind: "checksum" })).rejects.toThrow(/damaged/);
    expect(await readdir(folder)).toEqual([name]);
    const named = { reference: "latest", store: folder, database: name, environment: undefined };
    await expect(resolveReference(named)).rejects.toMatchObject({ code: "archive-missing" });
  });
});

describe("beside an archive", () => {
  test("stands who holds it and why, until it is let go", async () => {
    const { id } = await take();
    await holdArchive(folder, id, "the audit of May");
    expect((await describeArchive(folder, id)).hold).toMatchObject({ reason: "the audit of May" });
    expect(await releaseHold(folder, id)).toMatchObject({ reason: "the audit of May" });
    expect(await releaseHold(folder, id)).toBeUndefined();
    expect((await describeArchive(folder, id)).hold).toBeNull();
  });

  test("the catalog in the operations' database tells what the store lost, and what nobody put there", async () => {
    const kept = await take();
    const lost = await take();
    for (const archive of [kept, lost]) await recordArchive(address, archive);
    const surprise = await take();
    await rm(join(folder, name, `${lost.id}.json`));
    const { catalog } = await compareStores({ stores: [folder], address });
    expect(catalog).toMatchObject({
      missing: [{ id: lost.id, why: expect.any(String) }],
      unknown: [surprise.id],
    });
  });

  test("the catalog knows what a later look found, and nothing of what it has never heard of", async () => {
    const { id, ...rest } = await take();
    await recordArchive(address, { id, ...rest });
    await damage(id);
    await expect(proveArchive(folder, id, { kind: "checksum" })).rejects.toThrow(/damaged/);
    const { verifications } = await describeArchive(folder, id);
    for (const one of [id, "unheard-of"]) await recordVerifications(address, one, verifications);
    await recordArchive(address, { id, ...rest });
    const known = await client.db(`${name}_ops`).collection<{ _id: string }>("archives").find().toArray();
    expect(known.find(({ _id }) => _id === id)).toMatchObject({
      verifications: [{ kind: "checksum", ok: false }],
    });
    expect(known.map(({ _id }) => _id)).not.toContain("unheard-of");
  });

  test("the time that the next one takes is known from the earlier ones", async () => {
    expect(await expectedDuration(folder, { database: name, bytes: 1000 })).toBeNull();
    const { id } = await take();
    const { manifest } = await describeArchive(folder, id);
    const bytes = manifest.collections.reduce((sum, one) => sum + one.bytes, 0);
    expect(await expectedDuration(folder, { database: name, bytes })).toBe(manifest.durationMs);
    expect(await expectedDuration(folder, { database: name, bytes: bytes * 2 })).toBe(
      manifest.durationMs * 2,
    );
    // Of a database that has grown much since, a small archive would tell hours.
    expect(await expectedDuration(folder, { database: name, bytes: bytes * 1000 })).toBeNull();
  });
});
