import { MemoryStore, type ArchiveStore } from "../../../../infra/drivers/store";
import { copyArchive, copyArchives, listArchives, verifyArchive } from "../../../../infra/engines/backup";
import { latestArchive } from "../../../../infra/engines/backup/latest";
import { addVerification, putHold } from "../../../../infra/engines/backup/marks";
import { DyingStore } from "./dying-store";
import { SmallDatabase } from "./small-database";

let small: SmallDatabase;
beforeAll(async () => {
  small = await SmallDatabase.open("backup_copies");
});
beforeEach(() => small.reset());
afterAll(() => small.close());

/** A store that counts how many archives are written into it. */
class CountingStore extends DyingStore {
  writes = 0;

  override create(name: string) {
    this.writes += 1;
    return super.create(name);
  }
}

const filter = () => ({ database: small.name });
const ids = async (store: ArchiveStore) => (await listArchives(store)).map(({ id }) => id);

describe("copies of archives", () => {
  test("are whole archives in the other stores, with their latest, and are made once", async () => {
    const { id } = await small.take();
    const to = new CountingStore();
    expect(await copyArchive({ from: small.store, to, id })).toBe("copied");
    expect(await verifyArchive(to, id)).toMatchObject({ id, verified: true });
    expect(await latestArchive(to, filter())).toBe(id);
    expect(await copyArchive({ from: small.store, to, id })).toBe("there");
    expect(to.writes).toBe(1);
  });

  test("that were killed anywhere list as nothing, and the next run completes them without sending twice what is whole", async () => {
    const { id } = await small.take();
    for (const dyingAt of ["archive.gz", "json"]) {
      const to = new CountingStore();
      to.dyingAt = `${small.name}/${id}.${dyingAt}`;
      await expect(copyArchive({ from: small.store, to, id })).rejects.toThrow("killed");
      expect(await ids(to)).toEqual([]);
      to.revive();
      to.writes = 0;
      for (const name of [...to.objects.keys()].filter((one) => one.endsWith(".claim")))
        await to.put(name, ((await to.get(name)) ?? "").replace(/"pid":\d+/, '"pid":999999999'));
      await copyArchive({ from: small.store, to, id });
      expect(to.writes).toBe(dyingAt === "json" ? 0 : 1);
      expect(await verifyArchive(to, id)).toMatchObject({ id });
      expect([...to.objects.keys()].filter((name) => name.endsWith(".claim"))).toEqual([]);
    }
  });

  test("are never made of damaged bytes", async () => {
    const archive = await small.take();
    small.change(small.nameOf(archive, "archive.gz"), (bytes) => {
      const spoilt = Buffer.from(bytes);
      spoilt[spoilt.length - 20] = (spoilt.at(-20) ?? 0) ^ 1;
      return spoilt;
    });
    const to = new MemoryStore();
    await expect(copyArchive({ from: small.store, to, id: archive.id })).rejects.toMatchObject({
      code: "archive-damaged",
    });
    expect(to.objects.size).toBe(0);
  });

  test("of all that the first store has go to every other one; one that fails is told and stops nobody", async () => {
    const kept = [(await small.take()).id, (await small.take()).id].sort().reverse();
    const broken = new DyingStore();
    broken.dyingAt = `${small.name}/latest.json`;
    broken.list = () => Promise.reject(new Error("the wire is cut"));
    const whole = new MemoryStore();
    const told: string[] = [];
    const copies = await copyArchives({
      stores: [small.store, broken, whole],
      filter: filter(),
      warn: (message) => told.push(message),
    });
    expect(await ids(whole)).toEqual(kept);
    expect(copies.filter(({ outcome }) => outcome === "copied").map(({ id }) => id)).toEqual(kept);
    expect(copies.filter(({ outcome }) => outcome === "failed").map(({ problem }) => problem)).toEqual(
      kept.map(() => "the wire is cut"),
    );
    expect(told).toEqual([expect.stringMatching(/^NO COPY in memory: of .*, .*: the wire is cut$/)]);
    const again = await copyArchives({ stores: [small.store, whole], filter: filter() });
    expect(again.map(({ outcome }) => outcome)).toEqual(["there", "there"]);
  });

  test("are mended from whichever store has them, carry the hold, and leave out what was found wanting", async () => {
    const { id } = await small.take();
    const copy = new MemoryStore();
    await copyArchive({ from: small.store, to: copy, id });
    const hold = { since: new Date().toISOString(), by: "me", reason: "audit" };
    await putHold(copy, { database: small.name, id }, hold);
    const lost = new MemoryStore();
    expect(await copyArchives({ stores: [lost, copy], id })).toMatchObject([{ id, outcome: "copied" }]);
    expect(await ids(lost)).toEqual([id]);
    expect(lost.objects.has(`${small.name}/${id}.hold.json`)).toBe(true);
    const look = {
      kind: "restore",
      at: hold.since,
      by: "me",
      ok: false,
      problem: "x",
      durationMs: 1,
    } as const;
    await addVerification(lost, { database: small.name, id }, look);
    expect(await copyArchives({ stores: [lost, new MemoryStore()], filter: filter() })).toEqual([]);
  });

  test("follow an archive that was given to other readers", async () => {
    const { id } = await small.take();
    const to = new MemoryStore();
    await copyArchive({ from: small.store, to, id });
    const other = new MemoryStore();
    small.store = other;
    await small.source.collection("heroes").insertOne({ name: "Cy" });
    const newer = await small.take();
    // As a rekey leaves it: the same id over other bytes.
    const rename = (ending: string, change: (text: string) => Buffer | string) =>
      other.objects.set(
        `${small.name}/${id}.${ending}`,
        Buffer.from(change(other.objects.get(`${small.name}/${newer.id}.${ending}`)?.toString() ?? "")),
      );
    const bytes = other.objects.get(`${small.name}/${newer.id}.archive.gz`) ?? Buffer.alloc(0);
    rename("archive.gz", () => bytes);
    rename("json", (text) => text.replaceAll(newer.id, id));
    expect(await copyArchive({ from: other, to, id })).toBe("copied");
    expect((await verifyArchive(to, id)).sha256).toBe(newer.sha256);
    expect([...to.objects.keys()].filter((name) => name.endsWith(".rekey.json"))).toEqual([]);
  });
});
