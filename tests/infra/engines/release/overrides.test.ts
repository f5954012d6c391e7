import { MongoClient } from "mongodb";
import {
  clearMachinesOverride,
  endRest,
  machinesOverride,
  overrideMachines,
  planHeld,
  planRelease,
  type Observers,
  type Release,
} from "../../../../infra/engines/release";

/** What the driver needs: the date alone is another. */
const timers = [
  ...(["setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval"] as const),
  ...(["clearImmediate", "nextTick", "queueMicrotask", "performance", "hrtime"] as const),
];

const client = new MongoClient(process.env.TEST_MONGODB_URI ?? "");
const ops = client.db("overrides_ops");
const hour = 3_600_000;
const address = { uri: "mongodb://127.0.0.1:1/", name: "app", credentials: "none" } as const;
const policy = { backup: true, skipMigrations: false };
const image = (version: string) => ({ name: "app", version, digest: `sha256:${version}` });

beforeEach(() => ops.collection("overrides").deleteMany({}));
afterAll(async () => {
  await ops.dropDatabase();
  await client.close();
});

const done: Release = {
  ...{ _id: 3, documentVersion: 1, state: "done", environment: "development", image: image("1.0.0") },
  ...{ schema: { before: null, after: null }, archive: null, why: [], by: "gm", host: "here", commit: null },
  ...{ startedAt: new Date(), finishedAt: new Date(), steps: [], error: null },
};

function world(wanted: string): Observers {
  return {
    image: async () => image(wanted),
    database: async () => ({ state: "ready", address }),
    migrations: async () => ({
      schemaVersion: "7",
      pending: [{ version: "8", description: "next", phase: "expand", reversible: true }],
      problems: [],
    }),
    newestRelease: async () => ({ newest: done, done, override: await machinesOverride(ops) }),
    estimate: async () => null,
  };
}

const inAnHour = () => new Date(Date.now() + hour);

test("an override is what a plan wants until it expires", async () => {
  await overrideMachines(ops, { count: 5, reason: "tournament", expires: inAnHour() });
  expect((await planRelease(world("1.1.0"), policy)).machines).toBe(5);
  await overrideMachines(ops, { count: 5, reason: "tournament", expires: new Date(Date.now() - 1) });
  expect((await planRelease(world("1.1.0"), policy)).machines).toBeNull();
});

test("a release is refused while no machine is wanted, a number of them is not", async () => {
  await overrideMachines(ops, { count: 0, reason: "SEV1", expires: inAnHour(), by: "gm" });
  const { problems } = await planRelease(world("1.1.0"), policy);
  expect(problems).toEqual([
    expect.stringMatching(/gm has scaled the app to no machine .*dnd scale --clear/),
  ]);
  await overrideMachines(ops, { count: 1, reason: "night", expires: inAnHour() });
  expect((await planRelease(world("1.1.0"), policy)).problems).toEqual([]);
});

test("scaling brings nothing along: neither the image of the checkout nor a migration, nor a release", async () => {
  await overrideMachines(ops, { count: 4, reason: "tournament", expires: inAnHour() });
  expect(await planHeld(world("2.0.0"))).toMatchObject({
    ...{ number: null, todo: false, pending: [], machines: 4, backup: { wanted: false } },
    image: image("1.0.0"),
  });
});

test("a way back ends an override of none, and no other", async () => {
  await overrideMachines(ops, { count: 4, reason: "tournament", expires: inAnHour() });
  await endRest(ops);
  expect(await machinesOverride(ops)).toMatchObject({ count: 4 });
  await overrideMachines(ops, { count: 0, reason: "SEV1", expires: inAnHour() });
  await endRest(ops);
  expect(await machinesOverride(ops)).toBeNull();
  expect(await clearMachinesOverride(ops)).toBe(false);
});

test("an override ends by the clock of the database, wherever that of this machine stands", async () => {
  await overrideMachines(ops, { count: 4, reason: "tournament", expires: inAnHour() });
  jest.useFakeTimers({ doNotFake: [...timers], now: Date.now() + 30 * 24 * hour });
  try {
    expect(await machinesOverride(ops)).toMatchObject({ count: 4 });
  } finally {
    jest.useRealTimers();
  }
  await overrideMachines(ops, { count: 4, reason: "tournament", expires: new Date(Date.now() - 1000) });
  expect(await machinesOverride(ops)).toBeNull();
  await clearMachinesOverride(ops);
});

test("an override of a later edition is refused by name of its version", async () => {
  await ops.collection("overrides").insertOne({ _id: "machines" as never, version: 2 });
  await expect(machinesOverride(ops)).rejects.toMatchObject({ code: "override-newer" });
});
