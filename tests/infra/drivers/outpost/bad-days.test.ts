import { createServer, connect, type AddressInfo, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { MongoServerError } from "mongodb";
import { OperatorError, waitFor } from "../../../../infra/support";
import { TestOutpost, type Work } from "./open-outpost";

const until = (what: string, happened: () => boolean) =>
  waitFor(async () => (happened() ? true : undefined), { what, timeoutMs: 5000, intervalMs: 20 });
const thrownBy = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error as Error,
  );

let at: TestOutpost;
let answering: Server;
beforeAll(async () => {
  answering = createServer((one) => one.on("error", () => undefined).pipe(one));
  await new Promise<void>((resolve) => answering.listen(0, "127.0.0.1", resolve));
});
afterAll(() => answering.close());
beforeEach(async () => {
  at = await TestOutpost.open(600, (answering.address() as AddressInfo).port);
});
afterEach(() => at.close());

/** Runs until it is stopped, and tells. */
function runningWork(): { isBegun?: true; reason?: Error } {
  const seen: { isBegun?: true; reason?: Error } = {};
  at.offers.run = ((signal: AbortSignal, tell: Work = () => undefined) =>
    new Promise((resolve) => {
      seen.isBegun = true;
      signal.addEventListener("abort", () => {
        seen.reason = signal.reason as Error;
        // As work does at its safe point: it says so, and listens whether it was heard.
        void Promise.resolve((tell as (line: string) => unknown)("stopping")).then(resolve, resolve);
      });
    })) as Work;
  return seen;
}

describe("a process that is gone", () => {
  test("has its work stopped and its connections ended while another goes on", async () => {
    const seen = runningWork();
    at.offers.same = ((one: unknown) => one) as Work;
    const [one, other] = [await at.way(), await at.way()];
    const running = thrownBy(one.outpost.call("run", [new AbortController().signal, () => undefined]));
    connect(await one.outpost.listen("db"), "127.0.0.1").on("error", () => undefined);
    await until("the connection", () => at.dialled.length === 1);
    await one.leave();
    expect(await running).toMatchObject({ code: "outpost-ended" });
    await until("the end of its work", () => seen.reason !== undefined && at.dialled[0]?.destroyed === true);
    expect(await other.outpost.call("same", [1])).toBe(1);
  });

  test("does not keep the outpost by work that would tell it something", async () => {
    const seen = runningWork();
    const one = await at.way();
    void thrownBy(one.outpost.call("run", [new AbortController().signal, () => undefined]));
    await until("its beginning", () => seen.isBegun === true);
    await one.leave();
    await at.served;
    expect(seen.reason?.message).toBe("nobody waits for it any more");
  });

  test("is told so when it comes back, and its work is not begun again", async () => {
    runningWork();
    const one = await at.way({ lostAfterMs: 20_000, quietMs: 100 });
    const other = await at.way();
    const running = thrownBy(one.outpost.call("run", [new AbortController().signal]));
    one.meddle = async (go) => {
      await sleep(1500);
      return go();
    };
    expect(await running).toMatchObject({
      code: "outpost-lost",
      message: expect.stringContaining("too long") as string,
    });
    await other.leave();
  });

  test("is one that says nothing: whoever waits for something else keeps its outpost", async () => {
    at.offers.same = ((one: unknown) => one) as Work;
    const one = await at.way();
    await sleep(1500);
    expect(await one.outpost.call("same", [2])).toBe(2);
  });
});

describe("an outpost that is gone", () => {
  test("fails what waits for it in clear words after a while, whatever was heard before, and lets nobody wait after that", async () => {
    runningWork();
    const one = await at.way();
    const running = thrownBy(one.outpost.call("run", [new AbortController().signal]));
    const port = await one.outpost.listen("db");
    const through = connect(port, "127.0.0.1");
    await until("the connection", () => at.dialled.length === 1);
    const begun = Date.now();
    one.meddle = () => Promise.reject(new TypeError("fetch failed"));
    // Bytes that are on their way when it is lost.
    const closed = new Promise((resolve) => through.once("close", resolve));
    expect(await running).toMatchObject({
      code: "outpost-lost",
      message: expect.stringContaining("fetch failed") as string,
    });
    expect(Date.now() - begun).toBeLessThan(4000);
    await closed;
    expect(await thrownBy(one.outpost.call("run", []))).toMatchObject({ code: "outpost-lost" });
    expect(await thrownBy(one.outpost.listen("db"))).toMatchObject({ code: "outpost-lost" });
    const refused = connect(port, "127.0.0.1");
    expect(
      await new Promise<NodeJS.ErrnoException>((resolve) => refused.once("error", resolve)),
    ).toMatchObject({ code: "ECONNREFUSED" });
  });

  test("is not waited for where Fly refuses the token", async () => {
    runningWork();
    const one = await at.way({ lostAfterMs: 60_000, quietMs: 100 });
    const running = thrownBy(one.outpost.call("run", [new AbortController().signal]));
    one.meddle = () =>
      Promise.reject(
        new OperatorError({ code: "fly-not-allowed", message: "no", remedy: "", kind: "usage" }),
      );
    expect(await running).toMatchObject({ code: "fly-not-allowed" });
  });
});

describe("what goes over", () => {
  test("may be of megabytes, and no frame is", async () => {
    at.offers.same = ((one: unknown) => one) as Work;
    const one = await at.way();
    const plan = Array.from({ length: 20_000 }, (_, n) => ({
      version: `2026${n}`,
      description: `step "${n}" 🐉 \ud83d`,
    }));
    expect(await one.outpost.call("same", [plan])).toEqual(plan);
    expect(Math.max(...one.requests.map(({ length }) => length))).toBeLessThan(200_000);
  });

  test("is refused where it holds itself, and the next call goes on", async () => {
    at.offers.same = ((one: unknown) => one) as Work;
    const round: { self?: unknown } = {};
    round.self = round;
    at.offers.round = () => round;
    const { outpost } = await at.way();
    expect((await thrownBy(outpost.call("same", [round])))?.message).toContain("holds itself");
    expect((await thrownBy(outpost.call("round", [])))?.message).toContain("holds itself");
    expect(await outpost.call("same", ["next"])).toBe("next");
  });

  test("fails in its own words whatever is in the failure", async () => {
    const inner = new MongoServerError({ message: "duplicate", code: 11000 });
    const circular = Object.assign(new Error("it failed"), { reason: {} as unknown });
    circular.reason = { of: circular, code: 7 };
    at.offers.circular = () => Promise.reject(circular);
    at.offers.many = () =>
      Promise.reject(new AggregateError([inner, new Error("two")], "both", { cause: inner }));
    at.offers.text = () => Promise.reject("a mere text" as unknown as Error);
    const { outpost } = await at.way();
    expect((await thrownBy(outpost.call("circular", [])))?.message).toBe("it failed");
    const many = (await thrownBy(outpost.call("many", []))) as AggregateError;
    expect(many).toBeInstanceOf(AggregateError);
    expect(many).toMatchObject({
      message: "both",
      errors: [{ code: 11000, message: "duplicate" }, { message: "two" }],
      cause: { code: 11000 },
    });
    expect((await thrownBy(outpost.call("text", [])))?.message).toBe("a mere text");
  });

  test("may be functions that throw, also ones that nobody listens to, and that call again", async () => {
    at.offers.ask = (async (tell: Work, ask: Work) => {
      (tell as () => unknown)();
      const said = await (ask as () => Promise<unknown>)().catch((error: Error) => error.message);
      return said;
    }) as Work;
    at.offers.same = ((one: unknown) => one) as Work;
    const { outpost } = await at.way();
    const fails = () => {
      throw new Error("not now");
    };
    expect(await outpost.call("ask", [fails, fails])).toBe("not now");
    expect(await outpost.call("ask", [() => 1, () => outpost.call("same", ["nested"])])).toBe("nested");
  });

  test("may be a signal that fired before, and one that fires after the end", async () => {
    const seen = runningWork();
    at.offers.look = ((signal: AbortSignal) => signal.aborted) as Work;
    at.offers.short = (() => "done") as Work;
    const { outpost } = await at.way();
    await outpost.call("run", [AbortSignal.abort(new Error("before"))]);
    expect(seen.reason?.message).toBe("before");
    const control = new AbortController();
    for (let n = 0; n < 20; n++) expect(await outpost.call("short", [control.signal])).toBe("done");
    control.abort();
    expect(await outpost.call("look", [new AbortController().signal])).toBe(false);
  });
});
