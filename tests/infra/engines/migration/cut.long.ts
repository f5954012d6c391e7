import { setTimeout as sleep } from "node:timers/promises";
import { describeWith } from "../../../harness/tools";
import { startToxiproxy, type ToxicProxy } from "../../../harness/toxiproxy";
import { endChildRuns, startChildRun } from "./child-run";
import { count, folderOf, kinds } from "./kinds";
import { openWorkshop, type Workshop } from "./workshop";

describeWith("toxiproxy-server")("a connection that is cut in the middle", () => {
  let shop: Workshop;
  let proxy: ToxicProxy;

  beforeAll(async () => {
    shop = await openWorkshop("migration_cut");
    proxy = await startToxiproxy(Number(new URL(shop.address.uri.replace("mongodb:", "http:")).port));
  });
  beforeEach(async () => {
    await shop.clear();
    await proxy.mend();
  });
  afterEach(endChildRuns);
  afterAll(async () => {
    await proxy.stop();
    await shop.close();
  });

  const things = () => shop.db.collection<{ _id: unknown; times?: number; n?: number }>("things");
  const cases = Object.keys(kinds).flatMap((kind) => [
    [kind, "for good", null] as const,
    [kind, "for a moment", 700] as const,
  ]);

  test.each(cases)(
    "of %s, %s, leaves a run that ends by itself, and a next one with each document changed once",
    async (kind, _long, mendAfterMs) => {
      await things().insertMany(Array.from({ length: count }, (_, n) => ({ _id: n, n })));
      const folder = await shop.folder(folderOf(kinds[kind] ?? ""));
      const uri = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`;
      const run = startChildRun(shop, folder, { uri });
      await run.saying("in the middle");
      await proxy.cut();
      if (mendAfterMs !== null) {
        await sleep(mendAfterMs);
        await proxy.mend();
      }
      await run.exited;
      const last = run.lines.at(-1) ?? "";
      if (last.startsWith("ended with")) {
        expect(last).toMatch(/^ended with (migration-failed|migration-lock-lost|database-unreachable)$/);
      } else expect(mendAfterMs).not.toBeNull();
      await shop.up(folder, { lock: { waitMs: 60_000 } });
      expect(await things().countDocuments({ n: { $exists: true }, times: 1 })).toBe(count);
      const journal = await shop.db.collection("migrations").find({}).toArray();
      expect(journal.map(({ state, partial }) => [state, partial])).toEqual(
        Array(3).fill(["applied", false]),
      );
    },
  );
});
