import { createServer, type Socket } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { MongoClient, type Db } from "mongodb";
import {
  ensureMetrics,
  monitoringApi,
  type MonitoringApiOptions,
} from "../../../../infra/engines/monitoring";
import { Secret } from "../../../../infra/support";

const path = "/api/monitoring/deployment";
const token = "a-token-of-the-test";
const started = new Date(Date.now() - 3_600_000);
let client: MongoClient;
let ops: Db;

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  ops = client.db("monitoring_api_ops");
  await ops.dropDatabase();
  // What a busy machine needs for making collections is no part of any answer.
  await ensureMetrics(ops);
  await ops.collection<{ _id: number }>("releases").insertMany([release(1, "done"), release(2, "failed")]);
  await ops
    .collection<{ _id: string }>("alerts")
    .insertMany([
      alert("a", { resolved: true, resolvedAt: new Date() }),
      alert("b", { level: "critical" }),
      alert("c", { environment: "staging" }),
      alert("it waits for its time", { level: "critical", firedAt: null }),
      alert("it is tried out", { level: "critical", dryRun: true }),
    ]);
});
afterAll(async () => {
  await ops.dropDatabase();
  await client.close();
});

function release(number: number, state: string) {
  const step = (name: string, durationMs: number) => ({ name, outcome: "done", at: started, durationMs });
  return {
    _id: number,
    documentVersion: 1,
    state,
    environment: "production",
    image: { name: "web", version: `1.${number}.0`, digest: "sha256:abc" },
    startedAt: new Date(started.getTime() + number),
    finishedAt: new Date(started.getTime() + number + number * 1000),
    steps: [step("backup", 100), step("expand-migrations", 300)],
  };
}

function alert(_id: string, more: object) {
  const base = { version: 1, level: "warning", environment: "production", since: started };
  return { _id, ...base, resolved: false, resolvedAt: null, ...more };
}

function open(options: Partial<MonitoringApiOptions> = {}) {
  const api = monitoringApi({ ops, token: new Secret(token), environment: "production", ...options });
  const handle = api[path];
  if (!handle) throw new Error("nothing answers at the path of the guide");
  return async (query: string, init: RequestInit & { duplex?: "half" } = {}) => {
    const response = await handle(new Request(`http://app${path}${query}`, init));
    const text = await response.text();
    const json = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    const body = json ? (JSON.parse(text) as { data: never; error?: string; reasons?: string[] }) : undefined;
    return { status: response.status, headers: response.headers, text, body };
  };
}

function post(body: unknown, headers: Record<string, string> = {}) {
  return {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  };
}

const ofTheGuide = {
  action: "metric",
  data: {
    environment: "staging",
    deploymentId: "deploy-staging-20250112-1200",
    phase: "deployment",
    status: "success",
    duration: 120000,
  },
};

describe("the monitoring API", () => {
  test("tells how deployments went in the JSON of the guide", async () => {
    const answer = await open()("?action=stats&environment=production");
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      success: true,
      data: {
        environment: "production",
        deploymentCount: 2,
        successfulDeployments: 1,
        successRate: 0.5,
        averageDeploymentTime: 1500,
        averageMigrationTime: 300,
        totalAlerts: 2,
        activeAlerts: 1,
        lastDeployment: new Date(started.getTime() + 2).toISOString(),
      },
    });
    const later = encodeURIComponent(new Date(Date.now() + 1000).toISOString());
    expect((await open()(`?action=stats&since=${later}`)).body).toMatchObject({
      data: { deploymentCount: 0, totalAlerts: 0, lastDeployment: null },
    });
  });

  test("keeps what the guide posts, and counts it", async () => {
    const ask = open();
    expect((await ask("", post(ofTheGuide))).body).toEqual({ success: true, data: { recorded: true } });
    await ask("", post({ ...ofTheGuide, data: { ...ofTheGuide.data, status: "failure", duration: 60000 } }));
    await ask(
      "",
      post({ action: "metric", data: { name: "queueLength", value: 7, environment: "staging" } }),
    );
    expect((await ask("?action=stats&environment=staging")).body).toMatchObject({
      data: { deploymentCount: 2, successRate: 0.5, averageDeploymentTime: 90000, activeAlerts: 1 },
    });
    const { body } = await ask("?action=metrics&environment=staging");
    expect(body?.data).toMatchObject([{ status: "failed" }, { status: "success" }]);
    expect(body?.data).toHaveLength(2);
    expect((await ask("?action=metrics&environment=staging&name=queueLength")).body?.data).toMatchObject([
      { name: "queueLength", value: 7, deploymentId: null },
    ]);
  });

  test("lists every release with its steps, newest first, as JSON and as a table", async () => {
    const ask = open();
    const { body } = await ask("?action=metrics&limit=3");
    expect(body?.data).toMatchObject([
      { deploymentId: "release-2", phase: "deployment", status: "failed", duration: 2000 },
      { deploymentId: "release-1", phase: "deployment", status: "success", duration: 1000 },
      { duration: 100 },
    ]);
    const table = await ask("?action=metrics&format=csv");
    expect(table.headers.get("content-type")).toMatch(/^text\/csv/);
    expect(table.headers.get("content-disposition")).toBe('attachment; filename="metrics-production.csv"');
    const lines = table.text.split("\r\n");
    expect(lines[0]).toBe(
      "timestamp,environment,deploymentId,phase,status,duration,name,value,release,labels",
    );
    expect(lines).toContain(
      `${new Date(started.getTime() + 2).toISOString()},production,release-2,deployment,failed,2000,deployment,2000,2,`,
    );
    expect(lines).toHaveLength(1 + 6 + 1);
  });

  test("lets no cell of the table become a formula, and no comma a column", async () => {
    const ask = open();
    const ids = ["=HYPERLINK(1)", "+1", "-1", "@x", " =1", 'a,"b"', "line\nbreak"];
    for (const deploymentId of ids)
      await ask(
        "",
        post({ ...ofTheGuide, data: { ...ofTheGuide.data, environment: "cells", deploymentId } }),
      );
    const { text } = await ask("?action=metrics&environment=cells&format=csv");
    for (const id of ids.slice(0, 5)) expect(text).toContain(`,"'${id}",`);
    expect(text).toContain(',"a,""b""",');
    expect(text).not.toMatch(/(^|,)"?\s*[=+@]/m);
  });

  test("says in one word how an environment is", async () => {
    expect((await open()("?action=health")).body).toMatchObject({
      success: true,
      data: { status: "unhealthy", activeAlerts: 1, criticalAlerts: 1, lastDeployment: { release: 2 } },
    });
    expect((await open()("?action=health&environment=staging")).body).toMatchObject({
      data: { status: "degraded", lastDeployment: null },
    });
  });

  test("resolves an alert through whoever can, in somebody's name", async () => {
    const asked: string[][] = [];
    const ask = open({
      resolveAlert: (id, by) => {
        asked.push([id, by]);
        return Promise.resolve(id === "known");
      },
    });
    const wish = (alertId: string) => post({ action: "resolve-alert", data: { alertId, resolvedBy: "Ada" } });
    expect((await ask("", wish("known"))).body).toEqual({
      success: true,
      data: { resolved: true, alertId: "known" },
    });
    expect((await ask("", wish("unknown"))).status).toBe(404);
    expect(asked).toEqual([
      ["known", "Ada"],
      ["unknown", "Ada"],
    ]);
    expect((await open()("", wish("known"))).status).toBe(501);
  });

  test.each([
    ["an unknown action", "?action=drop"],
    ["an environment that is a path", "?environment=..%2F..%2Fetc"],
    ["an environment that breaks a header", "?environment=a%0d%0aset-cookie:b"],
    ["a name that is an operator", "?action=metrics&name=%24where"],
    ["a date that is none", "?since=yesterday"],
    ["a limit without bounds", "?action=metrics&limit=1000000"],
    ["statistics as a table", "?action=stats&format=csv"],
  ])("refuses %s", async (_, query) => {
    const answer = await open()(query);
    expect(answer.status).toBe(400);
    expect(answer.body?.reasons).toHaveLength(1);
  });

  test.each([
    ["what is not JSON", "{"],
    ["a list", "[]"],
    ["nothing", ""],
    ["an unknown action", { action: "drop", data: {} }],
    ["a number that is a text", { ...ofTheGuide, data: { ...ofTheGuide.data, duration: "5" } }],
    [
      "an object where a text is due",
      { ...ofTheGuide, data: { ...ofTheGuide.data, environment: { $gt: "" } } },
    ],
    ["what nobody asked for", { ...ofTheGuide, data: { ...ofTheGuide.data, $set: {} } }],
    ["a figure without an end", '{"action":"metric","data":{"name":"x","value":1e999}}'],
    [
      "a label that breaks a line",
      { action: "metric", data: { name: "x", value: 1, labels: { a: "b\r\nc" } } },
    ],
    ["an alert without a name", { action: "resolve-alert", data: {} }],
  ])("refuses %s with the reason", async (_, body) => {
    const answer = await open({ resolveAlert: () => Promise.resolve(true) })("", post(body));
    expect(answer.status).toBe(400);
    expect(answer.body?.reasons?.length).toBeGreaterThan(0);
  });

  test("refuses other types and other methods", async () => {
    const ask = open();
    expect((await ask("", post("a=b", { "content-type": "text/plain" }))).status).toBe(415);
    const other = await ask("", { method: "DELETE" });
    expect([other.status, other.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
  });

  test("refuses 10 MB without reading them", async () => {
    const ask = open();
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 16_384;
        if (sent > 10_000_000) controller.close();
        else controller.enqueue(new Uint8Array(16_384));
      },
    });
    const answer = await ask("", { ...post(""), body, duplex: "half" });
    expect(answer.status).toBe(413);
    expect(sent).toBeLessThan(200_000);
    const announced = await ask("", post("x".repeat(100), { "content-length": "10000000" }));
    expect(announced.status).toBe(413);
  });

  test("writes nothing for who has no token, and tells nobody what the token is", async () => {
    const ask = open();
    for (const authorization of ["", "Bearer", "Bearer wrong", `Basic ${token}`, `bearer  ${token}`, token]) {
      const answer = await ask("", post(ofTheGuide, { authorization }));
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
      expect(answer.text).not.toContain(token);
    }
    expect((await open({ token: undefined })("", post(ofTheGuide))).status).toBe(403);
  });

  test("answers 429 with when to come again, and who guesses does not shut out who knows", async () => {
    const ask = open({ rateLimit: { burst: 2, perMinute: 6 }, readLimit: { burst: 1, perMinute: 1 } });
    const guesses: number[] = [];
    for (let n = 0; n < 12; n++)
      guesses.push((await ask("", post(ofTheGuide, { authorization: "Bearer x" }))).status);
    expect(guesses).toEqual([...Array<number>(10).fill(401), 429, 429]);
    const wrong = post("{}");
    expect([(await ask("", wrong)).status, (await ask("", wrong)).status]).toEqual([400, 400]);
    const late = await ask("", wrong);
    expect(late.status).toBe(429);
    expect(Number(late.headers.get("retry-after"))).toBeGreaterThan(8);
    await ask("?action=health");
    expect(Number((await ask("?action=health")).headers.get("retry-after"))).toBeGreaterThan(1);
  });

  test("says soon and without a secret that the database is away", async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const away = new MongoClient(`mongodb://app:canary@127.0.0.1:${port}/?directConnection=true`, {
      serverSelectionTimeoutMS: 300,
    });
    const reports: unknown[] = [];
    const answer = await open({ ops: away.db("x_ops"), report: (error) => reports.push(error) })(
      "?action=stats",
    );
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("2");
    expect(answer.text).not.toMatch(/canary|127\.0\.0\.1|at /);
    expect(reports).toHaveLength(1);
    for (const socket of sockets) socket.destroy();
    await away.close();
    silent.close();
  });
});
