import { MongoClient, type Db } from "mongodb";
import { setMaintenance } from "../../../infra/engines/maintenance";
import { Leadership, storedFigures, type Figure, type Probe } from "../../../infra/engines/monitoring";
import { makeRound, type RoundWish } from "../../../ops/monitor/round";
import { ScheduledBackup } from "../../../ops/monitor/scheduled-backup";
import { serve } from "../../../ops/monitor/server";
import { MonitorState } from "../../../ops/monitor/state";
import { settingsSchema } from "../../../stacks/settings";

let client: MongoClient;
let ops: Db;

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  ops = client.db("monitor_rounds_ops");
});
beforeEach(() => ops.dropDatabase());
afterAll(async () => {
  await ops.dropDatabase();
  await client.close();
});

const downProbe: Probe = {
  name: "redis",
  look: (at) => Promise.resolve([{ name: "serviceDown", subject: "redis", value: 1, at }]),
};

function wish(
  holder: string,
  more: Partial<RoundWish> = {},
): RoundWish & { said: string[]; seen: Figure[][] } {
  const said: string[] = [];
  const seen: Figure[][] = [];
  return {
    environment: "production",
    ops,
    probes: [downProbe],
    leadership: new Leadership({ holder }),
    alerting: { evaluate: async (figures) => void seen.push([...figures]), deliver: async () => undefined },
    state: new MonitorState(),
    say: (line) => said.push(line),
    signal: new AbortController().signal,
    ...more,
    said,
    seen,
  };
}

const down = (figures: Figure[] = []) => figures.find(({ name }) => name === "serviceDown")?.value;

describe("a round", () => {
  test("keeps what it found, gives a sign of life, and has it judged", async () => {
    const round = wish("first");
    await makeRound(round, new Date());
    expect(round.said).toEqual([]);
    expect(round.state.rounds).toBe(1);
    const kept = await ops.collection("metrics").find({}).toArray();
    expect(kept.map(({ meta }) => (meta as { name: string }).name).sort()).toEqual([
      "downtimeMinutes",
      "serviceDown",
    ]);
    const beats = await ops.collection<{ _id: string }>("heartbeats").find({}).toArray();
    expect(beats.map(({ _id }) => _id).sort()).toEqual(["monitor", "monitoring-began"]);
    expect(round.seen).toHaveLength(1);
    const stored = await storedFigures(ops, "production");
    expect(stored).toContainEqual(
      expect.objectContaining({ name: "serviceDown", subject: "redis", value: 0 }),
    );
  });

  test("ends a maintenance window whose time is over, before alerts are judged", async () => {
    const [from, until] = [new Date(Date.now() - 120_000), new Date(Date.now() - 60_000)];
    await setMaintenance(ops, { on: true, until }, from);
    await makeRound(wish("first"), new Date());
    expect(await ops.collection<{ _id: string }>("maintenance").findOne({ _id: "current" })).toMatchObject({
      on: false,
      reason: "its time was over",
    });
  });

  test("is the leading monitor's alone", async () => {
    await makeRound(wish("first"), new Date());
    const second = wish("second");
    await makeRound(second, new Date());
    expect(second.state).toMatchObject({ rounds: 0, standing: { leads: false, holder: "first" } });
    expect(second.seen).toEqual([]);
  });

  test("goes on counting after a restart: the third bad look is believed, whoever makes it", async () => {
    const first = wish("same");
    await makeRound(first, new Date());
    await makeRound(first, new Date());
    expect(down(first.seen.at(-1))).toBe(0);
    const restarted = wish("same");
    await makeRound(restarted, new Date());
    expect(down(restarted.seen.at(-1))).toBe(1);
  });

  test("without a database still has what it found judged, once nobody else can lead", async () => {
    const gone = new MongoClient("mongodb://127.0.0.1:1", { serverSelectionTimeoutMS: 20 });
    const leadership = new Leadership({ holder: "alone", leaseMs: 0 });
    const round = wish("alone", { ops: gone.db("gone"), leadership });
    await makeRound(round, new Date());
    await gone.close();
    expect(round.seen).toHaveLength(1);
    expect(round.said.some((line) => line.startsWith("! keeping the figures"))).toBe(true);
  });
});

describe("the scheduled backup", () => {
  const settings = settingsSchema.parse({ environment: "production", backup: { schedule: "03:00" } });
  const now = new Date("2026-03-02T04:00:00Z");
  const leading = { leads: true, certain: true, holder: "a" };

  async function backup(code = 0) {
    const done: string[] = [];
    await ops.collection<{ _id: string }>("heartbeats").insertOne({
      _id: "monitoring-began",
      ...{ version: 1, at: new Date("2026-03-01T00:00:00Z"), by: "a" },
    } as { _id: string });
    const work = {
      create: async () => (done.push("create"), code),
      prune: async () => (done.push("prune"), 0),
    };
    const site = { settings, environment: "production" };
    return { done, scheduled: new ScheduledBackup(site, ops, work, () => undefined) };
  }

  test("that was missed is made up for, once, and retention follows", async () => {
    const { done, scheduled } = await backup();
    const begun = await Promise.all([scheduled.beginWhenDue(leading, now)]);
    expect(begun).toEqual([true]);
    await scheduled.finished();
    expect(done).toEqual(["create", "prune"]);
    const beats = await ops.collection<{ _id: string }>("heartbeats").find({}).toArray();
    expect(beats.map(({ _id }) => _id)).toEqual(expect.arrayContaining(["scheduled-backup"]));
  });

  test("is not made where the lease is not sure, nor where today's archive is there", async () => {
    const { done, scheduled } = await backup();
    expect(await scheduled.beginWhenDue({ ...leading, certain: false }, now)).toBe(false);
    await ops.collection<{ _id: string }>("archives").insertOne({
      _id: "today",
      ...{ environment: "production", takenAt: "2026-03-02T03:00:10Z", bytes: 1 },
    } as { _id: string });
    expect(await scheduled.beginWhenDue(leading, now)).toBe(false);
    expect(done).toEqual([]);
  });

  test("that failed deletes nothing and is not tried again at once", async () => {
    const { done, scheduled } = await backup(1);
    await scheduled.beginWhenDue(leading, now);
    await scheduled.finished();
    expect(await scheduled.beginWhenDue(leading, now)).toBe(false);
    expect(done).toEqual(["create"]);
  });
});

describe("the monitor's server", () => {
  test("answers by exact path, refuses what is too large, and tells nobody why something failed", async () => {
    const server = await serve(
      {
        "/echo": async (request) => new Response(await request.text()),
        "/broken": () => Promise.reject(new Error("secret trace")),
      },
      { host: "127.0.0.1", port: 0 },
    );
    const at = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server.port}${path}`, init);
    try {
      expect(await (await at("/echo?a=1", { method: "POST", body: "hello" })).text()).toBe("hello");
      expect((await at("/../echo/x")).status).toBe(404);
      expect((await at("/__proto__")).status).toBe(404);
      expect((await at("/echo", { method: "POST", body: "x".repeat(1_000_001) })).status).toBe(413);
      const broken = await at("/broken");
      expect([broken.status, await broken.text()]).toEqual([500, expect.not.stringContaining("secret")]);
    } finally {
      await server.close();
    }
  });
});
