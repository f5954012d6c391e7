import { tryOnLive } from "../../../../infra/engines/migration";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { adds, failureOf, openWorkshop, type Workshop } from "./workshop";

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop("migration_bad_days");
});
beforeEach(() => shop.clear());
afterAll(() => shop.close());

const loader = join(__dirname, "../../../../infra/support/typescript.cjs");
const things = () => shop.db.collection<{ _id: string | number; by?: number }>("things");

/** A way to the server that can be cut. */
async function wayToTheServer(): Promise<{ uri: string; cut: () => void }> {
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

describe("on a bad day", () => {
  test.each([
    ["a transaction", ""],
    ["a migration outside a transaction", "transaction: false, idempotent: true,"],
  ])("%s whose runner slept longer than its lease does nothing more when it wakes", async (_what, kind) => {
    const folder = await shop.folder({
      "20260101000000-one": `${kind} irreversible: "no", async up({ db, log }) {
          for (let n = 0; n < 40; n++) {
            await db.collection("things").updateOne({ _id: n }, { $set: { by: process.pid } }, { upsert: true });
            if (n === 5) log("in the middle");
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
        },`,
    });
    const script = join(__dirname, "runner-process.ts");
    const args = ["-r", loader, script, shop.address.uri, shop.address.name, folder, "1000"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const lines: string[] = [];
    const output = createInterface({ input: child.stdout });
    output.on("line", (line) => lines.push(line));
    const exited = once(child, "exit");
    while (!lines.some((line) => line.includes("in the middle"))) await sleep(20);
    child.kill("SIGSTOP");
    await sleep(1200);
    expect((await shop.up(folder)).ran).toHaveLength(1);
    child.kill("SIGCONT");
    await exited;
    expect(lines.at(-1)).toBe("ended with migration-lock-lost");
    expect(await things().countDocuments({ by: process.pid })).toBe(40);
    expect(await things().countDocuments({})).toBe(40);
  });

  test("a connection that is cut leaves an error that keeps what happened, and the next run carries on", async () => {
    const way = await wayToTheServer();
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
    expect(await things().countDocuments({})).toBe(1);
    expect((await shop.up(folder, { lock: { waitMs: 60_000 } })).ran).toHaveLength(1);
    expect(await things().countDocuments({})).toBe(3);
  });

  test("a trial on the live database ends after three seconds, and others can write again", async () => {
    await things().insertOne({ _id: "a" });
    const folder = await shop.folder({
      "20260101000000-one": `irreversible: "no", async up({ db }) {
          await db.collection("things").updateOne({ _id: "a" }, { $set: { by: 1 } });
          await new Promise((resolve) => setTimeout(resolve, 20_000).unref());
        },`,
    });
    const base = { address: shop.address, folder, phase: "all", release: null } as const;
    const { ok, migrations } = await tryOnLive({ ...base, progress: () => undefined });
    expect(ok).toBe(false);
    expect(migrations[0]?.error).toContain("longer than 3.0s");
    await things().updateOne({ _id: "a" }, { $set: { by: 2 } }, { maxTimeMS: 500 });
    expect(await things().findOne({})).toEqual({ _id: "a", by: 2 });
  });

  test("fifty runners at once run each migration once", async () => {
    const folder = await shop.folder({
      "20260101000000-one": adds("a"),
      "20260102000000-two": `transaction: false, idempotent: true, ${adds("b")}`,
    });
    const results = await Promise.all(
      Array.from({ length: 50 }, () => shop.up(folder, { lock: { waitMs: 60_000 } })),
    );
    expect(results.flatMap(({ ran }) => ran)).toHaveLength(2);
  });
});
