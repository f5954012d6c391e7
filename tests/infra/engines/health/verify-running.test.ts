import {
  guidesThresholds,
  measuredBefore,
  rememberMeasurement,
  verifyRunning,
  type RunningVerification,
} from "../../../../infra/engines/health";
import { keptName, silent } from "../../../../infra/support";
import { openTable, type Table } from "../../../app/table";
import { tamperedFront, type Tampering } from "./front";

let table: Table;

beforeAll(async () => {
  table = await openTable({ MACHINE_ID: "m1", IMAGE_DIGEST: "sha256:abc" });
});
afterAll(async () => {
  await table.stop();
});

function verify(url: string, wanted: Partial<RunningVerification> = {}) {
  return verifyRunning({
    url,
    expected: { digest: "sha256:abc" },
    database: table.db,
    sample: 100,
    watchMs: 0,
    thresholds: guidesThresholds,
    before: { traffic: null, logs: null },
    progress: silent,
    signal: AbortSignal.timeout(60_000),
    ...wanted,
  });
}

/** An app that is well while it is checked and breaks as soon as it is watched: its page is asked for then alone. */
function brokenPage(method: string, path: string): Tampering {
  return method === "GET" && path === "/" ? { answer: { status: 500, body: {} } } : {};
}

describe("the verification of what runs", () => {
  test("is good of an app that is well, and leaves nothing of what it played", async () => {
    // Logs that cannot be read hold up nothing.
    const found = await verify(table.url, { logs: () => Promise.reject(new Error("no token")) });
    expect(found).toMatchObject({ verdict: "good", reasons: [], traffic: null, logs: null });
    expect(found.checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["health", "database", "migrations", "game", "validators"]),
    );
    for (const name of ["characters", "parties", "encounters"])
      expect(await table.db.collection(name).countDocuments()).toBe(0);
  });

  const putAside = keptName("0a1b2c3d", "verification_broken");

  test("is bad where documents are against their validator, and names them", async () => {
    const broken = table.db.collection<{ _id: string; level: unknown }>("verification_broken");
    await broken.insertOne({ _id: "the-lich", level: "many" });
    await table.db.command({
      collMod: "verification_broken",
      validator: { level: { $type: "number" } },
      validationLevel: "moderate",
    });
    try {
      const found = await verify(table.url);
      expect(found.verdict).toBe("bad");
      expect(found.reasons.join()).toContain("verification_broken has the-lich");
      // As a restore puts it aside until somebody confirms: the damage that it mended is no damage of the app's.
      await broken.rename(putAside, { dropTarget: true });
      expect((await verify(table.url)).verdict).not.toBe("bad");
    } finally {
      await broken.drop();
      await table.db.collection(putAside).drop();
    }
  });

  test("is bad where too many requests fail while it is watched, with the figures", async () => {
    const front = await tamperedFront(table.url, brokenPage);
    try {
      const found = await verify(front.url, { watchMs: 1500 });
      expect(found.verdict).toBe("bad");
      expect(found.reasons.join()).toMatch(/of 100 requests failed \(\d+ of \d+\), 5 are allowed/);
      expect(found.checks.every(({ ok }) => ok)).toBe(true);
    } finally {
      front.close();
    }
  });

  test("remembers what was measured, for the version after it alone", async () => {
    const ops = table.db;
    const traffic = { requests: 100, failures: 0, p50Ms: 3, p95Ms: 9, durationMs: 1000 };
    const seen = { at: new Date(), release: 1, version: "1", verdict: "good" as const, traffic };
    await rememberMeasurement(ops, { ...seen, digest: "sha256:one" });
    await rememberMeasurement(ops, {
      ...seen,
      digest: "sha256:bad",
      verdict: "bad",
      at: new Date(Date.now() + 1),
    });
    expect((await measuredBefore(ops, "sha256:two")).traffic).toEqual(traffic);
    expect((await measuredBefore(ops, "sha256:one")).traffic).toBeNull();
    await ops.collection("verifications").drop();
  });
});
