import type { Db } from "mongodb";
import { recordMetrics, type Metric } from "../../../../../infra/engines/monitoring";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A release as the journal keeps it; what is given takes the place of what is usual. */
export function release(number: number, given: Record<string, unknown> = {}) {
  const startedAt = (given.startedAt as Date | undefined) ?? new Date(Date.now() - number * minuteMs);
  const steps = [
    ["backup", 18_000],
    ["expand migrations", 6_500],
    ["deployment", 61_000],
    ["verification", 22_000],
    ["record", 400],
  ].map(([name, durationMs]) => ({ name, durationMs, outcome: "done", at: startedAt }));
  return {
    _id: number,
    documentVersion: 1,
    state: "done",
    environment: "production",
    image: {
      name: "dnd-tracker",
      version: `2.${number}.0`,
      digest: `sha256:${String(number).padEnd(64, "7c1e9")}`,
    },
    schema: { before: "20260101000000", after: "20260101000000" },
    archive: { id: `20260301T10${String(number % 60).padStart(2, "0")}00Z-c0ffee`, bytes: 48_000_000 },
    why: ["the image is another"],
    finishedAt: new Date(startedAt.getTime() + 108_000),
    by: "mira",
    host: "runner-7",
    commit: "4f1c2d3e5a6b7c8d9e0f",
    steps,
    error: null,
    ...given,
    startedAt,
  } as unknown as { _id: number };
}

/** An alert as the engine of alerts keeps it. */
export function alert(subject: string, given: Record<string, unknown> = {}) {
  const since = new Date(Date.now() - 25 * minuteMs);
  return {
    _id: `p95Ms:${subject}:${since.toISOString()}`,
    version: 1,
    key: `p95Ms:${subject}`,
    rule: "p95Ms",
    subject,
    level: "warning",
    title: "Answers are slow",
    text: "p95 is 1.3 s, the limit is 1 s.",
    value: 1300,
    threshold: 1000,
    since,
    firedAt: since,
    resolvedAt: null,
    resolved: false,
    environment: "production",
    ...given,
  } as unknown as { _id: string };
}

/** Fills the operations' database as a busy quarter leaves it: so many releases, backups every day, alerts, an incident. */
export async function fillOperations(ops: Db, database: Db, releases: number): Promise<void> {
  const now = Date.now();
  await ops.collection<{ _id: number }>("releases").insertMany(
    Array.from({ length: releases }, (_, at) => {
      const number = at + 1;
      const startedAt = new Date(now - (releases - at) * 7 * hourMs);
      const durationMs = 90_000 + ((at * 7919) % 120_000);
      const failed = at % 13 === 5;
      return release(number, {
        startedAt,
        finishedAt: new Date(startedAt.getTime() + durationMs),
        ...(failed
          ? { state: "failed", error: "machine d8911 was not healthy within 60 s", archive: null }
          : {}),
        ...(at % 13 === 6 ? { kind: "rollback", rollbackOf: number - 1, reason: "answers were slow" } : {}),
      });
    }),
  );
  await ops.collection<{ _id: string }>("archives").insertMany(
    Array.from({ length: 40 }, (_, at) => {
      const takenAt = new Date(now - at * dayMs * 0.9).toISOString();
      return {
        _id: `${takenAt.replace(/\D/g, "").slice(0, 14)}-c0ffee`,
        documentVersion: 1,
        takenAt,
        bytes: 46_000_000 + at * 310_000,
        documents: 81_000 - at * 120,
        consistency: "snapshot",
        ...(at % 7 === 3 ? { verifications: [{ kind: "restore", at: takenAt, ok: true }] } : {}),
        ...(at === 4 ? { copies: [{ store: "s3", outcome: "failed", at: takenAt }] } : {}),
      };
    }),
  );
  await ops.collection<{ _id: string }>("alerts").insertMany([
    alert("app"),
    alert("database", {
      level: "critical",
      rule: "backupAgeHours",
      title: "The newest backup is 30 h old",
      text: "A backup is taken every day; the last one was yesterday morning.",
    }),
    alert("redis", { resolved: true, resolvedAt: new Date(now - 3 * hourMs), resolvedBy: "mira" }),
  ]);
  await ops.collection<{ _id: number }>("incidents").insertOne({
    _id: 1,
    version: 1,
    kind: "outage",
    title: "The database failed over",
    startedAt: new Date(now - 12 * dayMs),
    closedAt: new Date(now - 12 * dayMs + 42 * minuteMs),
    by: "mira",
    timeline: [],
  } as { _id: number });
  await database.collection<{ _id: string }>("migrations").insertMany(
    [
      "characters",
      "parties",
      "encounters",
      "turn order",
      "spell slots",
      "audit fields",
      "search",
      "drop old",
    ].map((what, at) => ({
      _id: `202601${String(at + 10)}000000`,
      documentVersion: 1,
      description: `${what} with their indexes`,
      phase: at === 7 ? "contract" : "expand",
      state: "applied",
      executedAt: new Date(now - (8 - at) * 3 * dayMs),
      durationMs: 400 + at * 1300,
    })),
  );
  await recordMetrics(ops, traffic(now));
}

/** Two days of two machines, an hour's figures each. */
function traffic(now: number): Metric[] {
  return Array.from({ length: 48 }, (_, hour) => {
    const at = new Date(now - hour * hourMs - (hour === 0 ? 1000 : 0));
    const wave = (Math.sin(hour / 5) + 1) / 2;
    const figures = {
      requests: 900 + wave * 1500,
      errors: 4 + wave * 18 + (hour === 20 ? 90 : 0),
      p95Ms: 240 + wave * 420 + (hour === 20 ? 900 : 0),
    };
    return ["d8911", "e2290"].flatMap((machine) =>
      Object.entries(figures).map(([name, value]) => ({
        name,
        value,
        at,
        environment: "production",
        labels: { machine },
      })),
    );
  }).flat();
}
