import { MongoClient } from "mongodb";
import { listArchives, restoreArchive, restoreState, takeBackup } from "../../../../infra/engines/backup";
import { describeWith } from "../../../harness/tools";
import { startToxiproxy, type ToxicProxy } from "../../../harness/toxiproxy";
import { hashesOf, seedEverything } from "./everything";
import { SmallDatabase } from "./small-database";

const direct = process.env.TEST_MONGODB_URI ?? "";

describeWith("toxiproxy-server")("a connection to the database that is cut by the network", () => {
  let proxy: ToxicProxy;
  let small: SmallDatabase;
  let client: MongoClient;

  beforeAll(async () => {
    proxy = await startToxiproxy(Number(new URL(direct).port));
    small = await SmallDatabase.open("backup_cut");
    client = small.client;
    await seedEverything(small.source, 20_000);
  }, 60_000);
  beforeEach(() => small.reset());
  afterAll(async () => {
    await small.close();
    await proxy.stop();
  });

  const through = (name: string) =>
    ({
      uri: `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`,
      name,
      credentials: "none",
    }) as const;
  const take = (cutAt: string) => {
    const progress = (message: string) => {
      if (message.startsWith(cutAt)) void proxy.cut();
    };
    const address = through(small.name);
    return takeBackup({ address, store: small.store, environment: "development", release: 1, progress });
  };

  test("in the middle of a dump is told, leaves nothing, and the next dump succeeds", async () => {
    await expect(take("archiving characters")).rejects.toMatchObject({ code: "backup-database-lost" });
    expect([...small.store.objects.keys()]).toEqual([]);
    await proxy.mend();
    const { id } = await take("never");
    expect((await listArchives(small.store)).map((one) => one.id)).toEqual([id]);
  }, 60_000);

  test("in the middle of a restore is told, keeps what stood there, and the next run succeeds", async () => {
    const { id } = await take("never");
    await small.copy.collection("mine").insertOne({ kept: true });
    const to = through(small.copy.databaseName);
    const progress = (message: string) => {
      if (message.startsWith("restoring")) void proxy.cut();
    };
    const wanted = { store: small.store, id, to, drop: true };
    await expect(restoreArchive({ ...wanted, progress })).rejects.toMatchObject({
      code: "restore-database-lost",
    });
    expect(await small.copy.collection("mine").countDocuments()).toBe(1);
    await proxy.mend();
    expect(await restoreState(to)).toMatchObject([{ phase: "loading" }]);
    expect(await restoreArchive(wanted)).toMatchObject({ written: true });
    expect(await hashesOf(client.db(to.name))).toMatchObject(await hashesOf(small.source));
  }, 60_000);

  test("and mended within a moment costs no archive", async () => {
    const mending: Promise<void>[] = [];
    const progress = (message: string) => {
      if (message.startsWith("archiving characters") && mending.length === 0)
        mending.push(proxy.cut().then(() => proxy.mend()));
    };
    const address = through(small.name);
    const wanted = { address, store: small.store, environment: "development", release: 1 };
    expect(await takeBackup({ ...wanted, progress })).toMatchObject({ verified: true });
    await Promise.all(mending);
    expect([...small.store.objects.keys()]).toHaveLength(3);
  }, 60_000);
});
