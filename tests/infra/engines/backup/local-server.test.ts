import { join } from "node:path";
import type { MongoClient } from "mongodb";
import { connect, type DatabaseAddress } from "../../../../infra/drivers/mongo";
import { confirmRestore, restoreArchive, verifyArchive } from "../../../../infra/engines/backup";
import { archiveWithOplog } from "./restore/oplog-archive";
import { definitionsOf, hashesOf } from "./everything";
import { GuardedServer } from "./guarded-server";

let guarded: GuardedServer;
let address: DatabaseAddress;
let admin: MongoClient;

beforeAll(async () => {
  guarded = await GuardedServer.open();
  ({ address, admin } = guarded);
});
afterAll(() => guarded.close());

describe("on a server that is run as production is", () => {
  test("a time series that the backup's own user may not read is no silent hole", async () => {
    await expect(guarded.take()).rejects.toMatchObject({ code: "backup-not-permitted" });
    await expect(guarded.take()).rejects.toThrow(/find in its collection system\.buckets/);
  });

  test("the backup's own user reads everything, and the migrations' own user puts it back", async () => {
    const db = admin.db("tracker");
    await guarded.allowBuckets("backup", "find");
    const [hashes, definitions] = [await hashesOf(db), await definitionsOf(db)];
    const { id } = await guarded.take();
    await db.collection("characters").deleteMany({ name: "hero 1" });
    await db.createCollection("made later");
    const changed = await hashesOf(db);

    const wanted = { store: "backups", id, to: address, drop: true };
    await expect(restoreArchive(wanted)).rejects.toMatchObject({ code: "restore-not-permitted" });
    expect(await hashesOf(db)).toEqual(changed);

    await guarded.allowBuckets("migration", "find", "insert", "update");
    expect((await restoreArchive(wanted)).dropped).toContain("made later");
    await confirmRestore(address);
    expect(await hashesOf(db)).toEqual(hashes);
    expect(await definitionsOf(db)).toEqual(definitions);
    expect(await verifyArchive("backups", id)).toMatchObject({ verified: true });
  });

  test("an archive's oplog is replayed by a user with the right, and refused by its name without", async () => {
    const path = join(guarded.server.root, "oplog.archive");
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
    expect(await guarded.take()).toMatchObject({ collections: 12, verified: true });
    const backup = await connect(address, "backup");
    const written = backup.db("tracker").collection("empty").insertOne({});
    await expect(written).rejects.toMatchObject({ codeName: "Unauthorized" });
    await backup.close();
  });
});
