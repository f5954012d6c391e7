import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Db } from "mongodb";
import { MemoryStore, type PendingObject } from "../../../../infra/drivers/store";
import { listArchives, restoreArchive, takeBackup } from "../../../../infra/engines/backup";
import { OperatorError } from "../../../../infra/support";
import { BusyStore, seedBulk } from "./busy-store";
import { definitionsOf, hashesOf } from "./everything";
import { isKilled } from "./killed-process";
import { SmallDatabase } from "./small-database";

let small: SmallDatabase;

beforeAll(async () => {
  small = await SmallDatabase.open("backup_bad_days");
});
beforeEach(() => small.reset());
afterAll(() => small.close());

/** A disk that is full from a moment on. */
class FullStore extends MemoryStore {
  constructor(private readonly fullAt: "archive" | "commit" | "manifest") {
    super();
  }

  override async create(name: string): Promise<PendingObject> {
    const pending = await super.create(name);
    const fail = async () => {
      throw new OperatorError({ code: "store-full", message: "full", remedy: "Make room." });
    };
    if (this.fullAt === "archive") return { ...pending, write: fail };
    return this.fullAt === "commit" ? { ...pending, commit: fail } : pending;
  }

  override async put(name: string, text: string): Promise<void> {
    if (this.fullAt === "manifest" && name.endsWith(".json")) throw new Error("full");
    return super.put(name, text);
  }
}

describe("a backup that fails leaves nothing behind", () => {
  test.each(["archive", "commit", "manifest"] as const)("when the disk is full at its %s", async (fullAt) => {
    const store = new FullStore(fullAt);
    await expect(small.take({ store })).rejects.toThrow("full");
    expect([...store.objects.keys()]).toEqual([]);
  });

  test("when it is interrupted", async () => {
    for (const moment of ["archiving", "verifying"]) {
      const stop = new AbortController();
      const progress = (message: string) => {
        if (message.startsWith(moment)) stop.abort(new Error("interrupted"));
      };
      await expect(small.take({ progress, signal: stop.signal })).rejects.toThrow("interrupted");
      expect([...small.store.objects.keys()]).toEqual([]);
    }
  });

  test("when the database cannot be reached", async () => {
    const address = { uri: "mongodb://127.0.0.1:9/", name: "none", credentials: "none" } as const;
    const signal = AbortSignal.timeout(300);
    await expect(small.take({ address, signal })).rejects.toThrow();
    expect([...small.store.objects.keys()]).toEqual([]);
  });
});

describe("a collection that is changed while the database is read", () => {
  beforeAll(async () => {
    await seedBulk(small.source, "large");
    await small.source.collection("moving").insertOne({ n: 1 });
  });
  afterAll(async () => {
    for (const name of ["large", "moved", "new1", "new2", "new3"]) await small.source.dropCollection(name);
  });

  test("is read in a second pass: never is it a silent hole", async () => {
    const store = new BusyStore(async (dump) => {
      if (dump === 1) await small.source.renameCollection("moving", "moved");
    });
    expect(await small.take({ store })).toMatchObject({ collections: 4, documents: 13 });
    expect(store.dumps).toBe(2);
    expect([...store.objects.keys()].filter((one) => !one.endsWith("latest.json"))).toHaveLength(2);
  });

  test("again and again is an error that names it", async () => {
    const store = new BusyStore((dump) => small.source.createCollection(`new${dump}`));
    await expect(small.take({ store })).rejects.toMatchObject({
      code: "collections-changed",
      message: expect.stringMatching(/read: new3/),
    });
    expect([...store.objects.keys()]).toEqual([]);
  });
});

describe("a collection that is, after the list was written,", () => {
  beforeEach(async () => {
    await small.source.dropCollection("moved");
    await small.source.dropCollection("gone");
    await small.source.collection("gone").insertOne({ n: 1 });
  });
  afterAll(() => Promise.all(["moved", "gone"].map((name) => small.source.dropCollection(name))));

  test.each<[string, (db: Db) => Promise<unknown>, string[]]>([
    ["dropped", (db) => db.dropCollection("gone"), ["empty", "heroes"]],
    ["renamed", (db) => db.renameCollection("gone", "moved"), ["empty", "heroes", "moved"]],
    ["made", (db) => db.createCollection("moved"), ["empty", "gone", "heroes", "moved"]],
    [
      "dropped and made again under its name",
      async (db) => {
        await db.dropCollection("gone");
        await db.collection("gone").insertMany([{ n: 1 }, { n: 2 }]);
      },
      ["empty", "gone", "heroes"],
    ],
    [
      "given a validator",
      (db) => db.command({ collMod: "gone", validator: { n: { $gt: 0 } } }),
      ["empty", "gone", "heroes"],
    ],
  ])("%s is in the archive as it is then", async (_how, change, names) => {
    const store = new BusyStore(async (dump) => {
      if (dump === 1) await change(small.source);
    });
    const { id } = await small.take({ store, preset: "none" });
    expect(store.dumps).toBe(2);
    await restoreArchive({ store, id, to: small.addressOf(small.copy) });
    expect(Object.keys(await hashesOf(small.copy)).sort()).toEqual(names);
    expect(await hashesOf(small.copy)).toEqual(await hashesOf(small.source));
    expect(await definitionsOf(small.copy)).toEqual(await definitionsOf(small.source));
  });
});

describe("a backup that was killed", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "dnd-killed-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test.each(["archiving heroes", "verifying"])("while %s is cleaned up by the next one", async (moment) => {
    await killedAt(moment);
    const left = await readdir(join(folder, small.name));
    expect(left.some((name) => name.endsWith(".claim"))).toBe(true);
    expect(await listArchives(folder)).toEqual([]);
    const archive = await small.take({ store: folder });
    expect((await readdir(join(folder, small.name))).sort()).toEqual([
      `${archive.id}.archive.gz`,
      `${archive.id}.json`,
      "latest.json",
    ]);
  });

  async function killedAt(moment: string): Promise<void> {
    const wanted = { moment, store: folder, address: small.addressOf(small.source) };
    expect(await isKilled("killed-backup.ts", { BACKUP: JSON.stringify(wanted) })).toBe(true);
  }
});

test("a backup that is being made is not cleaned up by another one", async () => {
  let other: Promise<unknown> | undefined;
  const progress = (message: string) => {
    if (message.startsWith("verifying")) other ??= small.take();
  };
  const address = small.addressOf(small.source);
  const wanted = { address, store: small.store, environment: "x", release: 2, progress };
  await takeBackup(wanted);
  await other;
  expect(await listArchives(small.store)).toHaveLength(2);
});
