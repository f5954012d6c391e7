import { MongoClient, type Db } from "mongodb";
import {
  closeAfterRelease,
  ensurePass,
  maintenanceGate,
  maintenanceNow,
  openForRelease,
  passHeader,
  setMaintenance,
  settleMaintenance,
} from "../../../../infra/engines/maintenance";

const client = new MongoClient(process.env.TEST_MONGODB_URI ?? "");
const ops = client.db("maintenance_gate_ops");
const minute = 60_000;

beforeEach(() => ops.collection("maintenance").deleteMany({}));
afterAll(async () => {
  await ops.dropDatabase();
  await client.close();
});

/** A gate with a clock of its own; what is asked passes more than a second later. */
function gateAt(start = Date.now(), options: { ops?: () => Db; env?: NodeJS.ProcessEnv } = {}) {
  let now = start;
  const gate = maintenanceGate({ ops: () => ops, env: {}, now: () => now, ...options });
  const ask = (path: string, headers: Record<string, string> = {}) => {
    now += 1001;
    return gate(new Request(`http://app${path}`, { headers }), async () => new Response("served"));
  };
  const pass = (ms: number) => void (now += ms);
  return { ask, pass };
}

const page = { accept: "text/html,*/*" };

test("while it is on, people get a page and programs JSON, both with 503 and when to come back", async () => {
  await setMaintenance(ops, { on: true, message: "Back <soon>", until: new Date(Date.now() + 5 * minute) });
  const { ask } = gateAt();
  const shown = await ask("/", page);
  expect([shown.status, shown.headers.get("content-type")]).toEqual([503, "text/html; charset=utf-8"]);
  expect(await shown.text()).toContain("Back &lt;soon&gt;");
  expect(Number(shown.headers.get("retry-after"))).toBeGreaterThan(200);
  const told = await ask("/api/characters", page);
  expect([told.status, await told.json()]).toEqual([
    503,
    expect.objectContaining({ error: "Back <soon>", maintenance: expect.objectContaining({ on: true }) }),
  ]);
});

test.each(["/health", "/api/health", "/api/health/database", "/metrics", "/status"])(
  "%s is answered all the same",
  async (path) => {
    await setMaintenance(ops, { on: true });
    expect((await gateAt().ask(path)).status).toBe(200);
  },
);

test("what only looks like a health check is not let through", async () => {
  await setMaintenance(ops, { on: true });
  for (const path of ["/healthy", "/api/healthcheck/../characters", "/statuses"])
    expect((await gateAt().ask(path)).status).toBe(503);
});

test("an allowed network goes through, by what the last proxy saw and not by what the client says", async () => {
  await setMaintenance(ops, { on: true, allowed: ["10.1.0.0/16"] });
  const { ask } = gateAt();
  const from = (list: string, peer = "::ffff:127.0.0.1") =>
    ask("/", { "x-forwarded-for": list, "x-peer-address": peer });
  expect((await from("10.1.2.3")).status).toBe(200);
  expect((await from("10.1.2.3, 203.0.113.9")).status).toBe(503);
  expect((await from("10.1.2.3", "203.0.113.9")).status).toBe(503);
});

test("what stands among the allowed by hand and is no address lets nobody through, and breaks nothing", async () => {
  await setMaintenance(ops, { on: true, allowed: ["office", "10.0.0.0/99", "10.1.0.0/16"] });
  const { ask } = gateAt();
  const from = (peer: string) => ask("/", { "x-peer-address": peer });
  expect([(await from("10.1.2.3")).status, (await from("203.0.113.9")).status]).toEqual([200, 503]);
});

test("a window begins by itself, announces itself before, and ends by itself", async () => {
  const start = Date.now();
  await setMaintenance(ops, {
    on: true,
    from: new Date(start + 10 * minute),
    until: new Date(start + 20 * minute),
  });
  const { ask, pass } = gateAt(start);
  const before = await ask("/");
  expect([before.status, before.headers.has("x-maintenance-from")]).toEqual([200, true]);
  expect(await (await ask("/api/maintenance")).json()).toMatchObject({ on: false, scheduled: true });
  pass(10 * minute);
  expect((await ask("/")).status).toBe(503);
  pass(10 * minute);
  expect((await ask("/")).status).toBe(200);
});

test("with the database away the last known state stays, and `until` ends it all the same", async () => {
  const gone = new MongoClient("mongodb://127.0.0.1:1/", { serverSelectionTimeoutMS: 50 });
  const start = Date.now();
  await setMaintenance(ops, { on: true, until: new Date(start + 10 * minute) });
  let away = false;
  const { ask, pass } = gateAt(start, { ops: () => (away ? gone.db("gone") : ops) });
  expect((await ask("/")).status).toBe(503);
  away = true;
  expect([(await ask("/")).status, (await ask("/")).status]).toEqual([503, 503]);
  pass(10 * minute);
  expect((await ask("/")).status).toBe(200);
  await gone.close();
});

test("with the database away from the start everybody is served, and whoever asks next waits for nothing", async () => {
  const gone = new MongoClient("mongodb://127.0.0.1:1/", { serverSelectionTimeoutMS: 5000 });
  const { ask } = gateAt(Date.now(), { ops: () => gone.db("gone") });
  expect([(await ask("/")).status, (await ask("/")).status]).toEqual([200, 200]);
  expect(await (await ask("/api/maintenance")).json()).toMatchObject({ on: false, scheduled: false });
  await gone.close();
});

test("a clock that was set back does not keep an old answer", async () => {
  const { ask, pass } = gateAt();
  expect((await ask("/")).status).toBe(200);
  await setMaintenance(ops, { on: true, from: new Date(0) });
  pass(-60 * minute);
  expect((await ask("/")).status).toBe(503);
});

test("MAINTENANCE_MODE switches it on without a database", async () => {
  const away = { ops: () => client.db(""), env: { MAINTENANCE_MODE: "true" } };
  expect((await gateAt(Date.now(), away).ask("/")).status).toBe(503);
  expect((await gateAt(Date.now(), { env: { MAINTENANCE_MODE: "false" } }).ask("/")).status).toBe(200);
});

test("the switch is read once a second at most", async () => {
  let reads = 0;
  const now = Date.now();
  const counted = () => {
    reads++;
    return ops;
  };
  const gate = maintenanceGate({ ops: counted, env: {}, now: () => now });
  const ask = () => gate(new Request("http://app/"), async () => new Response("served"));
  await Promise.all(Array.from({ length: 1000 }, ask));
  for (let times = 0; times < 20; times++) await ask();
  expect(reads).toBe(1);
});

test("the verification of a release gets through by its pass, nobody by another", async () => {
  await openForRelease(ops, { release: 4, reason: "contract migrations", patienceMs: minute });
  const pass = await ensurePass(ops);
  const { ask } = gateAt();
  expect((await ask("/", { [passHeader]: pass })).status).toBe(200);
  expect((await ask("/", { [passHeader]: `${pass.slice(1)}x` })).status).toBe(503);
});

test("a release closes its own window and gives back what a person had planned", async () => {
  const from = new Date(Date.now() + 10 * minute);
  await setMaintenance(ops, { on: true, from, by: "gm" });
  expect(await openForRelease(ops, { release: 4, reason: "restore", patienceMs: minute })).toBe(true);
  expect(await maintenanceNow(ops)).toMatchObject({ on: true, release: 4 });
  expect(await closeAfterRelease(ops, 5)).toBe(true);
  expect(await maintenanceNow(ops)).toMatchObject({ on: false, scheduled: true, from, by: "gm" });
});

test("a person's window stays open through a release", async () => {
  await setMaintenance(ops, { on: true, by: "gm" });
  expect(await openForRelease(ops, { release: 4, reason: "restore", patienceMs: minute })).toBe(false);
  expect(await closeAfterRelease(ops, 4)).toBe(false);
  expect(await maintenanceNow(ops)).toMatchObject({ on: true, by: "gm", release: null });
});

test("what is stored follows the time", async () => {
  const now = Date.now();
  await setMaintenance(ops, { on: true, from: new Date(now + minute), until: new Date(now + 2 * minute) });
  const stored = () => ops.collection("maintenance").findOne({ _id: "current" as never });
  await settleMaintenance(ops, new Date(now + minute + 1));
  expect(await stored()).toMatchObject({ on: true });
  await settleMaintenance(ops, new Date(now + 2 * minute + 1));
  expect(await stored()).toMatchObject({ on: false, from: null, until: null });
});

test("a switch of a later edition is refused by name of its version", async () => {
  await ops.collection("maintenance").insertOne({ _id: "current" as never, version: 2 });
  await expect(maintenanceNow(ops)).rejects.toMatchObject({ code: "maintenance-newer" });
});
