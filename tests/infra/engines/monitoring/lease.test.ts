import { MongoClient, type Db } from "mongodb";
import { giveLeaseBack, holdLease, Leadership } from "../../../../infra/engines/monitoring";

let client: MongoClient;
let ops: Db;

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  ops = client.db("monitoring_lease_ops");
  await ops.dropDatabase();
});
afterAll(async () => {
  await ops.dropDatabase();
  await client.close();
});

const hold = (name: string, holder: string, leaseMs = 60_000) => holdLease(ops, { name, holder, leaseMs });

test("of twenty who ask at the same moment one gets the lease, and all are told who", async () => {
  const leases = await Promise.all(Array.from({ length: 20 }, (_, one) => hold("race", `monitor-${one}`)));
  expect(new Set(leases.map(({ holder }) => holder)).size).toBe(1);
});

test("a lease that is held stays with its holder, who makes it longer", async () => {
  const first = await hold("held", "a");
  expect((await hold("held", "b")).holder).toBe("a");
  const again = await hold("held", "a", 120_000);
  expect(again.until.getTime()).toBeGreaterThan(first.until.getTime());
  expect(again.term).toBe(1);
});

test("a lease that is over goes to whoever asks, and its term tells of the change", async () => {
  await hold("over", "a", -1);
  expect(await hold("over", "b")).toMatchObject({ holder: "b", term: 2 });
});

test("a lease that is given back is free at once; nobody else can give it back", async () => {
  await hold("back", "a");
  await giveLeaseBack(ops, { name: "back", holder: "b" });
  expect((await hold("back", "b")).holder).toBe("a");
  await giveLeaseBack(ops, { name: "back", holder: "a" });
  expect((await hold("back", "b")).holder).toBe("b");
});

describe("leadership", () => {
  const monitor = (holder: string) => {
    let now = 0;
    const leadership = new Leadership({ holder, leaseMs: 60_000, now: () => now });
    return { leadership, pass: (ms: number) => (now += ms) };
  };
  /** A database that does not answer. */
  const away = () => ({ collection: () => ({ findOneAndUpdate: () => Promise.reject(new Error("away")) }) });

  test("is one monitor's; the other one knows whose", async () => {
    const [first, second] = [monitor("first"), monitor("second")];
    expect(await first.leadership.renew(ops)).toMatchObject({ leads: true, certain: true });
    expect(await second.leadership.renew(ops)).toEqual({ leads: false, certain: false, holder: "first" });
  });

  test("goes on while the database is away, but nothing is certain once the lease has run out", async () => {
    const { leadership, pass } = monitor("first");
    await leadership.renew(ops);
    pass(61_000);
    const gone = await leadership.renew(away() as unknown as Db);
    expect(gone).toMatchObject({ leads: true, certain: false });
    expect(await leadership.renew(ops)).toMatchObject({ leads: true, certain: true });
  });

  test("is taken by one that was never told of another, when the database stays silent: an outage is not missed", async () => {
    const { leadership, pass } = monitor("third");
    const silent = away() as unknown as Db;
    expect((await leadership.renew(silent)).leads).toBe(false);
    pass(61_000);
    expect(await leadership.renew(silent)).toMatchObject({ leads: true, certain: false });
  });
});
