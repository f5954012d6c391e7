import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Outpost } from "../../../../infra/drivers/outpost/outpost";
import { serveOutpost } from "../../../../infra/drivers/outpost/serve";
import { OperatorError, Secret } from "../../../../infra/support";
import { exchangeOver, type Work } from "./open-outpost";

describe("an outpost", () => {
  let folder: string;
  let socket: string;
  let served: Promise<void>;
  let echo: Server;
  const offers: Record<string, Work> = { hello: () => undefined };
  /** What becomes of an exchange on its way. */
  let onTheWay: (exchange: () => Promise<string>) => Promise<string> = (exchange) => exchange();
  let exchanges = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "dnd-outpost-"));
    socket = join(folder, "one.sock");
    echo = createServer((one) => one.pipe(one));
    await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
    const { port } = echo.address() as AddressInfo;
    served = serveOutpost({
      socket,
      offered: (name) => offers[name],
      dial: async (uri) => (uri === "gone" ? Promise.reject(new Error("no such host")) : connect(port)),
      idleMs: 3000,
    });
  });
  beforeEach(() => {
    onTheWay = (exchange) => exchange();
  });
  afterAll(async () => {
    onTheWay = () =>
      Promise.reject(new OperatorError({ code: "over", message: "it is over", remedy: "", kind: "refused" }));
    await served;
    echo.close();
    await rm(folder, { recursive: true });
  });

  function exchange(request: string): Promise<string> {
    exchanges++;
    return onTheWay(() => exchangeOver(socket)(request));
  }
  const open = () => Outpost.at({ called: "machine 1", exchange, greeting: { env: {} } });

  test("does what it is asked, with values of every kind, and tells how it goes on", async () => {
    offers.work = (async (
      given: { at: Date; key: Secret; none: undefined; all: Set<number> },
      tell: Work,
    ) => {
      (tell as (line: string) => void)("half way");
      const asked = await (tell as (line: string) => Promise<string>)("further?");
      return {
        asked,
        year: given.at.getFullYear(),
        key: given.key,
        size: given.all.size,
        none: given.none,
        much: Infinity,
      };
    }) as Work;
    const outpost = await open();
    const told: string[] = [];
    const given = {
      at: new Date("2026-06-01"),
      key: new Secret("key"),
      none: undefined,
      all: new Set([1, 2]),
    };
    const done = (await outpost.call("work", [given, (line: string) => told.push(line)])) as Record<
      string,
      unknown
    >;
    expect(done).toMatchObject({ asked: 2, year: 2026, size: 2, much: Infinity });
    expect((done.key as Secret).reveal()).toBe("key");
    expect(told).toEqual(["half way", "further?"]);
  });

  test("stops when it is told to, and fails in the words of whatever failed", async () => {
    offers.wait = (({ signal }: { signal: AbortSignal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason as Error)),
      )) as Work;
    offers.fail = () => {
      throw Object.assign(
        new OperatorError({
          code: "no-room",
          message: "there is no room",
          remedy: "Make some.",
          kind: "refused",
        }),
        { details: { left: 3n } },
      );
    };
    const outpost = await open();
    const control = new AbortController();
    const waiting = outpost.call("wait", [{ signal: control.signal }]);
    setTimeout(() => control.abort(new Error("enough")), 100);
    await expect(waiting).rejects.toThrow("enough");
    const failed = await outpost.call("fail", []).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(OperatorError);
    expect(failed).toMatchObject({ code: "no-room", kind: "refused", exitCode: 3, details: { left: 3n } });
  });

  test("does everything once and in order over a line that loses and repeats what it carries", async () => {
    const done: number[] = [];
    offers.count = ((one: number) => done.push(one)) as Work;
    const outpost = await open();
    onTheWay = async (go) => {
      if (exchanges % 3 === 0) throw new Error("the way there is lost");
      const answer = await go();
      if (exchanges % 3 === 1) throw new Error("the way back is lost");
      return answer;
    };
    for (let one = 0; one < 4; one++) await outpost.call("count", [one]);
    expect(done).toEqual([0, 1, 2, 3]);
  }, 30_000);

  test("says what is told at the same moment in one exchange", async () => {
    offers.same = ((one: unknown) => one) as Work;
    const outpost = await open();
    const before = exchanges;
    await Promise.all(Array.from({ length: 20 }, (_, one) => outpost.call("same", [one])));
    expect(exchanges - before).toBeLessThanOrEqual(3);
  });

  test("carries connections, megabytes of them", async () => {
    const outpost = await open();
    const through = connect(await outpost.listen("here"), "127.0.0.1");
    const sent = Buffer.alloc(3_000_000, "dungeon ");
    const got: Buffer[] = [];
    let bytes = 0;
    const all = new Promise<void>((resolve) =>
      through.on("data", (chunk) => {
        got.push(chunk);
        if ((bytes += chunk.length) === sent.length) resolve();
      }),
    );
    through.write(sent);
    await all;
    expect(Buffer.concat(got).equals(sent)).toBe(true);
    through.destroy();
    const refused = connect(await outpost.listen("gone"), "127.0.0.1");
    await new Promise((resolve) => refused.once("close", resolve));
  }, 30_000);

  test("refuses another edition of itself by name", async () => {
    onTheWay = async () => JSON.stringify({ refused: "another edition", edition: "9.9.9, protocol 7" });
    await expect(open()).rejects.toMatchObject({ code: "outpost-other-edition", kind: "refused" });
  });

  test("ends when nobody asks any more, and stops what still runs", async () => {
    let stopped = false;
    offers.forever = (({ signal }: { signal: AbortSignal }) =>
      new Promise<void>((resolve) =>
        signal.addEventListener("abort", () => {
          stopped = true;
          resolve();
        }),
      )) as Work;
    const outpost = await open();
    onTheWay = async (go) => (exchanges > lost ? sleep(60_000, "", { ref: false }) : go());
    const lost = exchanges + 1;
    void outpost.call("forever", [{ signal: new AbortController().signal }]).catch(() => undefined);
    await served;
    expect(stopped).toBe(true);
  }, 30_000);
});
