import { resolveAlert as asTheMonitor } from "../../infra/engines/alerts";
import { resolveAlert } from "../../app/monitoring/resolve-alert";
import { waitFor } from "../../infra/support";
import { openTable, type Table } from "./table";

const path = "/api/monitoring/deployment";
const token = "0123456789abcdef";
let table: Table;

beforeAll(async () => {
  const machine = { MACHINE_ID: "m=1", STOP_TIMEOUT_MS: "120000" };
  table = await openTable({ MONITORING_TOKEN: token, DEPLOY_ENV: "staging", ...machine });
  await connected(table);
});
afterAll(async () => {
  await table.stop();
});

async function connected({ ask }: Table): Promise<void> {
  await waitFor(async () => ((await ask("GET", "/api/health")).status === 200 ? true : undefined), {
    what: "the app's connection",
    timeoutMs: 30_000,
  });
}

const alerts = () => table.operations.collection<{ _id: string; resolved: boolean }>("alerts");

async function post(body: string, headers: Record<string, string> = { authorization: `Bearer ${token}` }) {
  const init = { method: "POST", headers: { "content-type": "application/json", ...headers }, body };
  const response = await fetch(table.url + path, init);
  return { status: response.status, body: (await response.json()) as unknown };
}

describe("the monitoring API of the app", () => {
  test("answers about the app's own environment", async () => {
    const { status, body, headers } = await table.ask("GET", `${path}?action=stats`);
    expect([status, headers.get("x-app-version")]).toEqual([200, "1.2.3"]);
    expect(body).toMatchObject({ success: true, data: { environment: "staging", deploymentCount: 0 } });
    expect((await table.ask("DELETE", path)).status).toBe(405);
  });

  test("keeps a figure for who has the token", async () => {
    const figure = JSON.stringify({ action: "metric", data: { name: "queueLength", value: 3 } });
    expect((await post(figure, {})).status).toBe(401);
    expect(await post(figure)).toEqual({ status: 200, body: { success: true, data: { recorded: true } } });
    const { body } = await table.ask("GET", `${path}?action=metrics&name=queueLength`);
    expect(body).toMatchObject({ data: [{ environment: "staging", value: 3 }] });
  });

  test("resolves an alert as the monitor does, which tells of it", async () => {
    await alerts().deleteMany({});
    for (const told of [null, { warning: true }]) {
      await alerts().insertMany(["a", "b", "c"].map((_id) => ({ _id, version: 1, resolved: false, told })));
      const wish = { action: "resolve-alert", data: { alertId: "a", resolvedBy: "$told" } };
      expect((await post(JSON.stringify(wish))).status).toBe(200);
      expect((await post(JSON.stringify(wish))).status).toBe(404);
      expect(await resolveAlert(table.operations, "b", "$told")).toBe(true);
      await asTheMonitor(table.operations, "c", "$told");
      const at = expect.any(Date) as Date;
      const left = {
        version: 1,
        resolved: true,
        told,
        resolvedAt: at,
        resolvedBy: "$told",
        done: told === null,
      };
      expect(await alerts().find({}).toArray()).toEqual(["a", "b", "c"].map((_id) => ({ _id, ...left })));
      await alerts().deleteMany({});
    }
  });

  test("refuses what is too large, no JSON, or on another path", async () => {
    expect((await post("x".repeat(10_000_000))).status).toBe(413);
    expect((await post("{")).status).toBe(400);
    expect((await table.ask("GET", `${path}%2F..%2F..%2Fetc%2Fpasswd`)).status).toBe(404);
    expect((await table.ask("GET", `${path}?environment=..%2F..%2Fetc`)).status).toBe(400);
  });
});

describe("the figures of requests", () => {
  test("are those of people, sent at the latest when the app stops", async () => {
    const sums = async (name: string) =>
      (await table.operations.collection("metric_hours").find({ name }).toArray()).reduce(
        (sum, hour) => sum + Number(hour.sum),
        0,
      );
    await table.ask("GET", "/api/parties");
    await table.ask("GET", "/nowhere");
    for (const watching of ["/health", "/api/health", `${path}?action=stats`, "/deployments"])
      await table.ask("GET", watching);
    await table.stopApp();
    expect([await sums("requests"), await sums("errors")]).toEqual([2, 0]);
    expect(await table.operations.collection("metric_hours").findOne({ name: "requests" })).toMatchObject({
      environment: "staging",
      labels: { machine: "m=1" },
    });
  });
});
