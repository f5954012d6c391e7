import { randomBytes } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { listArchives, proveArchive, verifyArchive } from "../../../../infra/engines/backup";
import { withThrowAwayServer } from "../../../../infra/engines/database";
import { SmallDisk } from "../../../harness/small-disk";
import { describeUnless } from "../../../harness/tools";
import { SmallDatabase } from "./small-database";

const mounted = SmallDisk.mount(3);

describeUnless(typeof mounted === "string" ? mounted : undefined)("a disk that is full", () => {
  const disk = mounted as SmallDisk;
  let small: SmallDatabase;

  beforeAll(async () => {
    small = await SmallDatabase.open("backup_disk_full");
  });
  afterAll(async () => {
    await small.close();
    disk.unmount();
  });

  test("under the store is told with what helps, leaves no part, and the next backup that fits succeeds", async () => {
    const noise = Array.from({ length: 6 }, () => ({ data: randomBytes(1_000_000) }));
    await small.source.collection("noise").insertMany(noise);
    const full = small.take({ store: disk.folder });
    await expect(full).rejects.toMatchObject({ code: "store-full", remedy: expect.stringContaining("room") });
    expect(await readdir(join(disk.folder, small.name))).toEqual([]);
    expect(await listArchives(disk.folder)).toEqual([]);
    await small.source.dropCollection("noise");
    const { id } = await small.take({ store: disk.folder });
    expect(await verifyArchive(disk.folder, id)).toMatchObject({ id });
  });

  test("under the server of a restore test is told, marks no archive as damaged, and leaves nothing", async () => {
    const { id } = await small.take();
    const before = process.env.DND_DIR;
    const home = join(disk.folder, "home");
    await mkdir(home);
    process.env.DND_DIR = home;
    try {
      const wanted = { purpose: "restore-test", database: small.name };
      const proven = withThrowAwayServer(wanted, (server) =>
        proveArchive(small.store, id, { kind: "restore", server }),
      );
      await expect(proven).rejects.toMatchObject({ remedy: expect.stringMatching(/./) });
      expect((await readdir(home)).filter((one) => !one.endsWith(".lock"))).toEqual([]);
      expect((await listArchives(small.store)).map((one) => one.id)).toEqual([id]);
      expect([...small.store.objects.keys()].filter((name) => name.endsWith("verified.json"))).toEqual([]);
    } finally {
      if (before === undefined) delete process.env.DND_DIR;
      else process.env.DND_DIR = before;
    }
  });
});
