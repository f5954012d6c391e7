import type { ArchiveStore } from "../../../../infra/drivers/store";

/** What every store promises, asked of one that `open` makes empty. */
export function promisesOfAStore(kind: string, open: () => Promise<ArchiveStore>): void {
  describe(kind, () => {
    let store: ArchiveStore;
    beforeEach(async () => {
      store = await open();
    });

    async function read(name: string): Promise<Buffer> {
      const chunks: Buffer[] = [];
      for await (const chunk of await store.read(name)) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    }

    async function create(name: string, ...parts: string[]) {
      const pending = await store.create(name);
      for (const part of parts) await pending.write(Buffer.from(part));
      return pending;
    }

    test("shows an object only when it is committed, with all that was written", async () => {
      const pending = await create("db/one.archive.gz", "the ", "whole");
      expect(await store.list()).toEqual([]);
      expect(await store.get("db/one.archive.gz")).toBeUndefined();
      await pending.commit();
      expect(await store.list("db")).toEqual([{ name: "db/one.archive.gz", bytes: 9 }]);
      expect((await read("db/one.archive.gz")).toString()).toBe("the whole");
    });

    test("keeps a large object byte for byte", async () => {
      const bytes = Buffer.from(Array.from({ length: 1_000_000 }, (_, n) => n % 251));
      const pending = await store.create("db/large");
      for (let at = 0; at < bytes.length; at += 70_001) await pending.write(bytes.subarray(at, at + 70_001));
      await pending.commit();
      expect((await read("db/large")).equals(bytes)).toBe(true);
    });

    test("forgets what was abandoned, and an abandon after the commit takes nothing back", async () => {
      await (await create("db/abandoned", "x")).abandon();
      expect(await store.list()).toEqual([]);
      const kept = await create("db/kept", "x");
      await kept.commit();
      await kept.abandon();
      expect(await store.list()).toHaveLength(1);
    });

    test("replaces a small object as a whole", async () => {
      await store.put("db/one.json", "a longer text");
      await store.put("db/one.json", "new");
      expect(await store.get("db/one.json")).toBe("new");
    });

    test("lists one folder or all, by name", async () => {
      await store.put("b/1.json", "1");
      await store.put("a/2.json", "22");
      await store.put("a/1.json", "1");
      expect((await store.list()).map(({ name }) => name).sort()).toEqual([
        "a/1.json",
        "a/2.json",
        "b/1.json",
      ]);
      expect(await store.list("a")).toEqual([
        { name: "a/1.json", bytes: 1 },
        { name: "a/2.json", bytes: 2 },
      ]);
      expect(await store.list("c")).toEqual([]);
    });

    test("deletes, also what is not there", async () => {
      await store.put("db/one.json", "1");
      await store.delete("db/one.json");
      await store.delete("db/one.json");
      expect(await store.list()).toEqual([]);
    });

    test("says which object is missing", async () => {
      const missing = { code: "store-object-missing", message: expect.stringContaining("db/none") };
      await expect(store.read("db/none")).rejects.toMatchObject(missing);
      expect(await store.get("db/none")).toBeUndefined();
    });

    test("can be written, as far as can be seen", async () => {
      expect(await store.whyNotWritable()).toBeUndefined();
      expect(await store.list()).toEqual([]);
    });
  });
}
