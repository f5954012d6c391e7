import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { MongoClient } from "mongodb";
import type { DatabaseAddress } from "../../../../infra/drivers/mongo";
import { takeBackup, verifyArchive, type Manifest } from "../../../../infra/engines/backup";
import { BusyStore, seedBulk } from "./busy-store";
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
  // A time series may not be read without more.
  beforeAll(() => admin.db("tracker").dropCollection("rolls"));

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
    const { server } = guarded;
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
