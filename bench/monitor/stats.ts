import type { MongoClient } from "mongodb";
import { deploymentStats, recordMetrics, type Metric } from "../../infra/engines/monitoring";

const days = 28;
const releases = 1000;
const rounds = 300;

/** `action=stats` over so many stored figures and a long journal of releases. */
export async function measureStats(client: MongoClient, count: number): Promise<void> {
  const ops = client.db("bench_stats_ops");
  await ops.dropDatabase();
  const since = Date.now() - days * 86_400_000;
  const metrics: Metric[] = Array.from({ length: count }, (_, n) => ({
    name: "deployment",
    value: 1000 + ((n * 7919) % 240_000),
    at: new Date(since + (n / count) * days * 86_400_000),
    environment: "production",
    labels: { phase: n % 2 ? "deployment" : "migration", status: n % 20 ? "success" : "failed" },
  }));
  for (let from = 0; from < count; from += 5000) await recordMetrics(ops, metrics.slice(from, from + 5000));
  await ops.collection<{ _id: number }>("releases").insertMany(
    Array.from({ length: releases }, (_, n) => ({
      _id: n + 1,
      state: n % 25 ? "done" : "failed",
      environment: "production",
      startedAt: new Date(since + n * 60_000),
      finishedAt: new Date(since + n * 60_000 + 180_000),
      steps: ["backup", "expand-migrations", "app"].map((name) => ({ name, durationMs: 15_000 })),
    })),
  );
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    await deploymentStats(ops, { environment: "production" });
    took.push(performance.now() - started);
  }
  took.sort((a, b) => a - b);
  const p95 = took[Math.floor(rounds * 0.95)] ?? Number.NaN;
  const middle = took[rounds / 2] ?? Number.NaN;
  console.log(`\nstats over ${count} stored figures and ${releases} releases, ${rounds} times`);
  console.log(`median ${middle.toFixed(1)}ms, p95 ${p95.toFixed(1)}ms (target: under 50ms)`);
}
