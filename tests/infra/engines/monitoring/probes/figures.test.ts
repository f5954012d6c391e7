import { archiveFigures } from "../../../../../infra/engines/monitoring/probes/archives";
import { certificateFigure } from "../../../../../infra/engines/monitoring/probes/certificate";
import { databaseFigures } from "../../../../../infra/engines/monitoring/probes/database";
import { freshnessFigures } from "../../../../../infra/engines/monitoring/probes/freshness";
import { machineFigures } from "../../../../../infra/engines/monitoring/probes/machines";
import { migrationFigures } from "../../../../../infra/engines/monitoring/probes/schema";
import { releaseFigures } from "../../../../../infra/engines/monitoring/probes/releases";
import { againstTheUsual, trafficFigures } from "../../../../../infra/engines/monitoring/probes/traffic";
import { usualOf } from "../../../../../infra/engines/monitoring/probes/usual-sessions";
import type { Figure, Heartbeat } from "../../../../../infra/engines/monitoring";
import { at, entry } from "../journal-entries";

const now = at(100);
const valueOf = (figures: Figure[], name: string) => figures.find((one) => one.name === name)?.value;
const beat = (name: string, hours: number): Heartbeat => ({ _id: name, version: 1, at: at(hours), by: "a" });
const archive = (hours: number, more = {}) => ({
  _id: `a${hours}`,
  environment: "production",
  takenAt: at(hours),
  bytes: 100,
  recordedAt: at(hours),
  ...more,
});

describe("archives", () => {
  test("are as old as the newest one, and as unverified as the last that was read", () => {
    const figures = archiveFigures([archive(90), archive(60)], [beat("archive-verified", 95)], now);
    expect(valueOf(figures, "backupAgeHours")).toBe(10);
    expect(valueOf(figures, "backupUnverifiedHours")).toBe(5);
  });

  test("that were found damaged later are none, and one that was read again is verified since then", () => {
    const found = (ok: boolean, hours: number) => ({
      verifications: [{ kind: "checksum", ok, at: at(hours) }],
    });
    const figures = archiveFigures([archive(90, found(false, 95)), archive(60, found(true, 80))], [], now);
    expect(valueOf(figures, "backupAgeHours")).toBe(40);
    expect(valueOf(figures, "backupUnverifiedHours")).toBe(20);
  });

  test("that were never made are as old as the monitoring", () => {
    expect(valueOf(archiveFigures([], [beat("monitoring-began", 70)], now), "backupAgeHours")).toBe(30);
    expect(valueOf(archiveFigures([], [], now), "backupAgeHours")).toBe(0);
  });
});

test("restore test, retention and drill are as old as they are, or as the monitoring where they never were", () => {
  const figures = freshnessFigures([beat("retention", 76), beat("monitoring-began", 52)], now);
  expect(valueOf(figures, "retentionAgeHours")).toBe(24);
  expect(valueOf(figures, "restoreTestAgeDays")).toBe(2);
  expect(valueOf(figures, "drillAgeDays")).toBe(2);
  const byRelease = freshnessFigures([beat("restore-test", 28)], now, at(76));
  expect(valueOf(byRelease, "restoreTestAgeDays")).toBe(1);
  const byHand = freshnessFigures([beat("restore-test", 76)], now, at(28));
  expect(valueOf(byHand, "restoreTestAgeDays")).toBe(1);
});

test("a migration that began and did not end is stuck for as long; one that was reverted is not in effect", () => {
  const row = (version: string, state: string, direction = "up") => ({
    _id: version,
    state,
    direction,
    transaction: false,
    startedAt: at(99),
  });
  const rows = [row("1", "applied"), row("2", "reverted", "down"), row("3", "running")];
  const figures = migrationFigures(rows, ["1", "2", "3", "4"], now);
  expect(valueOf(figures, "migrationStuckMinutes")).toBe(60);
  expect(valueOf(figures, "migrationsApplied")).toBe(1);
  expect(valueOf(figures, "migrationsPending")).toBe(3);
});

test("a database whose login may not ask for connections says nothing of them; with them a share and a lag", () => {
  const poor = databaseFigures({ pingMs: 2, queryMs: 3, serverStatus: null, replicaStatus: null }, now);
  expect(poor.map(({ name }) => name)).toEqual(["databaseDown", "databasePingMs", "databaseQueryMs"]);
  const replicaStatus = {
    members: [
      { stateStr: "PRIMARY", optimeDate: at(100) },
      { stateStr: "SECONDARY", optimeDate: at(99) },
      { stateStr: "ARBITER" },
    ],
  };
  const serverStatus = { connections: { current: 30, available: 70 } };
  const rich = databaseFigures({ pingMs: 2, queryMs: 3, serverStatus, replicaStatus }, now);
  expect(valueOf(rich, "connectionsPercent")).toBe(30);
  expect(valueOf(rich, "replicationLagSeconds")).toBe(3600);
});

test("the app is down where no machine is healthy, and each machine is judged by itself", () => {
  const machine = (id: string, healthy: boolean) => ({
    id,
    region: "iad",
    healthy,
    version: null,
    ms: 5,
    why: null,
  });
  const half = machineFigures([machine("a", true), machine("b", false)], now);
  expect(half.map(({ subject, value }) => [subject, value])).toEqual([
    ["machine a", 0],
    ["machine b", 1],
    ["app", 0],
  ]);
  expect(machineFigures([machine("a", false)], now).at(-1)).toMatchObject({ subject: "app", value: 1 });
  expect(machineFigures([], now)).toEqual([]);
});

test("releases succeed as a share of those that ended, and the newest one's time counts", () => {
  const releases = [entry(1, 1), entry(2, 2, { state: "failed" }), entry(3, 3, { state: "running" })];
  expect(valueOf(releaseFigures(releases, now), "successPercent")).toBe(50);
  expect(valueOf(releaseFigures(releases, now), "deploymentSeconds")).toBe(300);
  expect(releaseFigures([], now)).toEqual([]);
});

test("a certificate that has ended has less than no days", () => {
  expect(certificateFigure("dnd.example.com", at(100 - 48), now).value).toBe(-2);
});

describe("traffic", () => {
  const recorded = (name: string, value: number, machine: string, hours = 100) => ({
    version: 1 as const,
    at: at(hours),
    meta: { name, environment: "production", labels: { machine } },
    value,
  });

  test("of several machines is one: errors by requests, times by how many took them, pools by the fullest", () => {
    const figures = trafficFigures(
      [
        ...[recorded("requests", 90, "a"), recorded("errors", 0, "a"), recorded("p95Ms", 100, "a")],
        ...[recorded("requests", 10, "b"), recorded("errors", 5, "b"), recorded("p95Ms", 1100, "b")],
        ...[recorded("poolPercent", 20, "a"), recorded("poolPercent", 80, "b")],
        ...[recorded("activeSessions", 3, "a", 99), recorded("activeSessions", 4, "a")],
      ],
      now,
    );
    expect(valueOf(figures, "errorPercent")).toBe(5);
    expect(valueOf(figures, "p95Ms")).toBe(200);
    expect(valueOf(figures, "poolPercent")).toBe(80);
    expect(valueOf(figures, "activeSessions")).toBe(4);
  });

  test("of a few requests says nothing of errors", () => {
    const figures = trafficFigures([recorded("requests", 2, "a"), recorded("errors", 2, "a")], now);
    expect(valueOf(figures, "errorPercent")).toBeUndefined();
  });
});

test("sessions are held against what is usual, which three days at least must tell", () => {
  const day = (...machines: number[]) => machines.map((mean) => ({ count: 360, sum: mean * 360 }));
  const halfAnHour = { count: 180, sum: 40 * 180 };
  expect(usualOf([day(20, 20), day(30), [...day(10), halfAnHour], []])).toBeCloseTo((40 + 30 + 30) / 3);
  expect(usualOf([day(100), day(100), [], []])).toBeUndefined();
  expect(usualOf([day(1), day(1), day(1)])).toBeUndefined();
  const seen: Figure[] = [{ name: "activeSessions", subject: "app", value: 60, at: now }];
  expect(valueOf(againstTheUsual(seen, 40), "sessionsPercent")).toBe(150);
  expect(againstTheUsual(seen, undefined)).toEqual([]);
});
