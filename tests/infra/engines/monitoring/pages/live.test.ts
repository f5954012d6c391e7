import { MongoClient } from "mongodb";
import { deploymentPages } from "../../../../../infra/engines/monitoring";
import { LiveFeed } from "../../../../../infra/engines/monitoring/pages/live/live-feed";
import { Snapshot } from "../../../../../infra/engines/monitoring/pages/live/snapshot";
import { watchChanges } from "../../../../../infra/engines/monitoring/pages/live/watch";
import { release } from "./operations";

/** A feed whose state changes when the test says so. */
function openFeed(given: { listenersAtMost?: number; heartbeatMs?: number; stopping?: AbortSignal } = {}) {
  const watches: AbortSignal[] = [];
  let state = "one";
  let look = () => Promise.resolve();
  const feed = new LiveFeed({
    watch: async (looked, signal) => {
      watches.push(signal);
      look = looked;
      await looked();
    },
    revision: () => Promise.resolve(state),
    ...given,
  });
  const become = (next: string) => {
    state = next;
    return look();
  };
  return { feed, watches, become };
}

function read(stream: ReadableStream<Uint8Array> | null) {
  if (!stream) throw new Error("there is no room");
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  const until = async (wanted: RegExp): Promise<string> => {
    let seen = "";
    while (!wanted.test(seen)) {
      const { value, done } = await reader.read();
      if (done) return `${seen}[end]`;
      seen += value;
    }
    return seen;
  };
  return { until, leave: () => reader.cancel() };
}

describe("the live feed", () => {
  test("serves every browser by one watch, and watches nothing where nobody listens", async () => {
    const { feed, watches, become } = openFeed();
    const [first, second] = [read(feed.listen("one")), read(feed.listen("one"))];
    await become("two");
    expect(await first.until(/id: two/)).toContain("event: changed");
    expect(await second.until(/id: two/)).toContain("event: changed");
    expect(watches).toHaveLength(1);
    await Promise.all([first.leave(), second.leave()]);
    expect(feed.listeners).toBe(0);
    expect(watches[0]?.aborted).toBe(true);
  });

  test("tells one that comes back of what it missed, and only that", async () => {
    const { feed, become } = openFeed();
    const there = read(feed.listen("one"));
    await become("two");
    const behind = read(feed.listen("one"));
    const upToDate = read(feed.listen("two"));
    expect(await behind.until(/id:/)).toContain("id: two");
    await become("three");
    expect(await upToDate.until(/id:/)).toContain("id: three");
    await Promise.all([there, behind, upToDate].map((one) => one.leave()));
  });

  test("turns away more than it can serve", () => {
    const { feed } = openFeed({ listenersAtMost: 2 });
    expect([feed.listen(null), feed.listen(null), feed.listen(null)].map(Boolean)).toEqual([
      true,
      true,
      false,
    ]);
  });

  test("keeps quiet connections alive", async () => {
    const { feed } = openFeed({ heartbeatMs: 5 });
    const one = read(feed.listen("one"));
    expect(await one.until(/: still here/)).toContain(": still here");
    await one.leave();
  });

  test("lets go of a browser that reads no more", async () => {
    const { feed, become } = openFeed();
    feed.listen("one");
    for (let at = 0; at < 100; at++) await become(`state ${at}`);
    expect(feed.listeners).toBe(0);
  });

  test("ends with the server", async () => {
    const stopping = new AbortController();
    const { feed } = openFeed({ stopping: stopping.signal });
    const one = read(feed.listen("one"));
    stopping.abort();
    expect(await one.until(/never/)).toContain("[end]");
    expect(feed.listen(null)).toBeNull();
  });
});

describe("a change in the database", () => {
  let client: MongoClient;
  beforeAll(async () => {
    client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  });
  afterAll(async () => {
    await client.db("pages_live_ops").dropDatabase();
    await client.close();
  });

  test("reaches a browser", async () => {
    const ops = client.db("pages_live_ops");
    const stopping = new AbortController();
    const pages = deploymentPages({
      ...{
        ops,
        database: client.db("pages_live"),
        environment: "production",
        version: "1",
        mayResolve: false,
      },
      stopping: stopping.signal,
    });
    const page = await (await pages["/deployments"]?.(new Request("http://pages/deployments")))?.text();
    const seen = /data-revision="([^"]+)"/.exec(page ?? "")?.[1];
    const answer = await pages["/deployments/events"]?.(
      new Request(`http://pages/deployments/events?seen=${seen}`),
    );
    const events = read(answer?.body ?? null);
    expect(await events.until(/listening/)).not.toContain("event:");
    await ops.collection<{ _id: number }>("releases").insertOne(release(1));
    expect(await events.until(/event: changed/)).toContain("id: ");
    stopping.abort();
  });

  test("is found by looking again and again where the server tells nothing", async () => {
    const stopping = new AbortController();
    const silent = { watch: () => ({ on: () => undefined, close: () => Promise.resolve() }) };
    let looks = 0;
    const look = () => {
      looks += 1;
      if (looks === 3) stopping.abort();
      return Promise.resolve();
    };
    await watchChanges(silent as never, look, stopping.signal, 1);
    expect(looks).toBe(3);
  });
});

test("a reading that takes longer than it counts serves all who ask meanwhile, and one that failed nobody", async () => {
  const readings: { done: (text: string) => void; fail: (error: Error) => void }[] = [];
  const snapshot = new Snapshot(() => new Promise<string>((done, fail) => readings.push({ done, fail })), 20);
  const first = snapshot.recent();
  await new Promise((pass) => setTimeout(pass, 50));
  const second = snapshot.recent();
  expect(readings).toHaveLength(1);
  readings[0]?.fail(new Error("away"));
  await expect(first).rejects.toThrow("away");
  await expect(second).rejects.toThrow("away");
  const third = snapshot.recent();
  readings[1]?.done("there");
  expect(await third).toBe("there");
});
