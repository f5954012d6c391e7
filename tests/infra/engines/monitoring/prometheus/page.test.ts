import { spawnSync } from "node:child_process";
import { MongoClient, type Db } from "mongodb";
import { prometheusPage, recordMetrics, series, type Figure } from "../../../../../infra/engines/monitoring";
import { describeWith } from "../../../../harness/tools";
import { entry } from "../journal-entries";

let client: MongoClient;
let ops: Db;

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  ops = client.db("monitoring_prometheus_ops");
  await ops.dropDatabase();
  const step = { name: "migration-expand", outcome: "done" as const, at: new Date(), durationMs: 1500 };
  const now = Date.now();
  const recent = (number: number, more = {}) =>
    entry(number, 0, { startedAt: new Date(now - 3_600_000), finishedAt: new Date(now), ...more });
  await ops
    .collection<{ _id: number }>("releases")
    .insertMany([
      recent(1, { steps: [step] }),
      recent(2, { state: "failed" }),
      recent(3, { kind: "rollback", rollbackOf: 2 }),
      { ...recent(4), environment: "staging" },
    ]);
  await ops.collection<{ _id: string }>("archives").insertOne({
    _id: "a1",
    ...{ environment: "production", takenAt: new Date(now - 7200_000).toISOString(), bytes: 4096 },
    recordedAt: new Date(now),
  } as { _id: string });
  await recordMetrics(ops, [
    { name: "requests", value: 40, environment: "production", labels: { machine: "a" } },
    { name: "errors", value: 2, environment: "production", labels: { machine: "a" } },
  ]);
});
afterAll(async () => {
  await ops.dropDatabase();
  await client.close();
});

const figures: Figure[] = [
  { name: "unhealthyMachines", subject: 'machine d"8\\91', value: 1, at: new Date() },
  { name: "serviceDown", subject: "redis", value: 0, at: new Date() },
  { name: "databaseDown", subject: "database", value: 0, at: new Date() },
  { name: "connectionsPercent", subject: "database", value: 30, at: new Date() },
];

async function page(database: Db = ops): Promise<{ text: string; type: string | null }> {
  const { "/metrics": answer } = prometheusPage({
    ops: database,
    environment: "production",
    figures: () => Promise.resolve(figures),
    own: () => [{ series: "dnd_monitor_leads", value: 1 }],
  });
  const response = await answer?.(new Request("http://monitor/metrics"));
  return { text: (await response?.text()) ?? "", type: response?.headers.get("content-type") ?? null };
}

describe("the page for Prometheus", () => {
  test("tells of releases, archives, machines and requests in base units", async () => {
    const { text, type } = await page();
    expect(type).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toContain('dnd_releases_total{outcome="done"} 2');
    expect(text).toContain('dnd_releases_total{outcome="failed"} 1');
    expect(text).toContain('dnd_release_step_duration_seconds_bucket{step="migration-expand",le="1"} 0');
    expect(text).toContain('dnd_release_step_duration_seconds_bucket{step="migration-expand",le="2.5"} 1');
    expect(text).toContain('dnd_release_step_duration_seconds_sum{step="migration-expand"} 1.5');
    expect(text).toContain("dnd_backup_size_bytes 4096");
    expect(text).toMatch(/dnd_backup_age_seconds 72\d\d/);
    expect(text).toContain("dnd_database_connections_ratio 0.3");
    expect(text).toContain('dnd_http_requests_total{status="error"} 2');
    expect(text).toContain('dnd_service_up{service="redis"} 1');
    expect(text).toContain("dnd_dora_change_failure_ratio 0.5");
  });

  test("a label cannot break out of its quotes", async () => {
    expect((await page()).text).toContain('dnd_machine_healthy{machine="d\\"8\\\\91",region=""} 0');
  });

  test("names each series once with its help and type, and none that it does not declare", async () => {
    const { text } = await page();
    const declared = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = ""]) => name);
    expect(new Set(declared).size).toBe(declared.length);
    expect(declared.filter((name) => !(name in series))).toEqual([]);
  });

  test("still answers with what it knows itself while the database is away", async () => {
    const gone = new MongoClient("mongodb://127.0.0.1:1", { serverSelectionTimeoutMS: 50 });
    const { text } = await page(gone.db("gone"));
    await gone.close();
    expect(text).toContain("dnd_monitor_leads 1");
    expect(text).not.toContain("dnd_releases_total");
  });
});

describeWith("promtool")("promtool", () => {
  test("finds nothing to say about the page", async () => {
    const { text } = await page();
    const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], {
      input: text,
      encoding: "utf8",
    });
    expect(`${stdout}${stderr}`).toBe("");
    expect(status).toBe(0);
  });
});
