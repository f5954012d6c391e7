import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { MongoClient, type Db } from "mongodb";
import { exportMetrics } from "../../../ops/metrics/export";
import type { MetricsOptions } from "../../../ops/metrics/options";
import { report } from "../../../ops/metrics/report";
import type { Terminal } from "../../../ops/terminal";
import { Receiver } from "../../infra/engines/alerts/receiver";

const db = "metrics_export";
let client: MongoClient;
let ops: Db;
const before = process.env.MONGODB_URI;

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  ops = client.db(`${db}_ops`);
  await ops.dropDatabase();
  const began = Date.now() - 3_600_000;
  const release = (_id: number, state: string) => ({
    _id,
    documentVersion: 1,
    state,
    environment: "development",
    image: { name: "tracker", version: "=1+1", digest: "sha256:1" },
    startedAt: new Date(began + _id * 60_000),
    finishedAt: new Date(began + _id * 60_000 + 30_000),
    commit: null,
    steps: [{ name: "backup", outcome: "done", at: new Date(began + _id * 60_000), durationMs: 2000 }],
    error: null,
  });
  await ops
    .collection<{ _id: number }>("releases")
    .insertMany([release(1, "done"), release(2, "failed"), release(3, "done")]);
});
afterAll(async () => {
  if (before === undefined) delete process.env.MONGODB_URI;
  else process.env.MONGODB_URI = before;
  await ops.dropDatabase();
  await client.close();
});

/** What a command writes to standard output, and its exit code. */
async function run(
  command: typeof exportMetrics,
  options: Partial<MetricsOptions>,
): Promise<{ code: number; out: string }> {
  const out = new PassThrough();
  const terminal: Terminal = {
    ...{ out, err: new PassThrough().resume(), interactive: false, color: false },
    json: options.json ?? false,
    say: () => undefined,
  };
  const uri = process.env.TEST_MONGODB_URI ?? "";
  const code = await command({ stack: "local", json: false, yes: false, uri, db, ...options }, terminal);
  out.end();
  return { code, out: await text(out) };
}

describe("dnd metrics export", () => {
  test("as JSON has releases, their figures of delivery, and every step", async () => {
    const { code, out } = await run(exportMetrics, { action: "export" });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      environment: "development",
      dora: { deployments: 2, recoverySeconds: 60, reworkPercent: 50 },
      releases: [{ release: 1, seconds: 30 }, { release: 2, outcome: "failed" }, { release: 3 }],
    });
    expect((JSON.parse(out) as { metrics: unknown[] }).metrics).toHaveLength(6);
  });

  test("as CSV has a line for each", async () => {
    const { out } = await run(exportMetrics, { action: "export", format: "csv", since: "1d" });
    expect(out.trim().split("\r\n")).toHaveLength(7);
  });

  test("for Prometheus has the same names as the monitor's page", async () => {
    const { out } = await run(exportMetrics, { action: "export", format: "prometheus" });
    expect(out).toContain('dnd_releases_total{outcome="failed"} 1');
  });

  test("of a time without releases is empty and no failure", async () => {
    const { code, out } = await run(exportMetrics, { action: "export", since: "1s" });
    expect([code, JSON.parse(out)]).toMatchObject([0, { releases: [], metrics: [] }]);
  });
});

test("dnd metrics report ends with 1 where a target was missed, and names it", async () => {
  const { code, out } = await run(report, { action: "report" });
  expect(code).toBe(1);
  expect(out).toMatch(/MISSED\s+success\s+66\.7 %\s+over 95 %/);
  expect(out).toMatch(/met\s+mean duration\s+30\.0s/);
});

test("dnd metrics report --send brings the week to the channels that people read, and says where none took it", async () => {
  const receiver = await new Receiver().start();
  const hook = process.env.SLACK_WEBHOOK_URL;
  process.env.SLACK_WEBHOOK_URL = receiver.url;
  try {
    expect((await run(report, { action: "report", send: true })).code).toBe(1);
    expect(receiver.received).toHaveLength(1);
    expect(receiver.received[0]?.text).toContain("The week of development");
    expect(receiver.received[0]?.text).toContain("66.7 %");
    receiver.answer = () => ({ status: 404 });
    await expect(run(report, { action: "report", send: true })).rejects.toMatchObject({
      code: "report-not-sent",
    });
  } finally {
    if (hook === undefined) delete process.env.SLACK_WEBHOOK_URL;
    else process.env.SLACK_WEBHOOK_URL = hook;
    await receiver.stop();
  }
});
