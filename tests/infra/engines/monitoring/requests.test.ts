import type { IncomingMessage } from "node:http";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { MongoClient, type Db } from "mongodb";
import { latestMetrics, requestMetrics, sendRequestMetrics } from "../../../../infra/engines/monitoring";
import { ActiveSessions } from "../../../../infra/engines/monitoring/requests/active-sessions";
import { requestCounters } from "../../../../infra/engines/monitoring/prometheus/of-requests";
import { waitFor } from "../../../../infra/support";

let client: MongoClient;
let ops: Db;

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  ops = client.db("monitoring_requests_ops");
  await ops.dropDatabase();
});
afterAll(async () => {
  await ops.dropDatabase();
  await client.close();
});

const from = (headers: Record<string, string>, remoteAddress = "::1") =>
  ({ headers, socket: { remoteAddress } }) as unknown as IncomingMessage;

describe("the figures of requests", () => {
  test("are errors, response times and who was here, and begin anew once they are taken", () => {
    const metrics = requestMetrics();
    for (let n = 1; n <= 100; n++) metrics.observe(from({}), n <= 3 ? 500 : n <= 20 ? 404 : 200, n);
    const taken = metrics.take();
    expect(taken).toMatchObject({ requests: 100, errors: 3, meanResponseMs: 50.5, activeSessions: 1 });
    expect(taken.p95Ms).toBeGreaterThanOrEqual(95);
    expect(taken.p95Ms).toBeLessThan(95 * 1.1);
    expect(metrics.take()).toMatchObject({ requests: 0, errors: 0, meanResponseMs: 0, p95Ms: 0 });
  });

  test("tell sessions apart by their cookie, and visitors without one by address and browser", () => {
    const metrics = requestMetrics();
    const count = (...visits: IncomingMessage[]) => {
      for (const visit of visits) metrics.observe(visit, 200, 1);
      return metrics.take().activeSessions;
    };
    expect(count(from({ cookie: "theme=dark; session=a" }), from({ cookie: "session=a" }, "::2"))).toBe(1);
    expect(count(from({ cookie: "next-auth.session-token=b; x=1" }))).toBe(2);
    expect(count(from({ cookie: "old-session=c" }), from({ cookie: "x=session=d" }))).toBe(3);
    expect(count(from({ "user-agent": "one" }), from({ "fly-client-ip": "2001:db8::1" }))).toBe(5);
  });

  test("forget a session after five minutes, and hold no more than their memory", () => {
    let now = 1_000_000;
    const sessions = new ActiveSessions(() => now);
    for (let n = 0; n < 1000; n++) sessions.add(`s${n}`);
    expect(sessions.count).toBe(1000);
    now += 4 * 60_000;
    sessions.add("s1");
    now += 90_000;
    expect(sessions.count).toBe(1);
    for (let n = 0; n < 100_000; n++) sessions.add(`t${n}`);
    expect(sessions.count).toBeLessThanOrEqual(65_536);
    expect(sessions.count).toBeGreaterThan(50_000);
  });

  test("are measured by the middleware of a plain server too", async () => {
    const metrics = requestMetrics();
    const server = createServer((message, response) => {
      metrics.middleware(message, response);
      response.writeHead(message.url === "/bad" ? 500 : 200).end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    for (const path of ["/", "/bad"]) await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    expect(metrics.take()).toMatchObject({ requests: 2, errors: 1, activeSessions: 1 });
    server.closeAllConnections();
    server.close();
  });

  test("reach the operations' database of each machine, the last at its stop", async () => {
    const metrics = requestMetrics();
    const sender = sendRequestMetrics({
      ops,
      metrics,
      environment: "test",
      machine: "m1",
      poolPercent: () => 25,
      everyMs: 100,
      lastWordMs: 30_000,
    });
    metrics.observe(from({}), 500, 5);
    const names = [
      "requests",
      "errors",
      "p95Ms",
      "meanResponseMs",
      "activeSessions",
      "poolPercent",
      "memoryPercent",
    ];
    const found = await waitFor(
      async () => {
        const all = await latestMetrics(ops, { names, environment: "test", since: new Date(0) });
        return all.length === names.length ? all : undefined;
      },
      { what: "the figures", timeoutMs: 30_000 },
    );
    const valueOf = (name: string) => found.find(({ meta }) => meta.name === name)?.value;
    expect([valueOf("meanResponseMs"), valueOf("poolPercent"), valueOf("activeSessions")]).toEqual([
      5, 25, 1,
    ]);
    expect(valueOf("memoryPercent")).toBeGreaterThan(0);
    expect(valueOf("memoryPercent")).toBeLessThan(100);
    expect(found.every(({ meta }) => meta.labels?.machine === "m1")).toBe(true);
    for (let n = 0; n < 7; n++) metrics.observe(from({}), 200, 5);
    await sender.stop();
    const hours = await ops.collection("metric_hours").find({ name: "requests" }).toArray();
    expect(hours.reduce((sum, hour) => sum + Number(hour.sum), 0)).toBe(8);
    const counters = requestCounters(ops, "test", new Date(Date.now() - 3_600_000));
    const samples = await counters(new Date());
    const shown = (part: string, le?: string) =>
      samples.find((one) => one.part === part && one.labels?.le === le)?.value;
    expect([shown("_count"), shown("_bucket", "+Inf"), shown("_bucket", "0.004")]).toEqual([8, 8, 0]);
    expect([shown("_bucket", "0.008"), shown("_sum")]).toEqual([8, expect.closeTo(0.04)]);
    expect(samples.find(({ labels }) => labels?.status === "error")?.value).toBe(1);
    // An hour that is settled is added up once, and counts on for ever.
    const later = new Date(Date.now() + 5 * 3_600_000);
    expect(await counters(later)).toEqual(samples);
    await ops.collection("metric_hours").deleteMany({ name: "responseMs" });
    expect(await counters(later)).toEqual(samples);
  });

  test("wait for a database that is away, and hold nobody up who stops", async () => {
    const away = new MongoClient("mongodb://127.0.0.1:9/?directConnection=true", {
      serverSelectionTimeoutMS: 20_000,
    });
    const metrics = requestMetrics();
    const sender = sendRequestMetrics({
      ops: away.db("x_ops"),
      metrics,
      environment: "test",
      machine: "m1",
      poolPercent: () => 0,
    });
    const asked = performance.now();
    await sender.stop();
    expect(performance.now() - asked).toBeLessThan(15_000);
    await away.close();
  });
});
