import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import {
  connect,
  readLocalCredentials,
  withLogin,
  type DatabaseAddress,
} from "../../../../infra/drivers/mongo";
import {
  confirmRestore,
  restoreArchive,
  takeBackup,
  verifyArchive,
  type Manifest,
} from "../../../../infra/engines/backup";
import { TestServer } from "../database/server";
import { archiveWithOplog } from "./restore/oplog-archive";
import { BusyStore, seedBulk } from "./busy-store";
import { definitionsOf, hashesOf, seedEverything } from "./everything";

let server: TestServer;
let address: DatabaseAddress;
let admin: MongoClient;

beforeAll(async () => {
  server = await TestServer.open();
  ({ address } = await server.ensure());
  const logins = await readLocalCredentials(server.folder);
  if (!logins) throw new Error("the local database has no logins");
  admin = await MongoClient.connect(withLogin(address.uri, logins.admin, "admin").reveal());
  await seedEverything(admin.db("tracker"), 500);
});
afterAll(async () => {
  await admin.close();
  await server.close();
});

const take = () => takeBackup({ address, store: "backups", environment: "development", release: 1 });

/** The buckets of every time series of the database, which the roles read and readWrite leave out. */
async function allowBuckets(user: string, ...actions: string[]): Promise<void> {
  const privileges = [{ resource: { db: "tracker", system_buckets: "" }, actions }];
  await admin.db("admin").command({ createRole: `${user} buckets`, privileges, roles: [] });
  await admin.db("admin").command({ grantRolesToUser: user, roles: [`${user} buckets`] });
}

describe("on a server that is run as production is", () => {
  test("a time series that the backup's own user may not read is no silent hole", async () => {
    await expect(take()).rejects.toMatchObject({ code: "backup-not-permitted" });
    await expect(take()).rejects.toThrow(/find in its collection system\.buckets/);
  });

  test("the backup's own user reads everything, and the migrations' own user puts it back", async () => {
    const db = admin.db("tracker");
    await allowBuckets("backup", "find");
    const [hashes, definitions] = [await hashesOf(db), await definitionsOf(db)];
    const { id } = await take();
    await db.collection("characters").deleteMany({ name: "hero 1" });
    await db.createCollection("made later");
    const changed = await hashesOf(db);

    const wanted = { store: "backups", id, to: address, drop: true };
    await expect(restoreArchive(wanted)).rejects.toMatchObject({ code: "restore-not-permitted" });
    expect(await hashesOf(db)).toEqual(changed);

    await allowBuckets("migration", "find", "insert", "update");
    expect((await restoreArchive(wanted)).dropped).toContain("made later");
    await confirmRestore(address);
    expect(await hashesOf(db)).toEqual(hashes);
    expect(await definitionsOf(db)).toEqual(definitions);
    expect(await verifyArchive("backups", id)).toMatchObject({ verified: true });
  });

  test("an archive's oplog is replayed by a user with the right, and refused by its name without", async () => {
    const path = join(server.root, "oplog.archive");
    await archiveWithOplog(path);
    const to = { ...address, name: "tracker" };
    const namespaces = { from: ["elsewhere.*"], to: ["tracker.replayed *"] };
    const restored = restoreArchive({ path, to, namespaces });
    await expect(restored).rejects.toMatchObject({ code: "restore-oplog-not-permitted" });
    expect(
      await admin
        .db("tracker")
        .listCollections({ name: /^(replayed|__)/ })
        .toArray(),
    ).toEqual([]);
  });

  test("read alone is enough where there is no time series", async () => {
    await admin.db("tracker").dropCollection("rolls");
    await admin.db("admin").command({ revokeRolesFromUser: "backup", roles: ["backup buckets"] });
    expect(await take()).toMatchObject({ collections: 12, verified: true });
    const backup = await connect(address, "backup");
    const written = backup.db("tracker").collection("empty").insertOne({});
    await expect(written).rejects.toMatchObject({ codeName: "Unauthorized" });
    await backup.close();
  });

  test("a primary that steps down while it is read costs no archive", async () => {
    let stepped = 0;
    const store = new BusyStore(async (dump) => {
      if (dump > 1) return;
      stepped++;
      await admin.db("admin").command({ replSetStepDown: 1, force: true });
    });
    await seedBulk(admin.db("tracker"), "bulk");
    const archive = await takeBackup({ address, store, environment: "development", release: 1 });
    expect([stepped, archive.verified]).toEqual([1, true]);
    expect(await verifyArchive(store, archive.id)).toMatchObject({ documents: archive.documents });
    // The archive, its manifest and the name of the latest one: of a try that failed nothing is left.
    expect([...store.objects.keys()]).toHaveLength(3);
  });

  test("a server whose history is too short is read of no single moment, and strictly not at all", async () => {
    const window = (seconds: number) =>
      admin.db("admin").command({ setParameter: 1, minSnapshotHistoryWindowInSeconds: seconds });
    const slow = () =>
      new BusyStore(async () => {
        for (let second = 0; second < 3; second++) {
          await admin.db("elsewhere").collection("writes").insertOne({ second });
          await new Promise((resolve) => setTimeout(resolve, 1000));
        }
      });
    await window(0);
    try {
      const store = slow();
      const wanted = { address, environment: "development", release: 1 };
      const { id } = await takeBackup({ ...wanted, store });
      const manifest = JSON.parse((await store.get(`tracker/${id}.json`)) ?? "") as Manifest;
      expect(manifest).toMatchObject({ consistency: "best-effort", consistentAt: null });
      expect(manifest.window?.last.t).toBeGreaterThan(manifest.window?.first.t ?? Infinity);
      await admin.db("tracker").dropCollection("log");
      const strict = takeBackup({ ...wanted, store: slow(), strict: true });
      await expect(strict).rejects.toMatchObject({ code: "backup-snapshot-lost" });
    } finally {
      await window(300);
    }
  });

  test("a server that dies while it is read leaves no archive, and the next backup succeeds", async () => {
    const { pid } = await server.ensure();
    const store = join(server.root, "after a crash");
    const progress = (line: string) => {
      if (line.startsWith("archiving characters")) process.kill(pid, "SIGKILL");
    };
    const wanted = { address, store, environment: "development", release: 1 };
    await expect(takeBackup({ ...wanted, progress })).rejects.toMatchObject({ code: "backup-database-lost" });
    expect(await readdir(join(store, "tracker"))).toEqual([]);
    await server.ensure();
    expect(await takeBackup(wanted)).toMatchObject({ verified: true });
  });
});
