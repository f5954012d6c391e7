import { MongoClient, type Db } from "mongodb";
import {
  bucketOf,
  ensureMetrics,
  latestMetrics,
  metricSeries,
  quantile,
  recordMetric,
  recordMetrics,
  type Metric,
} from "../../../../infra/engines/monitoring";

const hour = 3_600_000;
let client: MongoClient;
let ops: Db;

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  ops = client.db("monitoring_metrics_ops");
  await ops.dropDatabase();
});
afterAll(async () => {
  await ops.dropDatabase();
  await client.close();
});

/** Numbers that look random and are the same in every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Values of all sizes: many small, few large, some below zero, some zero. */
function valueOf(roll: () => number): number {
  const size = Math.exp(roll() * 20 - 5);
  const kind = roll();
  return kind < 0.05 ? 0 : kind < 0.1 ? -size : size;
}

describe("figures", () => {
  test("are kept in a time series that expires, however many writers find it missing at once", async () => {
    const clients = await Promise.all(
      Array.from({ length: 4 }, () => MongoClient.connect(process.env.TEST_MONGODB_URI ?? "")),
    );
    await Promise.all(
      clients.map((one) =>
        recordMetric(one.db(ops.databaseName), { name: "first", value: 1, environment: "test" }),
      ),
    );
    await Promise.all(clients.map((one) => one.close()));
    const [metrics] = await ops.listCollections({ name: "metrics" }).toArray();
    expect(metrics).toMatchObject({
      type: "timeseries",
      options: { expireAfterSeconds: 30 * 86_400, timeseries: { timeField: "at", metaField: "meta" } },
    });
    expect(await ops.collection("metrics").countDocuments({ "meta.name": "first" })).toBe(4);
    expect(await ops.collection("metric_hours").find({ name: "first" }).toArray()).toMatchObject([
      { version: 1, count: 4, sum: 4 },
    ]);
    await expect(ensureMetrics(ops)).resolves.toBeUndefined();
  });

  test("that made an ordinary collection after a database was dropped expire all the same", async () => {
    const dropped = client.db("monitoring_dropped_ops");
    await dropped.dropDatabase();
    await ensureMetrics(dropped);
    await dropped.dropDatabase();
    await recordMetric(dropped, { name: "first", value: 1, environment: "test" });
    await ensureMetrics(dropped, performance.now() + hour);
    const indexes = await dropped.collection("metrics").indexes();
    expect(indexes).toContainEqual(
      expect.objectContaining({ key: { at: 1 }, expireAfterSeconds: 30 * 86_400 }),
    );
    await dropped.dropDatabase();
  });

  test("come to the same from roll-ups as from the raw figures, for any data in any order", async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const roll = dice(seed * 7919);
      const start = Math.floor(Date.now() / hour) * hour - 24 * hour;
      const name = `property${seed}`;
      const metrics: Metric[] = Array.from({ length: 1 + Math.floor(roll() * 400) }, () => ({
        name,
        value: valueOf(roll),
        at: new Date(start + Math.floor(roll() * 10 * hour)),
        environment: "test",
        labels: { machine: `m${Math.floor(roll() * 3)}` },
      }));
      const batches = [metrics.slice(0, 50), metrics.slice(50, 60), metrics.slice(60)];
      await Promise.all(batches.map((batch) => recordMetrics(ops, batch)));
      const points = await metricSeries(ops, {
        name,
        environment: "test",
        since: new Date(start),
        step: hour,
      });
      for (const point of points) {
        const raw = metrics
          .filter(({ at }) => at && at >= point.at && at.getTime() < point.at.getTime() + hour)
          .map(({ value }) => value)
          .sort((a, b) => a - b);
        expect(point.count).toBe(raw.length);
        expect(point.min).toBe(raw[0]);
        expect(point.max).toBe(raw.at(-1));
        const sum = raw.reduce((all, value) => all + value, 0);
        const scale = raw.reduce((all, value) => all + Math.abs(value), 1);
        expect(Math.abs(point.sum - sum) / scale).toBeLessThan(1e-12);
        const p95 = raw[Math.ceil(0.95 * raw.length) - 1] ?? Number.NaN;
        expect(bucketOf(point.p95 ?? Number.NaN)).toBe(bucketOf(p95));
      }
      expect(points.reduce((all, { count }) => all + count, 0)).toBe(metrics.length);
      // A step of half an hour is read from the raw figures: in all it must be the same.
      const halves = await metricSeries(ops, { name, since: new Date(start), step: hour / 2 });
      expect(halves.reduce((all, { count }) => all + count, 0)).toBe(metrics.length);
    }
  });

  test("fall into a bucket whose borders hold them, on the borders too", () => {
    const roll = dice(4711);
    const borders = Array.from({ length: 200 }, (_, n) => 2 ** ((n - 100) / 8));
    const values = [0, ...borders, ...Array.from({ length: 500 }, () => valueOf(roll))];
    for (const value of values) {
      const upper = quantile({ [bucketOf(value)]: 1 }, 0.5) ?? Number.NaN;
      expect(upper).toBeGreaterThanOrEqual(value);
      if (Math.abs(value) > 1e-5) expect(upper - value).toBeLessThanOrEqual(Math.abs(value) * 0.0906);
    }
  });

  test("of labels that look alike stay apart, whatever stands in them", async () => {
    const labels = [{ a: "1,b=2" }, { a: "1", b: "2" }, { a: "1%2Cb%3D2" }, { a: "1|" }];
    const figure = { name: "alike", value: 1, environment: "test" };
    await recordMetrics(
      ops,
      labels.map((one) => ({ ...figure, labels: one })),
    );
    const kept = await ops.collection("metric_hours").find({ name: "alike" }).toArray();
    expect(new Set(kept.map((one) => JSON.stringify(one.labels)))).toEqual(
      new Set(labels.map((one) => JSON.stringify(one))),
    );
  });

  test("of each machine can be asked for the newest", async () => {
    const now = Date.now();
    await recordMetrics(
      ops,
      [1, 2, 3].flatMap((n) =>
        ["m1", "m2"].map((machine) => ({
          name: "p95Ms",
          value: n * (machine === "m1" ? 10 : 100),
          at: new Date(now - n * 1000),
          environment: "test",
          labels: { machine },
        })),
      ),
    );
    const newest = await latestMetrics(ops, {
      names: ["p95Ms", "absent"],
      environment: "test",
      since: new Date(now - hour),
    });
    const values = newest.map(({ meta, value }) => [meta.labels?.machine, value]);
    expect(Object.fromEntries(values)).toEqual({ m1: 10, m2: 100 });
  });

  test("that are none are refused with every reason before anything is written", async () => {
    const wrong = { name: "a|b", value: Number.NaN, environment: "" };
    await expect(recordMetric(ops, wrong)).rejects.toMatchObject({
      code: "metric-wrong",
      message: expect.stringMatching(/name: .*value: .*environment: /s) as string,
    });
  });
});
