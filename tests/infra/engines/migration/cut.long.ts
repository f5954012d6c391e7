import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describeWith } from "../../../harness/tools";
import { startToxiproxy, type ToxicProxy } from "../../../harness/toxiproxy";
import { endChildRuns, startChildRun } from "./child-run";
import { count, folderOf, kinds } from "./kinds";
import { adds, failureOf, openWorkshop, type Workshop } from "./workshop";

const patience = 180_000;
let opened = 0;

/** A database for a case of its own: they run beside each other, for most of what they do is waiting. */
async function besideTheOthers(work: (shop: Workshop) => Promise<void>): Promise<void> {
  const shop = await openWorkshop(`migration_cut_${++opened}`);
  try {
    await shop.clear();
    await work(shop);
  } finally {
    await shop.close();
  }
}

/** A way to the server that can be cut. */
async function wayToTheServer(shop: Workshop): Promise<{ uri: string; cut: () => void }> {
  const target = new URL(shop.address.uri.replace("mongodb:", "http:"));
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect(Number(target.port), target.hostname);
    for (const end of [socket, onward]) {
      open.add(end);
      end.on("error", () => undefined).on("close", () => open.delete(end));
    }
    socket.pipe(onward).pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = (): void => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  const { port } = server.address() as AddressInfo;
  return { uri: `mongodb://127.0.0.1:${port}/?directConnection=true`, cut };
}

test.concurrent(
  "a connection that is cut leaves an error that keeps what happened, and the next run carries on",
  () =>
    besideTheOthers(async (shop) => {
      const things = shop.db.collection<{ _id: string }>("things");
      const way = await wayToTheServer(shop);
      const folder = await shop.folder({
        "20260101000000-one": adds("a"),
        "20260102000000-two": `irreversible: "no", async up({ db, log }) {
          await db.collection("things").insertOne({ _id: "b" });
          log("in the middle");
          await db.collection("things").insertOne({ _id: "c" });
        },`,
      });
      const failure = await failureOf(
        shop.up(folder, {
          address: { ...shop.address, uri: way.uri },
          progress: (message) => message.includes("in the middle") && way.cut(),
        }),
      );
      expect(failure).toMatchObject({ code: "migration-failed" });
      expect((failure.cause as AggregateError).errors).toHaveLength(2);
      expect(await things.countDocuments({})).toBe(1);
      expect((await shop.up(folder, { lock: { waitMs: 60_000 } })).ran).toHaveLength(1);
      expect(await things.countDocuments({})).toBe(3);
    }),
  patience,
);

describeWith("toxiproxy-server")("a connection that is cut in the middle", () => {
  const proxies: ToxicProxy[] = [];
  afterAll(async () => {
    endChildRuns();
    await Promise.all(proxies.map((proxy) => proxy.stop()));
  });

  const cases = Object.keys(kinds).flatMap((kind) => [
    [kind, "for good", null] as const,
    [kind, "for a moment", 700] as const,
  ]);

  test.concurrent.each(cases)(
    "of %s, %s, leaves a run that ends by itself, and a next one with each document changed once",
    (kind, _long, mendAfterMs) =>
      besideTheOthers(async (shop) => {
        const things = shop.db.collection<{ _id: unknown; times?: number; n?: number }>("things");
        await things.insertMany(Array.from({ length: count }, (_, n) => ({ _id: n, n })));
        const folder = await shop.folder(folderOf(kinds[kind] ?? ""));
        const proxy = await startToxiproxy(
          Number(new URL(shop.address.uri.replace("mongodb:", "http:")).port),
        );
        proxies.push(proxy);
        const uri = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`;
        const run = startChildRun(shop, folder, { uri, env: { TEST_PAUSE_AT: "in the middle" } });
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
        expect(await things.countDocuments({ n: { $exists: true }, times: 1 })).toBe(count);
        const journal = await shop.db.collection("migrations").find({}).toArray();
        expect(journal.map(({ state, partial }) => [state, partial])).toEqual(
          Array(3).fill(["applied", false]),
        );
      }),
    patience,
  );
});
