import { listArchives } from "../../../../infra/engines/backup";
import { pruneArchives } from "../../../../infra/engines/backup/prune";
import { addVerification, putHold } from "../../../../infra/engines/backup/marks";
import { latestArchive } from "../../../../infra/engines/backup/latest";
import { claimArchive } from "../../../../infra/engines/backup/leftovers";
import { DyingStore } from "./dying-store";
import { manifestOf } from "./some-manifest";

const now = new Date("2026-11-21T12:00:00Z");
const ids = ["20261121T030000Z-r9-0001", "20261001T030000Z-r5-0002", "20260901T030000Z-r4-0003"] as const;
const [newest, middle, oldest] = ids;
const needed = { ids: [], releases: [] };

const look = (ok: boolean) =>
  ({ kind: "checksum", at: now.toISOString(), by: "me", ok, problem: null, durationMs: 1 }) as const;

async function filledStore(): Promise<DyingStore> {
  const store = new DyingStore();
  for (const id of ids) {
    const takenAt = `${id.slice(0, 4)}-${id.slice(4, 6)}-${id.slice(6, 8)}T03:00:00.000Z`;
    const manifest = manifestOf({ id, takenAt, release: Number(id.slice(18, 19)) });
    await store.put(`tracker/${id}.archive.gz`, "abc");
    await addVerification(store, { database: "tracker", id }, look(true));
    await store.put(`tracker/${id}.json`, JSON.stringify(manifest));
  }
  return store;
}

const namesOf = (store: DyingStore) => [...store.objects.keys()].sort();
const outcomes = async (work: ReturnType<typeof pruneArchives>) =>
  (await work).archives.map(({ outcome }) => outcome);

describe("pruning", () => {
  it("says what it would do, and does nothing, when it runs dry", async () => {
    const store = await filledStore();
    const before = namesOf(store);
    expect(await outcomes(pruneArchives({ store, rules: {}, needed, now, dryRun: true }))).toEqual([
      "kept",
      "would-delete",
      "would-delete",
    ]);
    expect(namesOf(store)).toEqual(before);
  });

  it("deletes archives with all that stands beside them", async () => {
    const store = await filledStore();
    expect(await outcomes(pruneArchives({ store, rules: {}, needed, now }))).toEqual([
      "kept",
      "deleted",
      "deleted",
    ]);
    expect(namesOf(store)).toEqual(
      ["archive.gz", "json", "verified.json"].map((end) => `tracker/${newest}.${end}`),
    );
  });

  it("leaves those under hold, those that a release needs, and those of other environments", async () => {
    const store = await filledStore();
    await putHold(
      store,
      { database: "tracker", id: oldest },
      { since: now.toISOString(), by: "me", reason: "audit" },
    );
    const result = await pruneArchives({ store, rules: {}, needed: { ids: [], releases: [5] }, now });
    expect(result.archives.map(({ verdict }) => verdict)).toEqual(["keep", "keep", "keep"]);
    expect(result.archives[2]?.reasons).toEqual(["it is under hold: audit"]);
    expect(
      (await pruneArchives({ store, rules: { days: 0 }, needed, now, environment: "staging" })).archives,
    ).toEqual([]);
  });

  it("spares an archive that somebody works on", async () => {
    const store = await filledStore();
    await claimArchive(store, { database: "tracker", id: middle });
    expect(await outcomes(pruneArchives({ store, rules: {}, needed, now }))).toEqual([
      "kept",
      "spared",
      "deleted",
    ]);
    expect(await listArchives(store)).toHaveLength(2);
  });

  it("does not count a damaged archive as the last good one", async () => {
    const store = await filledStore();
    await addVerification(store, { database: "tracker", id: newest }, look(false));
    expect(await outcomes(pruneArchives({ store, rules: { days: 0 }, needed, now }))).toEqual([
      "deleted",
      "kept",
      "deleted",
    ]);
  });

  it("keeps what the store has locked, whole and by name, also when it runs dry", async () => {
    const store = Object.assign(await filledStore(), {
      lockOf: async (name: string) =>
        name.endsWith(`${middle}.archive.gz`) ? { by: "a legal hold", until: null } : undefined,
    });
    const expected = ["kept", "spared", "would-delete"];
    expect(await outcomes(pruneArchives({ store, rules: {}, needed, now, dryRun: true }))).toEqual(expected);
    const { archives } = await pruneArchives({ store, rules: {}, needed, now });
    expect(archives[1]).toMatchObject({
      outcome: "spared",
      reasons: expect.arrayContaining([expect.stringContaining("archive.gz stands under a legal hold")]),
    });
    expect((await listArchives(store)).map(({ id }) => id)).toEqual([newest, middle]);
  });

  it("lets latest name what is left, also after a run that was killed before it could", async () => {
    const store = await filledStore();
    const latest = { documentVersion: 1, id: newest, environments: { production: newest } };
    await store.put("tracker/latest.json", JSON.stringify(latest));
    await addVerification(store, { database: "tracker", id: newest }, look(false));
    await pruneArchives({ store, rules: { days: 0 }, needed, now });
    expect(await latestArchive(store, { database: "tracker" })).toBe(middle);
    await store.put("tracker/latest.json", JSON.stringify(latest));
    await pruneArchives({ store, rules: { days: 0 }, needed, now });
    expect(await latestArchive(store, { database: "tracker" })).toBe(middle);
  });

  it("touches nothing whose manifest cannot be read, and says so", async () => {
    const store = await filledStore();
    await store.put(`tracker/${oldest}.json`, "{");
    const { unreadable } = await pruneArchives({ store, rules: {}, needed, now });
    expect(unreadable).toEqual([
      { id: oldest, why: expect.stringContaining("manifest cannot be used") as string },
    ]);
    expect(namesOf(store)).toContain(`tracker/${oldest}.archive.gz`);
  });

  it("leaves nothing that lists and is not whole wherever it is killed, and the next run ends the work", async () => {
    for (let survived = 0; survived < 7; survived++) {
      const store = await filledStore();
      store.dyingAt = survived;
      await expect(pruneArchives({ store, rules: {}, needed, now })).rejects.toThrow("killed");
      store.revive();
      for (const { id } of await listArchives(store))
        expect(namesOf(store)).toContain(`tracker/${id}.archive.gz`);
      // Its process is gone, as a killed one is.
      for (const name of namesOf(store).filter((one) => one.endsWith(".claim")))
        await store.put(name, ((await store.get(name)) ?? "").replace(/"pid":\d+/, '"pid":999999999'));
      await pruneArchives({ store, rules: {}, needed, now });
      expect(namesOf(store)).toEqual(
        ["archive.gz", "json", "verified.json"].map((end) => `tracker/${newest}.${end}`),
      );
    }
  });
});
