import type { Document } from "mongodb";
import { restoreArchive, type BackupWanted, type Manifest } from "../../../../infra/engines/backup";
import { ArchiveReader } from "../../../../infra/engines/backup/archive";
import { seedBulk } from "./busy-store";
import { hashesOf } from "./everything";
import { SmallDatabase } from "./small-database";

let small: SmallDatabase;

beforeAll(async () => {
  small = await SmallDatabase.open("backup_dump_options");
  await seedBulk(small.source, "large");
});
beforeEach(() => small.reset());
afterAll(() => small.close());

async function manifestOf(wanted: Partial<BackupWanted>): Promise<Manifest> {
  const { id } = await small.take(wanted);
  return JSON.parse((await small.store.get(`${small.name}/${id}.json`)) ?? "") as Manifest;
}

test.each([
  ["none", "none", "archive"],
  ["default", "gzip", "archive.gz"],
  ["small", "gzip", "archive.gz"],
  ["fast", "zstd", "archive.zst"],
] as const)("the preset %s makes %s, which is put back as it was", async (preset, compression, ending) => {
  const manifest = await manifestOf({ preset });
  const object = small.store.objects.get(`${small.name}/${manifest.id}.${ending}`);
  expect(manifest).toMatchObject({ preset, compression, bytes: object?.length, encryption: null });
  expect(manifest).toMatchObject({ featureCompatibilityVersion: "6.0", usersAndRoles: false });
  await restoreArchive({ store: small.store, id: manifest.id, to: small.addressOf(small.copy) });
  expect(await hashesOf(small.copy)).toEqual(await hashesOf(small.source));
});

test("a copy has the content digests of its source, and another content has others", async () => {
  const source = await manifestOf({});
  await restoreArchive({ store: small.store, id: source.id, to: small.addressOf(small.copy) });
  const digests = ({ collections }: Manifest) => collections.map(({ name, digest }) => [name, digest]);
  const copied = async () => {
    const { id } = await small.take({ address: small.addressOf(small.copy) });
    return JSON.parse((await small.store.get(`${small.copy.databaseName}/${id}.json`)) ?? "") as Manifest;
  };
  expect(digests(await copied())).toEqual(digests(source));
  await small.copy.collection("heroes").updateOne({ name: "Bo" }, { $set: { name: "Bu" } });
  expect(digests(await copied())).not.toEqual(digests(source));
});

test("a capped collection is read at another moment: the manifest says so, and strictly it is refused", async () => {
  expect(await manifestOf({ strict: true })).toMatchObject({ consistency: "snapshot", window: null });
  await small.source.createCollection("log", { capped: true, size: 10_000 });
  await small.source.collection("log").insertOne({ line: 1 });
  try {
    const manifest = await manifestOf({});
    const { consistentAt, window, collections } = manifest;
    expect(manifest.consistency).toBe("best-effort");
    expect(window?.first).toEqual(consistentAt);
    expect(window?.last.t).toBeGreaterThanOrEqual(window?.first.t ?? Infinity);
    expect(collections.filter((one) => one.capped).map((one) => one.name)).toEqual(["log"]);
    const before = [...small.store.objects.keys()];
    await expect(small.take({ strict: true })).rejects.toMatchObject({
      code: "backup-not-consistent",
      message: expect.stringContaining("log"),
    });
    expect([...small.store.objects.keys()]).toEqual(before);
  } finally {
    await small.source.dropCollection("log");
  }
});

test("a limited rate is kept", async () => {
  const started = performance.now();
  await small.take({ limitRate: 8_000_000 });
  expect(performance.now() - started).toBeGreaterThan(1000);
});

test("a rate at which the server's snapshot would be lost is warned of before anything was read, once", async () => {
  const warnings: string[] = [];
  const stop = new AbortController();
  const warn = (message: string) => void warnings.push(message);
  const progress = () => stop.abort(new Error("seen enough"));
  const slow = small.take({ limitRate: 1000, warn, progress, signal: stop.signal });
  await expect(slow).rejects.toThrow("seen enough");
  expect(warnings).toEqual([expect.stringMatching(/the server keeps its snapshot for 5m/)]);
  await small.take({ warn });
  expect(warnings).toHaveLength(1);
});

test("the users and roles of the database are in it on request, and no others", async () => {
  const { source, client, store } = small;
  await source.command({ createUser: "ada", pwd: "dragon", roles: ["read"] });
  await source.command({ createRole: "bard", privileges: [], roles: [] });
  await client.db("backup_elsewhere").command({ createUser: "bo", pwd: "dragon", roles: [] });
  try {
    const manifest = await manifestOf({ usersAndRoles: true });
    expect(manifest.usersAndRoles).toBe(true);
    const archive = await store.read(`${small.name}/${manifest.id}.archive.gz`);
    const counts: Document = {};
    for await (const piece of new ArchiveReader(archive).pieces())
      if (piece.kind === "end") counts[piece.collection] = piece.documents;
    expect(counts).toMatchObject({ "$admin.system.users": 1, "$admin.system.roles": 1 });
  } finally {
    await source.command({ dropAllUsersFromDatabase: 1 });
    await source.command({ dropAllRolesFromDatabase: 1 });
    await client.db("backup_elsewhere").command({ dropAllUsersFromDatabase: 1 });
  }
});
