import {
  VerificationError,
  verifyDeployment,
  type VerificationOptions,
} from "../../../../infra/engines/health";
import { silent } from "../../../../infra/support";
import { openTable, type Table } from "../../../app/table";
import { tamperedFront, type Tampering } from "./front";

let table: Table;

beforeAll(async () => {
  table = await openTable({ MACHINE_ID: "m1", IMAGE_DIGEST: "sha256:abc" });
});
afterAll(async () => {
  await table.stop();
});
afterEach(async () => {
  for (const name of ["characters", "parties", "encounters"]) {
    expect(await table.db.collection(name).find({}).toArray()).toEqual([]);
  }
});

const expected = { version: "1.2.3", digest: "sha256:abc" };

function verify(url: string, options: Partial<VerificationOptions> = {}) {
  const signal = AbortSignal.timeout(30_000);
  return verifyDeployment({
    url,
    expected,
    progress: silent,
    signal,
    startMs: 400,
    settleMs: 400,
    ...options,
  });
}

async function verifyBehind(
  tamper: (method: string, path: string, count: number) => Tampering,
  options: Partial<VerificationOptions> = {},
) {
  const front = await tamperedFront(table.url, tamper);
  try {
    const { ok, checks } = await verify(front.url, options);
    const failed = checks.filter((one) => !one.ok);
    return {
      ok,
      failed: failed.map(({ name }) => name),
      details: failed.map(({ detail }) => detail).join("\n"),
    };
  } finally {
    front.close();
  }
}

describe("a verification", () => {
  test("passes a deployment that is as expected, tells each check, and leaves nothing behind", async () => {
    const told: string[] = [];
    const { ok, checks } = await verify(table.url, {
      progress: (message) => told.push(message),
      bakeMs: 600,
    });
    expect(checks.filter((one) => !one.ok)).toEqual([]);
    expect(ok).toBe(true);
    expect(checks.map(({ name }) => name)).toEqual([
      "health",
      "database",
      "migrations",
      "image",
      "leftovers",
      "game",
      "speed",
      "bake",
    ]);
    expect(checks[3]?.detail).toBe("10 answers in a row from m1");
    expect(told).toHaveLength(checks.length);
  });

  test("fails while one of two machines still runs the old version", async () => {
    const found = await verifyBehind((_method, _path, count) =>
      count % 2 ? { headers: { "x-app-version": "1.0.0", "x-machine-id": "m2" } } : {},
    );
    expect(found).toMatchObject({ ok: false, failed: ["image"] });
    expect(found.details).toBe("m2 answered with version 1.0.0, expected 1.2.3");
  });

  test("fails where the version is right and the image is another", async () => {
    const { checks } = await verify(table.url, { expected: { ...expected, digest: "sha256:other" } });
    expect(checks.find(({ name }) => name === "image")).toMatchObject({
      ok: false,
      detail: "m1 answered with digest sha256:abc, expected sha256:other",
    });
  });

  test.each(["/api/health", "/api/health/database", "/api/health/migrations"])(
    "fails where %s does",
    async (ill) => {
      const body = { status: "error" };
      const found = await verifyBehind((_method, path) =>
        path === ill ? { answer: { status: 503, body } } : {},
      );
      expect(found.ok).toBe(false);
      expect(found.details).toBe(`GET ${ill} answered 503: {"status":"error"}`);
    },
  );

  test.each([
    ["PATCH", /^\/api\/characters\//],
    ["POST", /^\/api\/encounters$/],
    ["POST", /\/turn$/],
    ["POST", /\/finish$/],
  ])("fails where %s %s does, and still removes its test data", async (method, path) => {
    const answer = { status: 500, body: { error: "something went wrong on our side" } };
    const found = await verifyBehind((asked, at) => (asked === method && path.test(at) ? { answer } : {}));
    expect(found).toMatchObject({ ok: false, failed: ["game"] });
    expect(found.details).toContain("answered 500");
  });

  test("fails where the app is too slow", async () => {
    const found = await verifyBehind(() => ({ pauseMs: 30 }), { p95Ms: 20 });
    expect(found).toMatchObject({ ok: false, failed: ["speed"] });
  });

  test("fails where the app does not stay well", async () => {
    const since = Date.now();
    const body = { status: "error" };
    const ill = { answer: { status: 503, body } };
    const found = await verifyBehind(
      (_method, path) => (path === "/api/health" && Date.now() - since > 1000 ? ill : {}),
      { bakeMs: 2000 },
    );
    expect(found).toMatchObject({ ok: false, failed: ["bake"] });
  });

  test("of an address where nothing answers says so, once", async () => {
    const { ok, checks } = await verify("http://127.0.0.1:9");
    expect(ok).toBe(false);
    expect(checks[0]?.detail).toMatch(/^GET \/api\/health got no answer/);
    expect(new Set(checks.slice(1).map(({ detail }) => detail))).toEqual(
      new Set(["not tried: the app does not answer"]),
    );
  });

  test("that is interrupted throws, and still removes its test data", async () => {
    const interruption = new AbortController();
    const front = await tamperedFront(table.url, (_method, path) => {
      if (path.endsWith("/turn")) interruption.abort(new Error("interrupted by the operator"));
      return {};
    });
    await expect(verify(front.url, { signal: interruption.signal })).rejects.toThrow(
      "interrupted by the operator",
    );
    front.close();
  });

  test("removes what a killed one left, and only that", async () => {
    const old = new Date(Date.now() - 3_600_000);
    const post = (path: string, body: object) => table.ask<{ id: string }>("POST", path, body);
    const left = (await post("/api/parties", { name: "[verification] dead" })).body.id;
    const character = { class: "Bard", level: 1, armorClass: 11, hitPoints: { current: 5, max: 9 } };
    await post("/api/characters", { ...character, name: "[verification] dead hero", partyId: left });
    await post("/api/encounters", { name: "[verification] dead", partyId: left });
    await table.db
      .collection("parties")
      .updateOne({ name: "[verification] dead" }, { $set: { createdAt: old } });
    const own = await post("/api/parties", { name: "Verification fans" });
    const running = await post("/api/parties", { name: "[verification] alive" });
    const { checks } = await verify(table.url);
    expect(checks.find(({ name }) => name === "leftovers")?.detail).toBe(
      "test data of 1 killed runs was removed",
    );
    for (const { body } of [own, running]) {
      expect((await table.ask("DELETE", `/api/parties/${body.id}`)).status).toBe(204);
    }
  });

  test("that failed reads as a list of what to mend", () => {
    const checks = [
      { name: "health", ok: true, detail: "well", durationMs: 1 },
      { name: "image", ok: false, detail: "m2 answered with version 1.0.0, expected 1.2.3", durationMs: 2 },
    ];
    const error = new VerificationError("http://127.0.0.1:3000", checks);
    expect(error.message).toContain("failed 1 of 2 checks:\n  image: m2 answered with version 1.0.0");
    expect(error.remedy).toContain("dnd up");
  });
});
