import { mkdtemp, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient, type Db } from "mongodb";
import { openAlerts, raiseAlert, resolveAlert } from "../../../../infra/engines/alerts";
import { identify } from "../../../../infra/drivers/processes";
import {
  keepProof,
  PreflightRefusedError,
  runGates,
  skipProof,
  type GateRules,
  type Neighbours,
  type PreflightWishes,
} from "../../../../infra/engines/preflight";
import { silent } from "../../../../infra/support";
import { calmNeighbours, calmWishes } from "./world";

const name = "preflight_gates";
const now = new Date("2026-11-24T10:00:00Z");
const day = 86_400_000;
let client: MongoClient;
let ops: Db;
let store: string;
let calm: PreflightWishes;

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  ops = client.db(`${name}_ops`);
  await ops.dropDatabase();
  store = await mkdtemp(join(tmpdir(), "dnd-gates-"));
  calm = calmWishes(name, store);
});
afterAll(async () => {
  await ops.dropDatabase();
  await client.close();
  await rm(store, { recursive: true });
});

async function report(
  wishes: Partial<PreflightWishes> = {},
  around: Partial<Neighbours> = {},
  only?: readonly string[],
) {
  const signal = AbortSignal.timeout(60_000);
  const looks = { signal, progress: silent, now, ...(only && { only }) };
  return runGates({ ...calm, ...wishes }, { ...calmNeighbours, ...around }, looks);
}

/** What one gate says, and whether it stops the release: "warn", "fail!". */
async function gate(wanted: string, wishes: Partial<PreflightWishes>, around: Partial<Neighbours> = {}) {
  const found = (await report(wishes, around, [wanted])).gates[0];
  return { said: `${found?.state}${found?.stops ? "!" : ""}`, reason: found?.reason };
}
const rules = (some: Partial<GateRules>) => ({ rules: { ...calm.rules, ...some } });
const archive = (at: string, ok: boolean) => ({
  listDescribed: async () => [{ id: "a1", verifications: [{ kind: "restore", at, ok }] }],
});

describe("the gates of a release", () => {
  test("let a calm release through, strictly, each with a reason", async () => {
    const found = await report();
    // How full the disk of this machine is, and what else runs on it, is no business of a test.
    const machine = ["database size", "blocking operations"];
    expect(found.gates.filter(({ stops, gate: of }) => stops && !machine.includes(of))).toEqual([]);
    expect(found.gates.every(({ reason }) => reason.length > 0)).toBe(true);
    expect(found.gates.length).toBeGreaterThan(15);
  });

  test.each<[string, string, string, () => Partial<PreflightWishes>, Partial<Neighbours>?]>([
    [
      "settings and secrets",
      "fail!",
      "is missing",
      () => ({ needed: [{ name: "X", problem: "is missing" }] }),
    ],
    [
      "settings and secrets",
      "warn",
      "is not set",
      () => ({ environment: "staging", strict: false, needed: [{ name: "X", problem: "is not set" }] }),
    ],
    [
      "settings and secrets",
      "fail!",
      "has 5 characters",
      () => ({
        environment: "staging",
        strict: false,
        needed: [{ name: "X", problem: "has 5 characters", weak: true }],
      }),
    ],
    ["image", "fail!", "not pinned", () => ({ image: { name: "a", version: "1", digest: "latest" } })],
    ["image", "fail!", "no such image", () => ({ image: null, imageProblem: "no such image" })],
    ["connections", "fail!", "may open", () => ({ connections: 1_000_000 })],
    ["database version", "warn", "the settings name 1.2", () => ({ version: "1.2" })],
    [
      "migrations",
      "fail!",
      "order",
      () => ({}),
      { planMigrations: async () => ({ pending: [], problems: ["order"] }) },
    ],
    ["archive space", "warn", "no way back", () => ({ backup: null })],
    ["archive space", "fail!", "", () => ({ backup: { store: "/proc/nothing", restoreTest: true } })],
    [
      "release window",
      "fail!",
      "nobody",
      () => rules({ freeze: [{ from: "2026-11-24", to: "2026-11-24", reason: "nobody" }] }),
    ],
    [
      "release window",
      "fail!",
      "closed",
      () => rules({ window: { days: ["sun"], from: "01:00", to: "02:00", timeZone: "UTC" } }),
    ],
    [
      "proof",
      "warn!",
      "missing for commit 012345678",
      () => rules({ proof: { wanted: true, withinMs: day, signers: null } }),
    ],
    ["approvals", "fail!", "not there", () => rules({ approvals: { signers: "no/such/file", needed: 1 } })],
    [
      "last restore test",
      "warn!",
      "never|ever",
      () => ({ backup: { store, restoreTest: false } }),
      { listDescribed: async () => [{ id: "a1", verifications: [] }] },
    ],
    [
      "last restore test",
      "warn!",
      "40 days",
      () => ({ backup: { store, restoreTest: false } }),
      archive("2026-10-15T10:00:00Z", true),
    ],
    [
      "last restore test",
      "ok",
      "1 days",
      () => ({ backup: { store, restoreTest: false } }),
      archive("2026-11-23T10:00:00Z", true),
    ],
    [
      "last restore test",
      "fail!",
      "failed",
      () => ({ backup: { store, restoreTest: false } }),
      archive("2026-11-23T10:00:00Z", false),
    ],
  ])("%s: %s where it finds: %s", async (...row) => {
    // Rows have four or five columns; a fifth parameter would be taken for the callback of a test.
    const [wanted, said, reason, wishes, around] = row;
    const found = await gate(wanted, wishes(), around);
    expect(found.said).toBe(said);
    expect(found.reason).toMatch(new RegExp(reason));
  });

  test("refuse an unmarked breaking change that waits, and no other", async () => {
    const finding = {
      file: "20260101000000-drop.ts",
      rule: "breaking-drop",
      what: "drops a field",
      accepted: null,
    };
    const review = (accepted: string | null, version: string): Partial<Neighbours> => ({
      planMigrations: async () => ({ pending: [{ version }], problems: [] }),
      reviewMigrations: async () => ({ problems: [], findings: [{ ...finding, accepted }] }),
    });
    expect((await gate("migrations", {}, review(null, "20260101000000"))).said).toBe("fail!");
    expect((await gate("migrations", {}, review("agreed", "20260101000000"))).said).toBe("ok");
    expect((await gate("migrations", {}, review(null, "20270101000000"))).said).toBe("ok");
  });

  test("refuse an image in quarantine and a release into a fire", async () => {
    const entry = { _id: calm.image?.digest ?? "", reason: "it ate the dice", at: now, release: 4 };
    await ops.collection<{ _id: string }>("quarantine").insertOne(entry);
    const raised = { rule: "by-hand", text: "", level: "critical" as const };
    await raiseAlert(ops, { ...raised, subject: "app", title: "all is lost" }, now);
    await raiseAlert(ops, { ...raised, subject: "dice", title: "dice are few", level: "warning" }, now);
    await raiseAlert(ops, { ...raised, subject: "map", title: "was lost" }, now);
    await resolveAlert(ops, `by-hand:map:${now.toISOString()}`, "ann");
    const found = await report({}, { openAlerts });
    const reasons = found.gates.filter(({ stops }) => stops).map(({ reason }) => reason);
    expect(reasons.join()).toContain("it ate the dice");
    expect(reasons).toContain("all is lost");
    expect(reasons.join()).not.toMatch(/dice are few|was lost/);
    expect(new PreflightRefusedError(found)).toMatchObject({ kind: "refused", exitCode: 3 });
    expect((await report({ direction: "rollback" })).ok).toBe(true);
    await ops.dropDatabase();
  });

  test("tell a release that is being made from one whose process is gone", async () => {
    const running = (
      runner: ReturnType<typeof identify>,
      startedAt: Date,
      host = hostname(),
      heartbeatAt?: Date,
    ) => ({
      newestRelease: async () => ({
        _id: 4,
        state: "running",
        image: { digest: "d" },
        by: "gm",
        host,
        startedAt,
        steps: [],
        runner,
        heartbeatAt,
      }),
    });
    const wanted = "release in progress";
    expect((await gate(wanted, {}, running(identify(process.pid), now))).said).toBe("fail!");
    const refused = new PreflightRefusedError(await report({}, running(identify(process.pid), now)));
    expect(refused).toMatchObject({ kind: "locked", exitCode: 4 });
    expect((await gate(wanted, {}, running({ pid: process.pid, started: "another boot" }, now))).said).toBe(
      "ok",
    );
    expect((await gate(wanted, {}, running(undefined, now, "elsewhere"))).said).toBe("fail!");
    expect(
      (await gate(wanted, {}, running(undefined, new Date(now.getTime() - day), "elsewhere"))).said,
    ).toBe("warn");
    // Whatever the clocks of the hosts say: the server has written the sign of life, and says how late it is now.
    const heard = (ago: number) =>
      running(undefined, new Date(now.getTime() - day), "elsewhere", new Date(Date.now() - ago));
    expect((await gate(wanted, {}, heard(60_000))).said).toBe("fail!");
    expect((await gate(wanted, {}, heard(3_600_000))).said).toBe("warn");
  });

  test("read what was proved of the commit, and who took a missing proof upon themselves", async () => {
    const asks = rules({ proof: { wanted: true, withinMs: day, signers: null } });
    const skipped = await skipProof(calm.commit ?? "", "the login is down", null);
    await keepProof({ ...skipped, at: new Date(now.getTime() - 14 * 60_000).toISOString() }, ops);
    expect(await gate("proof", asks)).toMatchObject({
      said: "warn",
      reason: expect.stringMatching(/skipped for commit 012345678, 14 minutes old, by .*: the login is down/),
    });
    await keepProof({ ...skipped, kind: "passed", reason: null, at: now.toISOString() }, ops);
    expect((await gate("proof", asks)).said).toBe("ok");
    await keepProof({ ...skipped, kind: "passed", at: new Date(now.getTime() - 2 * day).toISOString() }, ops);
    expect((await gate("proof", asks)).said).toBe("warn!");
    await keepProof({ ...skipped, kind: "failed", at: now.toISOString() }, ops);
    expect((await gate("proof", asks)).said).toBe("fail!");
  });
});
