import { MemoryStore } from "../../../../infra/drivers/store";
import {
  compareStores,
  copyArchive,
  recordArchive,
  recordCopies,
  type ArchiveSummary,
} from "../../../../infra/engines/backup";
import { SmallDatabase } from "./small-database";

let small: SmallDatabase;
let other: MemoryStore;
beforeAll(async () => {
  small = await SmallDatabase.open("backup_compare");
});
beforeEach(async () => {
  await small.reset();
  await small.client.db("backup_compare_ops").dropDatabase();
  other = new NamedStore();
});
afterAll(async () => {
  await small.client.db("backup_compare_ops").dropDatabase();
  await small.close();
});

class NamedStore extends MemoryStore {
  override readonly location = "memory:other";
}

const compare = () =>
  compareStores({
    stores: [small.store, other],
    filter: { database: small.name },
    address: small.addressOf(small.source),
  });

async function taken(): Promise<ArchiveSummary> {
  const archive = await small.take();
  await recordArchive(small.addressOf(small.source), archive);
  return archive;
}

describe("stores and catalog", () => {
  test("agree when every store holds everything that the catalog knows", async () => {
    const { id } = await taken();
    await copyArchive({ from: small.store, to: other, id });
    const compared = await compare();
    expect(compared).toMatchObject({
      agree: true,
      stores: [
        { store: "memory:", problem: null, archives: 1, newest: id },
        { store: "memory:other", problem: null, archives: 1, newest: id },
      ],
      archives: [{ id, stores: ["memory:", "memory:other"], lacking: [], differing: [], latest: true }],
      catalog: { missing: [], unknown: [], failedCopies: [], newest: id },
    });
  });

  test("say of each archive which store lacks it, and what a copy failed of", async () => {
    const [older, newer] = [await taken(), await taken()];
    await copyArchive({ from: small.store, to: other, id: older.id });
    const failed = { id: newer.id, store: "memory:other", outcome: "failed", problem: "full" } as const;
    await recordCopies(small.addressOf(small.source), [{ ...failed, at: new Date().toISOString() }]);
    const compared = await compare();
    expect(compared.agree).toBe(false);
    expect(compared.archives.map(({ id, lacking }) => [id, lacking])).toEqual([
      [newer.id, ["memory:other"]],
      [older.id, []],
    ]);
    expect(compared.stores.map(({ newest }) => newest)).toEqual([newer.id, older.id]);
    expect(compared.catalog?.failedCopies).toMatchObject([{ id: newer.id, problem: "full" }]);
    await copyArchive({ from: small.store, to: other, id: newer.id });
    expect((await compare()).catalog?.failedCopies).toEqual([]);
  });

  test("say what the catalog knows that no store has, what a store has that the catalog does not know, and other bytes", async () => {
    const [gone, changed] = [await taken(), await taken()];
    const unknown = await small.take();
    await copyArchive({ from: small.store, to: other, id: changed.id });
    small.store.objects.delete(`${small.name}/${gone.id}.json`);
    const name = `${small.name}/${changed.id}.json`;
    other.objects.set(
      name,
      Buffer.from((other.objects.get(name) ?? "").toString().replace(changed.sha256, "0".repeat(64))),
    );
    const { catalog, archives, agree } = await compare();
    expect(agree).toBe(false);
    expect(catalog?.missing).toEqual([{ id: gone.id, why: "no store has a good archive of that id" }]);
    expect(catalog?.unknown).toEqual([unknown.id]);
    expect(archives.find(({ id }) => id === changed.id)?.differing).toEqual(["memory:other"]);
  });

  test("do not call missing what a store that cannot be read may have", async () => {
    const { id } = await taken();
    small.store.list = () => Promise.reject(new Error("the wire is cut"));
    const { stores, catalog, agree } = await compare();
    expect(agree).toBe(false);
    expect(stores[0]).toMatchObject({ problem: "the wire is cut", newest: null });
    expect(catalog?.missing).toEqual([
      { id, why: "no store that can be read has a good archive of that id" },
    ]);
  });
});
